"""The money of a release on sheets: every line of mapped spend, and its sums by service, payer, level, group and provider, live.

With the big screen on, what bought services cost stands together in one line, and a sum is there only where the screen shows it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from rcs_core.release import Release
from rcs_core.sheets.write import FIRST_ROW, Column, Formula, Row, Sheet, Value, here, span
from rcs_core.vocab import PreventionLevel
from rcs_core.workshop import big_screen
from rcs_core.workshop.big_screen import HIDDEN, contract_label
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.export.book_parts import POUNDS, WHOLE, plain
from rcs_core.workshop.export.scenario_facts import sum_where
from rcs_core.workshop.funders import NOT_ONE
from rcs_core.workshop.spend_map.funds import fund_name
from rcs_core.workshop.spend_map.money import Confidence, MoneyKind, Relation, agency_label, short, spend
from rcs_core.workshop.spend_map.screen import Screen, screen

SPEND, REGISTER, TERMS = "Spend", "Register", "Register, terms"
LEVELS = tuple(short(level) for level in PreventionLevel)
PREVENTS = tuple(short(level) for level in PreventionLevel if level.preventative)
CONFIDENT = {tag.value: tag.label.removeprefix("Tag of ").removesuffix(" confidence").capitalize() for tag in Confidence}
_PER_CENT = "0.0%"
_AMOUNT = "Amount (£)"
_LINE = (
    "Service id", "Service", "Group", "Who pays", "Who runs it", "Financial year", "Prices of", "Level", "How sure the tag is",
    "Kind of money", "Recurring", "Revenue or capital", "Fund",
)  # fmt: skip


@dataclass(frozen=True)
class Money:
    """The money of a release as it may leave now. on_screen: from a shared screen, without prices of bought services."""

    release: Release
    on_screen: bool = False

    @cached_property
    def screen(self) -> Screen:
        """Which sums may be shown."""
        return screen(self.release, self.on_screen)

    @cached_property
    def veil(self) -> frozenset[str]:
        """The services whose price is not shown."""
        return big_screen.withheld(self.release, self.on_screen)

    @cached_property
    def about(self) -> dict[str, dict[str, object]]:
        """The register by id."""
        return big_screen.register(self.release)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every line of mapped spend with whole pence, and in words what it is summed by."""
        frame = spend(self.release)
        runs = [text(self.about[str(s)]["provider_agency"]) for s in frame["service_id"]]
        return frame.assign(
            payer=[agency_label(text(a)) for a in frame["agency"]],
            runs=[agency_label(code) if code else NOT_ONE for code in runs],
            level_said=[short(PreventionLevel(text(v))) for v in frame["level"]],
            group=[text(v) for v in frame["parent_group"]],
            sure=[CONFIDENT.get(text(v), text(v)) for v in frame["confidence"]],
            year=[text(v) for v in frame["financial_year"]],
            name=[text(v) for v in frame["service_name"]],
        )


def spend_sheet(money: Money) -> Sheet:
    """Every line of mapped spend; of services that are bought, on the big screen, one line for all of them."""
    frame = money.rows
    kept = frame[~frame["service_id"].isin(money.veil)]
    rows: list[Row] = [_line(row) for row in kept.to_dict("records")]
    rest = frame[frame["service_id"].isin(money.veil)]
    if len(rest):
        told = f"Services told together on the big screen ({rest['service_id'].nunique()})"
        amount = money.screen.pounds(rest)
        rows.append(["", told, *["together"] * (len(_LINE) - 2), HIDDEN if amount is None else amount])
    total: Row = ["Total", *[None] * (len(_LINE) - 1), Formula(f"SUM({_letters(rows)})" if rows else "0")]
    wide = {"Service": 38, "Group": 30, "Who pays": 28, "Who runs it": 28, "Fund": 24}
    columns = [*(Column(c, wide.get(c, 14), wrap=c in wide) for c in _LINE), Column(_AMOUNT, 17, POUNDS)]
    note = (
        "One line a service, payer, level and kind of money, as the ledgers were mapped. Every sum of this workbook is of these."
    )
    return Sheet(SPEND, "Mapped spend, line by line", columns, [*rows, total], note, totals=1, kind="source")


