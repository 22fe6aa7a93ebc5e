"""What keeps the events append-only in PostgreSQL, whatever program writes; a statement that has been used is never edited again.

`ALWAYS`: a trigger that holds for replicated rows too. Whoever owns the table could still switch it off: let the program sign in
as a role that may select and insert, and no more (docs/how-to/store.md).
"""

LOCK = 5_243_530_010
"""The advisory lock of this store's writers, held until their transaction ends: ids become visible in their order."""

REFUSALS = (
    """CREATE FUNCTION event_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the store is append-only: an event is never changed or removed'; END $$""",
    """CREATE TRIGGER event_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION event_never_changes()""",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_never_changes",
    f"""CREATE FUNCTION event_never_replaced() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock({LOCK});
        IF EXISTS (SELECT 1 FROM event WHERE id >= NEW.id) THEN
            RAISE EXCEPTION 'the store is append-only: an event is never replaced, and none comes before one that is there';
        END IF;
        IF NEW.kind = 'scenario_saved' AND EXISTS (
            SELECT 1 FROM event WHERE kind = 'scenario_saved' AND scenario_id = NEW.scenario_id
            AND (body::json ->> 'version') = (NEW.body::json ->> 'version')) THEN
            RAISE EXCEPTION 'the store is append-only: an event is never replaced';
        END IF;
        RETURN NEW;
    END $$""",
    "CREATE TRIGGER event_never_replaced BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_never_replaced()",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_never_replaced",
)
