"""The years after the ledgers: what is set aside for services, how firm it is, and what has no budget yet.

In: a release with the table `budgets` (cash of each year). Out: a view, tables and notes, and the budgets as a scenario reads
them. Nothing restates prices: a rise from year to year may be no more than a rise of prices, and the page says so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Label
from rcs_core.workshop import big_screen
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.of_release import of_release
from rcs_core.workshop.spend_map import asked
from rcs_core.workshop.spend_map.money import Choice, Headline, View, agency_label, exact, gbp, pence_of, percent, source, spend
from rcs_core.workshop.spend_map.money import years as years_of
from rcs_core.workshop.spend_map.screen import APART, Screen, of

TABLE = "budgets"
PAIR = ("service_id", "agency")
CASH = "Budgets are cash of their own year and are not restated, as no deflator with a source is at hand."


class State(Label):
    """How firm the money of a year is, from the firmest on."""

    APPROVED = "approved", "Approved"
    INDICATIVE = "indicative", "Indicative: planned, not approved"
    ASSUMED = "assumed", "Assumed: nobody has planned it"
    NONE = "none", "No budget given: as in the ledgers"


SPENT = "In the ledgers"


@dataclass(frozen=True, slots=True)
class Budget:
    """What one agency sets aside for one service in one year: pence, how firm, and where it stands."""

    pence: int
    state: State
    source: str


@dataclass(frozen=True, slots=True)
class YearsAhead:
    """The years as a view, service by service, and what to know."""

    view: View
    services: pd.DataFrame
    notes: tuple[str, ...]


def budgets(release: Release) -> dict[tuple[str, str], dict[str, Budget]]:
    """By service and payer, the budget of every later year that the release has; nothing where none were sent."""
    found: dict[tuple[str, str], dict[str, Budget]] = {}
    for row in release.frame(TABLE).to_dict("records") if TABLE in release else []:
        budget = Budget(round(float(row["amount_gbp"]) * 100), State(str(row["state"])), text(row["source"]))
        found.setdefault((str(row["service_id"]), str(row["agency"])), {})[str(row["financial_year"])] = budget
    return found


def years_ahead(release: Release, choice: Choice | None = None, on_screen: bool = False) -> YearsAhead | None:
    """The years after the ledgers by state, payer and service; None where no budgets were sent.

    A choice of levels is not heeded, as budgets are not told by level. on_screen: prices of bought services are kept back.
    """
    if TABLE not in release:
        return None
    choice = replace(choice or Choice(), sided=False)
    frame = _frame(release, choice)
    years = sorted(set(frame["year"]))
    now = int(spend(release, choice)["pence"].sum())
    may = _may(release, on_screen)
    view = View(
        _headline(release, choice, frame, now, may), _points(release, frame, now, may), _by_payer(frame, may), _words(frame, may)
    )
    services = big_screen.without_prices(_by_service(release, frame, years), release, on_screen, beside=True)
    return YearsAhead(view, services, _notes(frame))


def _may(release: Release, on_screen: bool) -> Callable[[pd.DataFrame], bool]:
    """Which sums of budgets may be shown: without a budget it is the ledgers' amount that stands in a sum."""
    if not on_screen:
        return lambda _: True
    shown, money = _screen(release), spend(release)

    def may(rows: pd.DataFrame) -> bool:
        none = rows["state"] == State.NONE.value
        as_now = pd.MultiIndex.from_frame(money[list(PAIR)]).isin(pd.MultiIndex.from_frame(rows.loc[none, list(PAIR)]))
        return shown.may(pd.concat([money[as_now], rows[~none]], ignore_index=True))

    return may