def _letters(rows: Sequence[Row]) -> str:
    return f"{here(len(_LINE) + 1, FIRST_ROW)}:{here(len(_LINE) + 1, FIRST_ROW + len(rows) - 1)}"


def _line(row: Mapping[object, object]) -> Row:
    kind = text(row.get("money_kind"))
    said = (
        text(row["service_id"]), text(row["name"]), text(row["group"]), text(row["payer"]), text(row["runs"]), text(row["year"]),
        text(row["price_year"]), text(row["level_said"]), text(row["sure"]),
        MoneyKind(kind).label.capitalize() if kind in set(MoneyKind) else kind,
        text(row.get("recurring")), text(row.get("revenue_or_capital")),
        fund_name(text(row.get("fund"))) if text(row.get("fund")) else "",
    )  # fmt: skip
    return [*said, int(str(row["pence"])) / 100]


@dataclass(frozen=True, slots=True)
class Sums:
    """By what money is summed. name and title: of the sheet; heading: what a row is; column: of the rows; line: of *Spend*."""

    name: str
    title: str
    heading: str
    column: str
    line: int


BY_SERVICE = Sums("By service", "Spend by service and level", "Service", "service_id", 1)
BY_PAYER = Sums("By payer", "Spend by who pays and level", "Who pays", "payer", 4)
BY_GROUP = Sums("By group", "Spend by group of services and level", "Group", "group", 3)
BY_PROVIDER = Sums("Who runs it", "Spend by who runs the services and level", "Who runs it", "runs", 5)
BY_YEAR = Sums("By year", "Spend by financial year and level", "Financial year", "year", 6)
ALL_SUMS = (BY_SERVICE, BY_PAYER, BY_GROUP, BY_PROVIDER, BY_YEAR)


def sums_sheet(money: Money, lines: Sheet, of: Sums) -> Sheet:
    """Spend by something and level: live sums of the lines; on the big screen the sums that it shows."""
    first = 3 if of is BY_SERVICE else 2
    parts = money.screen.parts(money.rows, of.column)
    last = FIRST_ROW + len(parts)
    if money.on_screen:
        rows = [_shown(money, of, code, own, first, FIRST_ROW + k, last) for k, (code, own) in enumerate(parts)]
    else:
        rows = [_live(money, lines, of, code, first, FIRST_ROW + k, last) for k, (code, _) in enumerate(parts)]
    total = _total(money, of, len(rows), first)
    names = [Column("Service id", 12)] if of is BY_SERVICE else []
    columns = [
        *names, Column(of.heading, 40, wrap=True), *(Column(f"{level} (£)", 16, POUNDS, align="right") for level in LEVELS),
        Column("All levels (£)", 18, POUNDS, align="right"), Column("Share of all", 10, _PER_CENT, align="right"),
        Column("Prevention as tagged", 12, _PER_CENT, align="right"),
    ]  # fmt: skip
    note = "As the big screen shows it." if money.on_screen else "Live: sums of the sheet Spend."
    return Sheet(of.name, of.title, columns, [*rows, total], note, totals=1)


def _named(money: Money, of: Sums, code: str) -> list[Value]:
    if of is not BY_SERVICE:
        return [code]
    known = code in money.about
    return [code if known else "", text(money.about[code]["service_name"]) if known else code]


def _live(money: Money, lines: Sheet, of: Sums, code: str, first: int, row: int, last: int) -> list[Value]:
    """A row of live sums: the key stands in the row's first cell. last: the row of the totals."""
    key = {of.line: here(1, row)}
    levels = [Formula(sum_where(lines, len(_LINE) + 1, {**key, 8: f'"{level}"'})) for level in LEVELS]
    return [*_named(money, of, code), *levels, *_shares(first, row, last)]


