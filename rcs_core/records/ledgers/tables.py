"""The published money tables. Columns are named one by one, so that nothing the agencies wrote slips through."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from rcs_core.errors import ContractError
from rcs_core.records.ledgers.allocate import Allocation
from rcs_core.records.ledgers.claims import EXCLUDED, KEY, MAPPED
from rcs_core.records.ledgers.merge import Home, Homes
from rcs_core.records.ledgers.parts import NOISE, WHOLE, MoneyRecords, number, pounds, rows, split, text
from rcs_core.records.ledgers.prices import COLUMN, IN_A_BAND, asked, price_band
from rcs_core.records.ledgers.register_columns import TAKE_UP, cells, filled
from rcs_core.release import Table
from rcs_core.vocab import PreventionLevel

LEVELS = tuple(level.value for level in PreventionLevel)
CONFIDENCE = ("low", "medium", "high")
TEXTS = (
    "provider", "provider_agency", "funder_agency", "commissioner_agency", "childrens_or_related", "reach", "intensity",
    "tag_confidence", "tagged_by", "tagged_on", "unit_of_activity", "statutory_basis", "act_and_section", "contract_type",
    "contract_end", "evidence_rating", "evidence_source", "shanarri", "domain",
)  # fmt: skip
KINDS = ("money_kind", "recurring", "revenue_or_capital", "key_id", "fund")
SPEND = (
    "service_id", "service_name", "parent_group", "agency", "financial_year", "price_year", "level", "amount_gbp",
    "money_kind", "confidence", "recurring", "revenue_or_capital",
)  # fmt: skip
EFFECTS = (
    "service_id", "acts_on", "children_averted_per_100", "low", "high", "unit", "lag_years", "retention", "state", "source",
    "note",
)  # fmt: skip
NUMBERS_OF_EFFECT = frozenset({"children_averted_per_100", "low", "high", "lag_years", "retention"})


@dataclass(frozen=True, slots=True)
class Context:
    """What the tables are made of: records, pence by service, where each is published, the threshold, confidential prices."""

    records: MoneyRecords
    lines: pd.DataFrame
    homes: Homes
    min_cell: int
    confidential: frozenset[str]

    def uncounted(self, home: Home) -> bool:
        """Whether the home's children are not shown, because over its spend they would give a confidential price."""
        return not self.confidential.isdisjoint(home.members)


def services_table(context: Context) -> Table:
    """The register after merging; of a merged service only what all its members share is kept."""
    register = _register(context)
    spend = _pence_by_level(context)
    found, more = [], filled(context.records.services)
    for home in context.homes.homes:
        members = [register[m] for m in home.members]
        size = _size([] if context.uncounted(home) else members, context.min_cell)
        also = cells(more, members, size["children_served"], context.min_cell)
        found.append({**_head(home), **_body(members), **_split(home, members, spend), **size, **_price(context, home), **also})
    columns = ["service_id", "service_name", "parent_group", *TEXTS[:7], *_PCTS, *TEXTS[7:10], "children_served", "capacity"]
    columns += [*TEXTS[10:15], "notice_months", "staff_share_pct", *TEXTS[15:], "services_merged"]
    columns += [*([COLUMN] if asked(context.records) else []), *more]
    frame = pd.DataFrame(found, columns=columns)
    return Table("services", "The register of services (services of fewer than ten children are merged)", _typed(frame))


_PCTS = tuple(f"pct_{level}" for level in LEVELS)


def _register(context: Context) -> dict[str, dict[str, Any]]:
    return {text(row["service_id"]): row for _, row in rows(context.records.services)}


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    whole = ["children_served", "capacity", "notice_months", "services_merged", *({TAKE_UP} & set(frame.columns))]
    return frame.astype({**dict.fromkeys(whole, "Int64"), **dict.fromkeys([*_PCTS, "staff_share_pct"], "Float64")})


def _head(home: Home) -> dict[str, Any]:
    count = len(home.members)
    name = f"{home.name} ({count})" if home.merged and count > 1 else home.name
    return {"service_id": home.id, "service_name": name, "parent_group": home.parent_group, "services_merged": count}


def _body(members: Sequence[dict[str, Any]]) -> dict[str, Any]:
    shared = {column: _shared([text(m.get(column)) for m in members]) for column in TEXTS}
    tags = [text(m["tag_confidence"]) for m in members]
    shared["tag_confidence"] = min(tags, key=lambda tag: CONFIDENCE.index(tag) if tag in CONFIDENCE else 0)
    numbers = {c: _shared([text(m.get(c)) for m in members]) for c in ("notice_months", "staff_share_pct")}
    return {**shared, **{c: float(value) if value else None for c, value in numbers.items()}}


