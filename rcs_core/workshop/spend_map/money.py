"""The money of a release: what is chosen of it, what it comes to, and how an amount is said.

Amounts are added in whole pence. Every headline names its number, unit, year, base and source.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Agency, Label, PreventionLevel
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.spend_map.keys import divided, other_areas

TABLES = ("services", "spend", "ledger_totals", "ledger_excluded")
PREVENTATIVE = tuple(level.value for level in PreventionLevel if level.preventative)
UNMAPPED = "Not mapped to a service"
ROLL = "pupils_on_roll"
"""The row of the table `assumptions` that holds the number of pupils on the roll of every stage, where it is known."""
ACRONYMS = {"nhs": "NHS", "hscp": "HSCP", "dwp": "DWP"}


class Relation(Label):
    """The two kinds of service that the Act tells apart (Children and Young People (Scotland) Act 2014, section 7)."""

    CHILDRENS = "childrens", "Children's services"
    RELATED = "related", "Related services"


class Confidence(Label):
    """How sure the tagger was of a service's prevention split."""

    HIGH = "high", "Tag of high confidence"
    MEDIUM = "medium", "Tag of medium confidence"
    LOW = "low", "Tag of low confidence"


class MoneyKind(Label):
    """New money, money that was there, and contributions that are matched or not in cash: never silently mixed."""

    NEW = "new", "new money"
    EXISTING = "existing", "existing money"
    MATCH = "match", "match funding"
    IN_KIND = "in_kind", "contributions in kind"


@dataclass(frozen=True, slots=True)
class Choice:
    """The money that is looked at: of one payer or of all (blank), children's or related services or both (blank).

    sided: only what is tagged prevention or responsive, without the level `other` (most of schooling, for one).
    """

    payer: str = ""
    relation: str = ""
    sided: bool = False

    @property
    def whole(self) -> bool:
        """Whether it is all the money, so that unmapped money belongs to it."""
        return not (self.payer or self.relation)


@dataclass(frozen=True, slots=True)
class Headline:
    """A sentence with its number, unit and year, and what it rests on: base, prices and source."""

    sentence: str
    basis: str


@dataclass(frozen=True, slots=True)
class View:
    """One picture: its headline, its rows as a chart draws them, the numbers as a table, and itself in words."""

    headline: Headline
    points: pd.DataFrame
    numbers: pd.DataFrame
    words: str


def has_money(release: Release) -> bool:
    """Whether the release was built with services and ledgers."""
    return all(name in release for name in TABLES)


def payers(release: Release) -> dict[str, str]:
    """The agencies that pay, code by label, the largest first."""
    paid = spend(release).groupby("agency")["pence"].sum().sort_values(ascending=False, kind="stable")
    return {agency_label(str(code)): str(code) for code in paid.index}


def relations(release: Release) -> dict[str, str]:
    """The kinds of service, code by label, when the register has both."""
    found = {text(value) for value in release.frame("services")["childrens_or_related"]}
    return {r.label: r.value for r in Relation} if {r.value for r in Relation} <= found else {}


def spend(release: Release, choice: Choice | None = None) -> pd.DataFrame:
    """The chosen rows of mapped money with whole `pence`."""
    frame, choice = release.frame("spend"), choice or Choice()
    frame = frame.assign(pence=pence_of(frame["amount_gbp"]))
    if choice.payer:
        frame = frame[frame["agency"] == choice.payer]
    if choice.relation:
        services = release.frame("services")
        wanted = services.loc[services["childrens_or_related"] == choice.relation, "service_id"]
        frame = frame[frame["service_id"].isin(wanted)]
    if choice.sided:
        frame = frame[frame["level"] != PreventionLevel.OTHER.value]
    return frame.reset_index(drop=True)


def pence_of(amounts: pd.Series) -> pd.Series:
    """Pounds as whole pence."""
    return (amounts.astype(float) * 100).round().astype("int64")


def unmapped(release: Release) -> int:
    """Pence of all ledgers that no service was found for."""
    return int(pence_of(release.frame("ledger_totals")["unmapped"]).sum())


def excluded(release: Release) -> int:
    """Pence of all ledgers left out with a reason."""
    return int(pence_of(release.frame("ledger_totals")["excluded"]).sum())


def total(release: Release, choice: Choice | None = None, may: Callable[[pd.DataFrame], bool] | None = None) -> Headline:
    """How much is invested in a year, and for each pupil where the roll is known. may: which sums may be shown (all)."""
    choice = choice or Choice()
    frame = spend(release, choice)
    pence = int(frame["pence"].sum())
    invested = f"{_who(choice, release)} {_verb(choice)} {gbp(pence)} in {_what(choice)} in {years(frame)}"
    sentence = f"{invested}{_per_pupil(release, choice, pence)}."
    left, out = exact(unmapped(release)), exact(excluded(release))
    parts = [
        *_other(release, choice, pence),
        *_elsewhere(release),
        f"{left} not mapped to any service yet",
        f"{out} left out with a reason",
    ]
    base = f"Base: {frame['service_id'].nunique()} services, {exact(pence)}: {_kinds(frame, may)}."
    return Headline(sentence, f"{base} Not in it: {listed(parts)}. {source(release, frame)}")