def _shown(money: Money, of: Sums, code: str, own: pd.DataFrame, first: int, row: int, last: int) -> list[Value]:
    """A row of the sums that the big screen shows; the others say so."""
    levels = [_or_hidden(money.screen.pounds(own[own["level_said"] == level])) for level in LEVELS]
    whole = money.screen.pounds(own)
    return [*_named(money, of, code), *levels, _or_hidden(whole), *_shares(first, row, last)[1:]]


def _or_hidden(amount: float | None) -> Value:
    return HIDDEN if amount is None else amount


def _shares(first: int, row: int, last: int) -> list[Value]:
    """The sum over levels, its share of all (in row `last`) and that of prevention in it; nothing where one is not shown."""
    levels = len(LEVELS)
    whole, total = here(first + levels, row), here(first + levels, last)
    prevents = f"{here(first, row)}:{here(first + len(PREVENTS) - 1, row)}"
    known = f"COUNT({prevents})={len(PREVENTS)}"
    return [
        Formula(f"SUM({here(first, row)}:{here(first + levels - 1, row)})"),
        Formula(f'IF(ISNUMBER({whole}),IF({total}=0,0,{whole}/{total}),"")'),
        Formula(f'IF(AND(ISNUMBER({whole}),{known}),IF({whole}=0,0,SUM({prevents})/{whole}),"")'),
    ]


def _total(money: Money, of: Sums, count: int, first: int) -> list[Value]:
    """The sums of all rows; on the big screen those that it shows."""
    row = FIRST_ROW + count
    names: list[Value] = ["Total", *([None] if of is BY_SERVICE else [])]
    if money.on_screen:
        frame = money.rows
        levels: list[Value] = [_or_hidden(money.screen.pounds(frame[frame["level_said"] == level])) for level in LEVELS]
    else:
        levels = [_column_sum(first + k, count) for k in range(len(LEVELS))]
    shares = _shares(first, row, row)
    return [*names, *levels, _column_sum(first + len(LEVELS), count), *shares[1:]]


def _column_sum(column: int, count: int) -> Formula:
    return Formula(f"SUM({here(column, FIRST_ROW)}:{here(column, FIRST_ROW + count - 1)})" if count else "0")


def whole(sheet: Sheet) -> str:
    """The formula text of the total over all levels of a sheet of sums."""
    column = sheet.column("All levels (£)")
    return f"SUM({span(sheet.name, column, FIRST_ROW, sheet.last_row)})"


def register_sheet(money: Money, by_service: Sheet) -> Sheet:
    """Every service with who runs and pays for it, its levels, its spend and its spend for each child served, live."""
    place = {str(row[0]): FIRST_ROW + k for k, row in enumerate(by_service.rows[: by_service.last_row - FIRST_ROW + 1])}
    columns = _held(money, _REGISTER)
    rows = [
        _registered(money, columns, sid, about, place.get(sid), by_service, FIRST_ROW + k)
        for k, (sid, about) in enumerate(money.about.items())
    ]
    heads = [*_heads(columns), Column("Spend (£)", 17, POUNDS, align="right")]
    heads += [Column("Spend per child served (£)", 16, POUNDS, align="right")]
    note = "Children served are as each service counts them, and are blank where they are not known or not shown: never add them."
    return Sheet(REGISTER, "Register of services", heads, rows, note)


def terms_sheet(money: Money) -> Sheet:
    """What else the register says of every service: what it counts, how it is bound and bought, and on which evidence."""
    columns = _held(money, _TERMS)
    rows = [[sid, *(_cell(money, c, about.get(c.code)) for c in columns)] for sid, about in money.about.items()]
    note = "As in the register; a blank: it does not say, or a merged group whose members differ."
    return Sheet(TERMS, "Register of services: terms, contracts and evidence", _heads(columns), rows, note)


def _held(money: Money, columns: Sequence["Registered"]) -> list["Registered"]:
    return [c for c in columns if any(c.code in about for about in money.about.values())]