def _shared(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else ""


def _price(context: Context, home: Home) -> dict[str, str]:
    return {COLUMN: "yes" if context.uncounted(home) else "no"} if asked(context.records) else {}


def _size(members: Sequence[dict[str, Any]], min_cell: int) -> dict[str, int | None]:
    """Children served and places; blank when not known for every member, and places also when under the threshold."""
    children, places = (_sum([number(m.get(c), "services.xlsx", c) for m in members]) for c in ("children_served", "capacity"))
    return {"children_served": children, "capacity": places if places is not None and places >= min_cell else None}


def _sum(values: Sequence[Fraction | None]) -> int | None:
    known = [v for v in values if v is not None]
    return round(sum(known, Fraction(0))) if known and len(known) == len(values) else None


def _pence_by_level(context: Context) -> dict[tuple[str, ...], int]:
    """Pence by home, payer, level and kinds of money: each amount split exactly over the levels."""
    home_of, weights = context.homes.home_of(), _level_weights(context.records)
    grouped = context.lines[context.lines["fate"] == MAPPED].groupby(["service_id", "agency", *KINDS])["pence"].sum()
    pence: dict[tuple[str, ...], int] = defaultdict(int)
    for *key, amount in grouped.reset_index().itertuples(index=False, name=None):
        service, agency, *kinds = map(str, key)
        for (level,), part in split(int(amount), weights[service]).items():
            pence[(home_of[service].id, agency, level, *kinds)] += part
    return dict(sorted(pence.items()))


def _level_weights(records: MoneyRecords) -> dict[str, dict[tuple[str], Fraction]]:
    found, wrong = {}, []
    for at, row in rows(records.services):
        where = f"services.xlsx, row {at}"
        shares = {(level,): number(row[f"pct_{level}"], where, f"pct_{level}") or Fraction(0) for level in LEVELS}
        if abs(sum(shares.values()) - WHOLE) > NOISE or min(shares.values()) < 0:
            wrong.append(f"{where} ({text(row['service_id'])} adds up to {float(sum(shares.values())):g})")
        found[text(row["service_id"])] = {level: share for level, share in shares.items() if share}
    if wrong:
        raise ContractError(
            "a service's prevention split does not add up",
            "; ".join(wrong),
            expected="pct_primary + pct_secondary + pct_tertiary + pct_responsive + pct_other = 100, none below 0",
            remedy="change the split in the register",
        )
    return found


def _split(home: Home, members: Sequence[dict[str, Any]], spend: dict[tuple[str, ...], int]) -> dict[str, float]:
    """A service's own split; of a merged service the split of its members' money, to a hundredth of a per cent."""
    if not home.merged:
        return {c: float(number(members[0][c], "services.xlsx", c) or 0) for c in _PCTS}
    pence = dict.fromkeys(LEVELS, 0)
    for (service, _, level, *_rest), part in spend.items():
        if service == home.id:
            pence[level] += abs(part)
    money = {(level,): Fraction(pence[level]) for level in LEVELS}
    plain = {(level,): sum((number(m[f"pct_{level}"], "", "") or Fraction(0) for m in members), Fraction(0)) for level in LEVELS}
    parts = split(10_000, money if any(pence.values()) else plain)
    return {f"pct_{level}": parts[(level,)] / 100 for level in LEVELS}


def spend_table(context: Context) -> Table:
    """Pounds by service, payer, prevention level and kind of money; never a line."""
    register, year = _register(context), text(context.records.partnership.get("price_year"))
    heads = {h.id: _head(h) for h in context.homes.homes}
    tags = {h.id: _body([register[m] for m in h.members])["tag_confidence"] for h in context.homes.homes}
    found = [
        (*_named(heads[home]), agency, year, year, level, pounds(part), money_kind, tags[home], *kinds)
        for (home, agency, level, money_kind, *kinds), part in _pence_by_level(context).items()
        if part
    ]
    frame = pd.DataFrame(found, columns=[*SPEND, "key_id", "fund"])
    shown = frame.drop(columns=[column for column in ("key_id", "fund") if not frame[column].any()])
    return Table("spend", "Spend by service, payer and prevention level", shown)


def _named(head: dict[str, Any]) -> tuple[str, ...]:
    return head["service_id"], head["service_name"], head["parent_group"]


def totals_table(allocation: Allocation) -> Table:
    """Each ledger against its control total."""
    found = [
        (t.ledger, t.financial_year, *map(pounds, (t.control, t.mapped, t.other_areas, t.excluded, t.unmapped, t.difference)))
        for t in allocation.totals
    ]
    columns = ["ledger", "financial_year", "control_total", "mapped", "other_areas", "excluded", "unmapped", "difference"]
    frame = pd.DataFrame(found, columns=columns)
    shown = frame if frame["other_areas"].any() else frame.drop(columns="other_areas")
    return Table("ledger_totals", "Each ledger against its control total", shown)


def excluded_table(allocation: Allocation) -> Table:
    """What was left out of each ledger, by reason."""
    lines = allocation.lines[allocation.lines["fate"] == EXCLUDED]
    grouped = lines.groupby([KEY[0], "reason"])["pence"].sum().sort_index()
    rows = grouped.reset_index().itertuples(index=False, name=None)
    found = [(*map(str, key), pounds(int(amount))) for *key, amount in rows]
    columns = ["ledger", "reason", "amount"]
    return Table("ledger_excluded", "What was left out of each ledger, and why", pd.DataFrame(found, columns=columns))


def demand_table(context: Context) -> tuple[Table, list[str]]:
    """Children in responsive services by year and unit; a history with a year under the threshold is left out whole.

    A gap of one year between larger ones would say that this year is small. Gives also a note for every history left out.
    """
    home_of = {member: home for member, home in context.homes.home_of().items() if not context.uncounted(home)}
    children: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for _, row in rows(context.records.demand):
        count = number(row["children"], "demand_history.csv", "children")
        if count is not None and text(row["service_id"]) in home_of:
            children[home_of[text(row["service_id"])].id, text(row["year"]), text(row["unit"])] += count
    small = {(home, unit) for (home, _, unit), n in children.items() if n < context.min_cell}
    found = [(home, year, float(n), unit) for (home, year, unit), n in sorted(children.items()) if (home, unit) not in small]
    frame = pd.DataFrame(found, columns=["service_id", "year", "children", "unit"])
    notes = [f"{home}: demand in {unit} is left out, as a year of it is too small to show" for home, unit in sorted(small)]
    return Table("demand", "Children in responsive services by year", frame), notes


def unit_costs_table(context: Context) -> Table:
    """The latest unit cost of each responsive service that stands by itself, and who pays most of it.

    A price marked as confidential is blank: its band stands in columns of its own, and the words on where it is from are kept.
    """
    alone = {home.id for home in context.homes.homes if not home.merged}
    latest: dict[str, dict[str, Any]] = {}
    for _, row in sorted(rows(context.records.demand), key=lambda numbered: text(numbered[1]["year"])):
        cost = number(row["unit_cost_gbp"], "demand_history.csv", "unit_cost_gbp")
        if cost and text(row["service_id"]) in alone:
            latest[text(row["service_id"])] = row
    found = [(service, *_cost(row), _payer(context, service)) for service, row in sorted(latest.items())]
    columns = ["service_id", "unit_cost_gbp", "source", "cashable_pct", "cashable_state", "payer_agency"]
    frame = pd.DataFrame(found, columns=columns)
    return Table("unit_costs", "What a year of a responsive service costs", _banded(context, frame))


def _banded(context: Context, frame: pd.DataFrame) -> pd.DataFrame:
    """The same, the price of each confidential service in a band instead of in pounds and pence."""
    if not asked(context.records):
        return frame
    kept = frame["service_id"].isin(context.confidential)
    bands = [price_band(cost) if hidden else (None, None) for cost, hidden in zip(frame["unit_cost_gbp"], kept, strict=True)]
    ends = pd.DataFrame(bands, columns=["unit_cost_from_gbp", "unit_cost_below_gbp"], index=frame.index).astype("Float64")
    frame = frame.assign(unit_cost_gbp=frame["unit_cost_gbp"].mask(kept), source=frame["source"].mask(kept, IN_A_BAND))
    return pd.concat([frame, ends], axis=1)


def _cost(row: dict[str, Any]) -> tuple[float, str, float | None, str]:
    cost, cashable = (number(row[c], "demand_history.csv", c) for c in ("unit_cost_gbp", "cashable_pct"))
    return (
        float(cost or 0),
        text(row["unit_cost_source"]),
        None if cashable is None else float(cashable),
        text(row["cashable_state"]),
    )


def _payer(context: Context, service: str) -> str:
    lines = context.lines[context.lines["service_id"] == service]
    paid = lines.groupby("agency")["pence"].sum().sort_index()
    return str(paid.idxmax()) if len(paid) else text(_register(context)[service]["funder_agency"])


def effects_table(context: Context) -> tuple[Table, list[str]]:
    """Evidence of effect between services that stand by themselves; a note for every row that was left out."""
    alone = {home.id for home in context.homes.homes if not home.merged}
    found, notes = [], []
    for at, row in rows(context.records.effects):
        ends = [text(row["service_id"]), text(row["acts_on"])]
        if set(ends) <= alone:
            found.append(tuple(_effect(row, c) for c in EFFECTS))
        else:
            notes.append(f"evidence_of_effect.csv, row {at}: left out, as {' or '.join(ends)} is merged or not in the register")
    frame = pd.DataFrame(found, columns=list(EFFECTS)).sort_values(["service_id", "acts_on"], ignore_index=True)
    return Table("effects", "Evidence of effect", frame), notes


def _effect(row: dict[str, Any], column: str) -> float | str | None:
    if column not in NUMBERS_OF_EFFECT:
        return text(row[column])
    value = number(row[column], "evidence_of_effect.csv", column)
    return None if value is None else float(value)