@of_release
def _screen(release: Release) -> Screen:
    """What may be shown of budgets, given all that may be shown of the money now."""
    veil, money, frame = big_screen.withheld(release, True), spend(release), _frame(release, Choice())
    now = asked.told(release, money[money["service_id"].isin(veil)].reset_index(drop=True))
    rows = frame[frame["service_id"].isin(veil)].reset_index(drop=True)
    none = rows["state"] == State.NONE.value
    place = dict(zip(rows.index[~none], range(len(now), len(now) + int((~none).sum())), strict=True))
    pairs = {(str(s), str(a)): own.index.to_list() for (s, a), own in now.groupby(list(PAIR))}

    def sums() -> Iterator[np.ndarray]:
        yield from asked.sums(release, now)
        for family in (("year",), ("year", "agency"), ("year", "state"), ("year", "agency", "state")):
            for group in asked.by(rows, family):
                held = [[place[k]] if k in place else pairs.get((rows["service_id"][k], rows["agency"][k]), []) for k in group]
                yield np.array([at for own in held for at in own], dtype=np.int64)

    kept = pd.concat([now, rows.loc[~none, [*PAIR, "year", "state"]]], ignore_index=True)
    return of(kept, sums(), veil, big_screen.bought(release))


def _frame(release: Release, choice: Choice) -> pd.DataFrame:
    """One row a service, payer and later year: pence, state, source, and what the ledgers have (`now`).

    A service that is paid for now and has no budget of a year that others have stands with what the ledgers have.
    """
    chosen = spend(release, choice)
    sums = chosen.groupby(["service_id", "agency"])["pence"].sum().reset_index()
    paid = {(str(s), str(a)): int(p) for s, a, p in sums.itertuples(index=False, name=None)}
    given = {pair: by for pair, by in budgets(release).items() if _chosen(release, pair, choice)}
    years = sorted({year for by in given.values() for year in by})
    rows = []
    for pair in sorted({*paid, *given}):
        now = paid.get(pair, 0)
        for year in years:
            budget = given.get(pair, {}).get(year) or Budget(now, State.NONE, "")
            rows.append((*pair, year, budget.pence, budget.state.value, budget.source, now))
    return pd.DataFrame(rows, columns=["service_id", "agency", "year", "pence", "state", "source", "now"])


def _chosen(release: Release, pair: tuple[str, str], choice: Choice) -> bool:
    about = big_screen.register(release).get(pair[0], {})
    return choice.payer in ("", pair[1]) and choice.relation in ("", about.get("childrens_or_related", ""))


def _headline(release: Release, choice: Choice, frame: pd.DataFrame, now: int, may: Callable[[pd.DataFrame], bool]) -> Headline:
    chosen = spend(release, choice)
    if frame.empty or (frame["state"] == State.NONE.value).all():
        return Headline("No budget of a later year was given for this part of the money.", source(release, chosen))
    first = frame[frame["year"] == frame["year"].min()]
    given = first[first["state"] != State.NONE.value]
    covered = int(given["now"].sum())
    firm = given[given["state"] == State.APPROVED.value]
    parts = [f"{_amount(firm, may)} is approved"] if firm["pence"].sum() else ["nothing is approved"]
    for state in (State.INDICATIVE, State.ASSUMED):
        own = given[given["state"] == state.value]
        if own["pence"].sum():
            parts.append(f"{_amount(own, may)} {state.value}")
    year = str(first["year"].iloc[0])
    spent = f"the {gbp(now)} spent in {years_of(chosen)}"
    sentence = f"For {year}, {listed(parts)}; services with {percent(covered, now):.0f}% of {spent} have a budget."
    against = f"{_against(int(given['pence'].sum()), covered)} {years_of(chosen)}, in the cash of each year."
    told = may(given) and may(given.assign(state=State.NONE.value))
    basis = f"Where there is one it is {against}" if told else "In the cash of each year."
    return Headline(sentence, f"{basis} Budgets: {_sources(frame)}. {source(release, chosen)}")


def _against(pence: int, covered: int) -> str:
    if not covered:
        return f"{exact(pence)}, for services without spend in"
    change = 100 * (pence - covered) / covered
    word = "above" if change > 0 else "below"
    return f"{exact(pence)}, {abs(change):.1f}% {word} the {exact(covered)} of"


def _amount(rows: pd.DataFrame, may: Callable[[pd.DataFrame], bool]) -> str:
    return gbp(int(rows["pence"].sum())) if may(rows) else "some"


def _states(own: pd.DataFrame, may: Callable[[pd.DataFrame], bool]) -> list[tuple[str, int]]:
    """The money of a year by how firm it is; what may not be shown by itself stands together, last."""
    found = [(state.label, own[own["state"] == state.value]) for state in State]
    told = [(label, int(part["pence"].sum())) for label, part in found if len(part) and may(part)]
    rest = sum(int(part["pence"].sum()) for _, part in found if len(part) and not may(part))
    return [(label, pence) for label, pence in [*told, (APART, rest)] if pence]


