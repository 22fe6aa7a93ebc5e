"""The years after the ledgers: what is set aside for services, how firm it is, and what has no budget yet.

In: a release with the table `budgets` (cash of each year). Out: a view, tables and notes, and the budgets as a scenario reads
them. Nothing restates prices: a rise from year to year may be no more than a rise of prices, and the page says so.
"""

from dataclasses import dataclass, replace

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Label
from rcs_core.workshop import big_screen
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.spend_map.money import Choice, Headline, View, agency_label, exact, gbp, pence_of, percent, source, spend
from rcs_core.workshop.spend_map.money import years as years_of

TABLE = "budgets"
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
    veil = big_screen.veiled(release, on_screen)
    view = View(_headline(release, choice, frame, now), _points(release, frame, now), _by_payer(frame, veil), _words(frame))
    services = big_screen.without_prices(_by_service(release, frame, years), release, on_screen)
    return YearsAhead(view, services, _notes(frame))


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


def _headline(release: Release, choice: Choice, frame: pd.DataFrame, now: int) -> Headline:
    chosen = spend(release, choice)
    if frame.empty or (frame["state"] == State.NONE.value).all():
        return Headline("No budget of a later year was given for this part of the money.", source(release, chosen))
    first = frame[frame["year"] == frame["year"].min()]
    given = first[first["state"] != State.NONE.value]
    firm = given.loc[given["state"] == State.APPROVED.value, "pence"].sum()
    covered = int(given["now"].sum())
    parts = [f"{gbp(int(firm))} is approved"] if firm else ["nothing is approved"]
    for state in (State.INDICATIVE, State.ASSUMED):
        if pence := int(given.loc[given["state"] == state.value, "pence"].sum()):
            parts.append(f"{gbp(pence)} {state.value}")
    year = str(first["year"].iloc[0])
    spent = f"the {gbp(now)} spent in {years_of(chosen)}"
    sentence = f"For {year}, {listed(parts)}; services with {percent(covered, now):.0f}% of {spent} have a budget."
    basis = (
        f"Where there is one it is {_against(int(given['pence'].sum()), covered)} {years_of(chosen)}, in the cash of each year."
    )
    return Headline(sentence, f"{basis} Budgets: {_sources(frame)}. {source(release, chosen)}")


def _against(pence: int, covered: int) -> str:
    if not covered:
        return f"{exact(pence)}, for services without spend in"
    change = 100 * (pence - covered) / covered
    word = "above" if change > 0 else "below"
    return f"{exact(pence)}, {abs(change):.1f}% {word} the {exact(covered)} of"


def _points(release: Release, frame: pd.DataFrame, now: int) -> pd.DataFrame:
    year = years_of(spend(release))
    rows = [(f"{year} · {gbp(now)}", SPENT, now / 100)]
    for later, own in frame.groupby("year"):
        by = own.groupby("state")["pence"].sum()
        label = f"{later} · {gbp(int(own['pence'].sum()))}"
        rows += [(label, state.label, int(by[state.value]) / 100) for state in State if by.get(state.value)]
    found = pd.DataFrame(rows, columns=["label", "state", "pounds"])
    return found.assign(order=pd.factorize(found["label"])[0], millions=found["pounds"] / 1e6)


def _by_payer(frame: pd.DataFrame, veil: frozenset[str]) -> pd.DataFrame:
    """One row a year and payer, an amount for each state; a dash where it would be one bought service's price."""
    rows = []
    for (year, agency), own in frame.groupby(["year", "agency"], sort=True):
        amounts = {f"{s.label.split(':')[0]} (£)": _pounds(own[own["state"] == s.value], veil) for s in State}
        row = {"Financial year": year, "Who pays": agency_label(str(agency)), **amounts}
        rows.append({**row, "Together (£)": _pounds(own, veil), "In the ledgers (£)": _pounds(own, veil, "now")})
    found = pd.DataFrame(rows)
    states = [c for c in (f"{s.label.split(':')[0]} (£)" for s in State) if c in found and found[c].isna().all()]
    return found.drop(columns=states)


def _pounds(rows: pd.DataFrame, veil: frozenset[str], column: str = "pence") -> float | None:
    return big_screen.pounds(int(rows[column].sum()), rows["service_id"], veil) if len(rows) else None


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


def _words(frame: pd.DataFrame) -> str:
    said = []
    for year, own in frame.groupby("year"):
        by = own.groupby("state")["pence"].sum()
        said.append(f"{year}: {', '.join(f'{s.label.lower()} {gbp(int(by[s.value]))}' for s in State if by.get(s.value))}")
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