def _heads(columns: Sequence["Registered"]) -> list[Column]:
    return [Column("Service id", 12), *(Column(c.heading, c.width, c.form, wrap=c.width > 18) for c in columns)]


@dataclass(frozen=True, slots=True)
class Registered:
    """A column of the register: its code, its heading, its width, its format, and how a code is said."""

    code: str
    heading: str
    width: int = 14
    form: str = "General"
    said: Callable[[str], str] | None = None


def _label(code: str) -> str:
    return agency_label(code) if code else ""


def _word(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _relation(code: str) -> str:
    return Relation(code).label if code in set(Relation) else code


def _contract(code: str) -> str:
    return contract_label(code) if code else ""


_REGISTER = (
    Registered("service_name", "Service", 38), Registered("parent_group", "Group", 28), Registered("provider", "Provider", 28),
    Registered("provider_agency", "Who runs it", 26, said=_label), Registered("funder_agency", "Who pays", 26, said=_label),
    Registered("commissioner_agency", "Who commissions it", 26, said=_label),
    Registered("childrens_or_related", "Children's or related", 18, said=_relation),
    Registered("reach", "Reach", 16, said=_word), Registered("intensity", "Intensity", 14, said=_word),
    Registered("pct_primary", "Primary (%)", 10, "0.0"), Registered("pct_secondary", "Secondary (%)", 10, "0.0"),
    Registered("pct_tertiary", "Tertiary (%)", 10, "0.0"), Registered("pct_responsive", "Responsive (%)", 11, "0.0"),
    Registered("pct_other", "Other (%)", 10, "0.0"), Registered("tag_confidence", "How sure the tag is", 12, said=_word),
    Registered("children_served", "Children served", 11, WHOLE),
)  # fmt: skip
_TERMS = (
    Registered("service_name", "Service", 38), Registered("capacity", "Capacity", 10, WHOLE),
    Registered("unit_of_activity", "What it counts", 22), Registered("statutory_basis", "Statutory basis", 20, said=_word),
    Registered("act_and_section", "Act and section", 28), Registered("contract_type", "How it is bought", 24, said=_contract),
    Registered("contract_end", "Contract ends", 12), Registered("notice_months", "Months of notice", 10, "0"),
    Registered("staff_share_pct", "Staff (% of cost)", 10, "0.0"),
    Registered("evidence_rating", "Evidence rating", 16, said=_word), Registered("evidence_source", "Where it is rated", 28),
    Registered("shanarri", "Wellbeing indicators", 20, said=_word), Registered("domain", "Part of life", 18, said=_word),
    Registered("ages", "Ages", 12), Registered("areas", "Areas", 22), Registered("tagged_by", "Tagged by", 16),
    Registered("tagged_on", "Tagged on", 12),
    Registered("services_merged", "Services told as one", 11, WHOLE),
)  # fmt: skip


def _registered(
    money: Money, columns: Sequence[Registered], sid: str, about: Mapping[str, object], at: int | None, sums: Sheet, row: int
) -> list[Value]:
    cells = [_cell(money, column, about.get(column.code)) for column in columns]
    spent = span(sums.name, sums.column("All levels (£)"), at, at) if at else ""
    if sid in money.veil:
        return [sid, *cells, HIDDEN, HIDDEN]
    served = next((here(k, row) for k, c in enumerate(columns, start=2) if c.code == "children_served"), "")
    amount = here(len(columns) + 2, row)
    each = (
        Formula(f'IF(AND(ISNUMBER({served}),ISNUMBER({amount})),IF({served}=0,"",ROUND({amount}/{served},2)),"")')
        if served
        else ""
    )
    return [sid, *cells, Formula(f"SUM({spent})") if spent else 0, each]


def _cell(money: Money, column: Registered, value: object) -> Value:
    if column.code == "provider" and money.on_screen:
        return HIDDEN
    if column.form != "General":
        return number(value)
    if column.code in ("contract_end", "tagged_on"):
        return text(value)[:10]
    said = plain(value)
    return column.said(text(value)) if column.said else said