def _points(release: Release, frame: pd.DataFrame, now: int, may: Callable[[pd.DataFrame], bool]) -> pd.DataFrame:
    year = years_of(spend(release))
    rows = [(f"{year} · {gbp(now)}", SPENT, now / 100)]
    for later, own in frame.groupby("year"):
        if may(own):
            label = f"{later} · {gbp(int(own['pence'].sum()))}"
            rows += [(label, state, pence / 100) for state, pence in _states(own, may)]
    found = pd.DataFrame(rows, columns=["label", "state", "pounds"])
    return found.assign(order=pd.factorize(found["label"])[0], millions=found["pounds"] / 1e6)


def _by_payer(frame: pd.DataFrame, may: Callable[[pd.DataFrame], bool]) -> pd.DataFrame:
    """One row a year and payer, an amount for each state; a dash where it would tell one bought service's price."""
    rows = []
    for (year, agency), own in frame.groupby(["year", "agency"], sort=True):
        amounts = {f"{s.label.split(':')[0]} (£)": _pounds(own[own["state"] == s.value], may) for s in State}
        now = own.assign(state=State.NONE.value, pence=own["now"])
        row = {"Financial year": year, "Who pays": agency_label(str(agency)), **amounts}
        rows.append({**row, "Together (£)": _pounds(own, may), "In the ledgers (£)": _pounds(now, may)})
    found = pd.DataFrame(rows)
    states = [c for c in (f"{s.label.split(':')[0]} (£)" for s in State) if c in found and found[c].isna().all()]
    return found.drop(columns=states)


def _pounds(rows: pd.DataFrame, may: Callable[[pd.DataFrame], bool]) -> float | None:
    return int(rows["pence"].sum()) / 100 if len(rows) and may(rows) else None


def _by_service(release: Release, frame: pd.DataFrame, years: list[str]) -> pd.DataFrame:
    register = big_screen.register(release)
    rows = []
    for (sid, agency), own in frame.groupby(["service_id", "agency"], sort=True):
        told = {str(row["year"]): row for row in own.to_dict("records")}
        row: dict[str, object] = {
            "Service": text(register[str(sid)]["service_name"]),
            "Who pays": agency_label(str(agency)),
            "In the ledgers (£)": int(own["now"].iloc[0]) / 100,
        }
        for year in years:
            state = State(str(told[year]["state"]))
            row[f"{year} (£)"] = None if state is State.NONE else int(told[year]["pence"]) / 100
            row[f"{year} is"] = state.label.split(":")[0]
        rows.append(row)
    found = pd.DataFrame(rows)
    return found.sort_values("In the ledgers (£)", ascending=False, ignore_index=True) if rows else found


def _sources(frame: pd.DataFrame) -> str:
    return listed(sorted({str(s) for s in frame["source"]} - {""})) or "no source given"


def _words(frame: pd.DataFrame, may: Callable[[pd.DataFrame], bool]) -> str:
    said = []
    for year, own in frame.groupby("year"):
        if may(own):
            said.append(f"{year}: {', '.join(f'{label.lower()} {gbp(pence)}' for label, pence in _states(own, may))}")
    return f"Budgets by year and how firm they are: {'; '.join(said)}."


def _notes(frame: pd.DataFrame) -> tuple[str, ...]:
    lines = [
        "A service without a budget of a year stands with what the ledgers have, so that the bars can be set side by side; a "
        "scenario carries it on by the change of purses that it states.",
        CASH,
        "Budgets are not told by prevention level, and small services keep none where not all of a merged group have one.",
    ]
    new = frame[(frame["now"] == 0) & (frame["state"] != State.NONE.value)]
    if len(new):
        count = new["service_id"].nunique()
        have, them = ("services have", "them") if count > 1 else ("service has", "it")
        lines.append(f"{count} {have} a budget from an agency that pays nothing for {them} now.")
    return tuple(lines)


def budget_pence(release: Release) -> int:
    """All budgets of the release in pence, for a check of sums."""
    return int(pence_of(release.frame(TABLE)["amount_gbp"]).sum()) if TABLE in release else 0