def _elsewhere(release: Release) -> list[str]:
    others = other_areas(release)
    return [f"{exact(others)} that keys leave to other council areas"] if others else []


def _other(release: Release, choice: Choice, pence: int) -> list[str]:
    if not choice.sided:
        return []
    every = int(spend(release, replace(choice, sided=False))["pence"].sum())
    return [f"{exact(every - pence)} tagged neither prevention nor responsive"]


def _who(choice: Choice, release: Release) -> str:
    return agency_label(choice.payer) if choice.payer else f"The agencies of {release.manifest.partnership}"


def _verb(choice: Choice) -> str:
    return "pays" if choice.payer else "invest"


def _what(choice: Choice) -> str:
    what = Relation(choice.relation).label.lower() if choice.relation else "services for children"
    return f"prevention and response in {what}" if choice.sided else what


def chosen(choice: Choice) -> str:
    """What a share is of, in words."""
    return "what is tagged prevention or responsive" if choice.sided else "what is mapped"


def _per_pupil(release: Release, choice: Choice, pence: int) -> str:
    pupils = roll(release)
    return f", {gbp(round(pence / pupils))} for each of {pupils:,} pupils on the roll" if pupils and choice == Choice() else ""


def roll(release: Release) -> int | None:
    """Pupils on the roll of every stage, or None where the release does not hold it."""
    if "assumptions" not in release:
        return None
    frame = release.frame("assumptions")
    found = frame.loc[frame["id"] == ROLL, "value"]
    return int(found.iloc[0]) if len(found) else None


def _kinds(frame: pd.DataFrame, may: Callable[[pd.DataFrame], bool] | None) -> str:
    by_kind = frame.groupby("money_kind")["pence"].sum()
    parts = [(kind.label, int(by_kind[kind.value])) for kind in MoneyKind if by_kind.get(kind.value)]
    if not parts:
        return "no kind of money recorded"
    if may and not all(may(own) for _, own in frame.groupby("money_kind")):
        return listed(label for label, _ in parts)
    return f"all of it {parts[0][0]}" if len(parts) == 1 else listed(f"{exact(pence)} {label}" for label, pence in parts)


def years(frame: pd.DataFrame) -> str:
    """The financial year of the rows, as words."""
    return listed(sorted({text(y) for y in frame["financial_year"]})) or "this release"


def source(release: Release, frame: pd.DataFrame) -> str:
    """The price year and the source, as every basis ends; and the key of all money that was divided over council areas."""
    prices = listed(sorted({text(y) for y in frame["price_year"]})) or release.manifest.year
    ledgers = listed(ledger_label(name) for name in release.frame("ledger_totals")["ledger"])
    told = f"Prices of {prices}. Source: {ledgers} ledgers, reconciled to their control totals."
    return " ".join([told, *(f"{exact(pence)} is our share by {words}." for words, pence in divided(release, frame))])


def points_frame(rows: Sequence[tuple[str, str, float]], group: str) -> pd.DataFrame:
    """Rows for a bar chart: `order` keeps the order of bars, `part` that of the parts in a bar."""
    frame = pd.DataFrame(rows, columns=["label", group, "pounds"])
    return frame.assign(order=pd.factorize(frame["label"])[0], millions=frame["pounds"] / 1e6)


def short(level: PreventionLevel) -> str:
    """A level's label without its explanation, as a legend has room for."""
    return level.label.split(" (")[0]


def agency_label(code: str) -> str:
    """The agency's label, or the code itself where the list does not have it."""
    return Agency(code).label if code in set(Agency) else code


def ledger_label(stem: str) -> str:
    """A ledger's file stem as words: council, NHS, third sector."""
    words = stem.removeprefix("ledger_").split("_")
    return " ".join(ACRONYMS.get(word, word) for word in words)


def percent(part: int, whole: int) -> float:
    """Per cent to one decimal; 0 of nothing."""
    return round(100 * part / whole, 1) if whole else 0.0


def gbp(pence: int) -> str:
    """Pounds as said aloud: millions to one decimal, else whole pounds."""
    sign, size = "-" if pence < 0 else "", abs(pence)
    return f"{sign}£{size / 1e8:,.1f} million" if size >= 1e8 else f"{sign}£{(size + 50) // 100:,}"


def exact(pence: int) -> str:
    """Pounds and pence."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) / 100:,.2f}"
