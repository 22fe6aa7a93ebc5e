"""Money and caseloads that give a small number of children away: spend over price, places, services that are not there."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from rcs_core.audit.report import Leak
from rcs_core.audit.seen import Row, figure, rows
from rcs_core.audit.sources import Source
from rcs_core.release import Table

CHILDREN = {"services": ("children_served", "capacity", "take_up"), "demand": ("children",)}
"""Tables of services, and their columns that hold a number of children or of places for them."""
IDS = {
    "spend": ("service_id",), "budgets": ("service_id",), "unit_costs": ("service_id",), "demand": ("service_id",),
    "effects": ("service_id", "acts_on"), "movements": ("service_id",), "published_effects": ("service_id", "acts_on"),
}  # fmt: skip
"""Tables that name services of the register."""
BY = (("agency",), ("key_id",), ("fund",), ("agency", "key_id"), ("agency", "fund"))
"""What spend is told by beside the service: who pays, the key that divided it over council areas, the fund it is of."""
BUDGET_COLUMNS = frozenset({
    "service_id", "service_name", "parent_group", "agency", "financial_year", "amount_gbp", "state", "source",
})  # fmt: skip
KEY_COLUMNS = frozenset({
    "key_id", "basis", "year", "source", "areas", "own_share_pct", "mapped_gbp", "unmapped_gbp", "other_areas_gbp",
})  # fmt: skip


def money_leaks(tables: Sequence[Table], min_cell: int) -> list[Leak]:
    """Small caseloads and places, services that are not in the register, and spend that its unit cost turns into few children."""
    plain = {t.name.rpartition("/")[2]: t for t in tables if not t.is_count}
    found: list[Leak] = []
    for name, columns in CHILDREN.items():
        for column in columns:
            found += _small(plain, name, column, min_cell)
    over = [leak for name in ("spend", "budgets") for leak in _over_unit_cost(plain, name, min_cell)]
    return [*found, *_few_without(plain, min_cell), *_strangers(plain), *over, *_keys(plain), *_budgets(plain)]


def _rows(plain: Mapping[str, Table], name: str, *columns: str) -> list[Row]:
    """The rows of a table that has these columns; none when it is not there or lacks one."""
    if name not in plain or not set(columns) <= {str(c) for c in plain[name].frame.columns}:
        return []
    return list(rows(plain[name].frame))


def _small(plain: Mapping[str, Table], name: str, column: str, min_cell: int) -> Iterator[Leak]:
    for row in _rows(plain, name, column):
        number = figure(row[column])
        if number is not None and number < min_cell:
            where = {c: v for c, v in row.items() if c in ("service_id", "year")}
            yield Leak(plain[name].name, where, "small caseload", f"{column} is {number:g}, under {min_cell}")


def _few_without(plain: Mapping[str, Table], min_cell: int) -> Iterator[Leak]:
    """Services of which a few children did not take up a place, or a few more did than were served."""
    for row in _rows(plain, "services", "children_served", "take_up"):
        served, took = figure(row["children_served"]), figure(row["take_up"])
        if served is not None and took is not None and 0 < abs(served - took) < min_cell:
            text = f"children_served {served:g} and take_up {took:g}: {abs(served - took):g} between them"
            yield Leak(plain["services"].name, {"service_id": row.get("service_id", "")}, "small caseload", text)


def _strangers(plain: Mapping[str, Table]) -> Iterator[Leak]:
    """Services under an id or a name that the register does not have: what was merged would stand there by itself."""
    register = {row["service_id"]: row.get("service_name", "") for row in _rows(plain, "services", "service_id")}
    if not register:
        return
    for name, columns in IDS.items():
        told = set()
        for row in _rows(plain, name, *columns):
            for column in columns:
                if row[column] and row[column] not in register and row[column] not in told:
                    told.add(row[column])
                    text = f"{column} {row[column]} is not in the register of services"
                    yield Leak(plain[name].name, {column: row[column]}, "service not in the register", text)
            called = row.get("service_name", "")
            known = register.get(row["service_id"], "")
            if called and known and called != known and called not in told:
                told.add(called)
                text = f"it is called {called}, and {known} in the register"
                yield Leak(plain[name].name, {"service_id": row["service_id"]}, "service not in the register", text)


def _over_unit_cost(plain: Mapping[str, Table], name: str, min_cell: int) -> Iterator[Leak]:
    """What is spent on a service, or set aside for it, in a year, by all and by each payer, over its unit cost: children."""
    costs = _rows(plain, "unit_costs", "service_id", "unit_cost_gbp")
    prices = {row["service_id"]: price for row in costs if (price := figure(row["unit_cost_gbp"])) is not None and price > 0}
    spend = [row for row in _rows(plain, name, "service_id", "amount_gbp") if row["service_id"] in prices]
    if not spend:
        return
    frame = pd.DataFrame(spend).assign(amount=[figure(row["amount_gbp"]) or 0.0 for row in spend])
    by_year = [c for c in ("service_id", "financial_year") if c in frame.columns]
    ways = [by_year, *([*by_year, *by] for by in BY if set(by) <= set(frame.columns))]
    told: set[tuple[str, ...]] = set()
    for columns in ways:
        for key, amount in frame.groupby(columns)["amount"].sum().items():
            names = tuple(map(str, key)) if isinstance(key, tuple) else (str(key),)
            children = float(amount) / prices[names[0]]
            if 0 < round(children, 6) < min_cell and names[: len(by_year)] not in told:
                told |= {names} if len(columns) == len(by_year) else set()
                text = f"{name} / unit cost = {children:.1f} children, under {min_cell}"
                yield Leak(plain[name].name, dict(zip(columns, names, strict=True)), f"{name} over unit cost", text)


def _keys(plain: Mapping[str, Table]) -> Iterator[Leak]:
    """Keys that divide money: told by our own share alone, and no money by a key that is not told."""
    known = {row["key_id"] for row in _rows(plain, "apportionment", "key_id")}
    if "apportionment" in plain and (more := {str(c) for c in plain["apportionment"].frame.columns} - KEY_COLUMNS):
        yield Leak("apportionment", {}, "figure of no known kind", f"the rule knows no such column: {', '.join(sorted(more))}")
    for key in sorted({row["key_id"] for row in _rows(plain, "spend", "key_id")} - known - {""}):
        yield Leak(plain["spend"].name, {"key_id": key}, "key that is not told", f"no row of apportionment tells of key {key}")


def _budgets(plain: Mapping[str, Table]) -> Iterator[Leak]:
    """Budgets of later years are told by service, payer and year; what else a column holds nobody has looked at."""
    if "budgets" in plain and (more := {str(c) for c in plain["budgets"].frame.columns} - BUDGET_COLUMNS):
        yield Leak("budgets", {}, "figure of no known kind", f"the rule knows no such column: {', '.join(sorted(more))}")


def merged_members(sources: Sequence[Source], min_cell: int) -> Iterator[Leak]:
    """A merged group of one release less its members of another: what is left are the children of the others."""
    registers = [_register(source) for source in sources]
    for i, source in enumerate(sources):
        for row in registers[i].values():
            together, members = figure(row.get("children_served", "")), figure(row.get("services_merged", ""))
            if together is None or members is None or members < 2:
                continue
            for k, other in enumerate(sources):
                alone = [r for s, r in registers[k].items() if s not in registers[i] and _same_group(r, row)]
                known = [n for r in alone if (n := figure(r.get("children_served", ""))) is not None]
                over = together - sum(known)
                if k != i and known and len(known) < members and 0 < over < min_cell:
                    text = f"{together:g} children, of whom its members in {other.name} have {sum(known):g}: {over:g} are left"
                    yield Leak(source.called("services"), {"service_id": row["service_id"]}, "members of a merged group", text)


def _register(source: Source) -> dict[str, Row]:
    plain = {t.name: t for t in source.tables if not t.is_count}
    return {row["service_id"]: row for row in _rows(plain, "services", "service_id", "parent_group")}


def _same_group(alone: Row, merged: Row) -> bool:
    single = (figure(alone.get("services_merged", "")) or 1) == 1
    return single and alone["parent_group"] != "" and alone["parent_group"] == merged["parent_group"]
