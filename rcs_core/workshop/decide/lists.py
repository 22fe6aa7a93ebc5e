"""Decisions and moves as tables: what a board reads, what is taken away as csv, what is missing, what happened."""

from collections.abc import Iterable, Sequence

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Agency, Shanarri
from rcs_core.workshop import big_screen
from rcs_core.workshop.decide.decision import Decisions, Happened
from rcs_core.workshop.decide.moves import Move, OnTable, Way
from rcs_core.workshop.decide.parts import Decision, Dissent, Draft, Money
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.inputs.depths import rounded, two_figures
from rcs_core.workshop.spend_map.money import agency_label

MOVES = (
    "Service", "Way", "Part", "Who pays", "Before (£)", "Change (£)", "After (£)", "First year", "Money free from",
    "Price of one (£)", "One is a",
)  # fmt: skip


def moves(found: OnTable) -> pd.DataFrame:
    """One row a move: what grows, then what shrinks; pounds a year, before the plan and in its last year."""
    rows = [
        (m.name, m.way.label, m.part.label, listed(agency_label(a) for a in m.payers), m.before, m.change,
         round(m.before + m.change, 2) + 0.0, m.first, m.free_from, m.price, m.unit)
        for m in found.moves
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(MOVES)).astype({"Price of one (£)": float})
    price = frame["Price of one (£)"]
    return rounded(frame, found.rough).assign(**{"Price of one (£)": price})


def payers(found: OnTable, veil: frozenset[str] = frozenset()) -> pd.DataFrame:
    """One row an agency: more and less than before in the last year, and from when (pounds a year).

    veil: services whose price is not shown now; a sum of one of them alone is left out, and with it the row's total.
    """
    rows = []
    for agency in dict.fromkeys(line.agency for m in found.moves for line in m.money):
        lines = [(m, line) for m in found.moves for line in m.money if line.agency == agency]
        now = [p for p in lines if p[1].year == found.last]
        sums = [_sum([p for p in now if (p[1].change_gbp > 0) is more], veil) for more in (True, False)]
        rows.append((agency_label(agency), min(line.year for _, line in lines), *sums, _together(sums)))
    columns = ["Who pays", "First year", "More (£)", "Less (£)", "Together (£)"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], float))
    return rounded(frame.sort_values("Together (£)", ascending=False).reset_index(drop=True), found.rough)


def by_year(found: OnTable, veil: frozenset[str] = frozenset()) -> pd.DataFrame:
    """What grows and what shrinks in every year, all payers together (pounds against before the plan)."""
    rows = []
    for year in found.plan.years:
        lines = [(m, line) for m in found.moves for line in m.money if line.year == year]
        sums = [_sum([p for p in lines if p[0].way is way], veil) for way in (Way.GROWS, Way.SHRINKS)]
        rows.append((year, *sums, _together(sums)))
    columns = ["Year", "What grows (£)", "What shrinks (£)", "Together (£)"]
    return rounded(pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], float)), found.rough)


def _sum(lines: Sequence[tuple[Move, Money]], veil: frozenset[str]) -> float | None:
    """The sum of some lines; None where it would be the price of one bought service."""
    pence = sum(round(100 * line.change_gbp) for _, line in lines)
    return big_screen.pounds(pence, {m.service_id for m, _ in lines}, veil) if lines else 0.0


def _together(sums: Sequence[float | None]) -> float | None:
    known = [amount for amount in sums if amount is not None]
    return round(sum(known), 2) + 0.0 if len(known) == len(sums) else None


def decided(decisions: Iterable[Decision], veil: frozenset[str] = frozenset()) -> pd.DataFrame:
    """One row a decision, as an action list has it; pounds of its own last year, with the release that they are of."""
    rows = [
        (
            d.id, d.title, d.verdict.label.partition(":")[0], d.standing.label, _amount(d, veil), d.years[-1] if d.years else "",
            d.price_year if d.money else "", listed(dict.fromkeys(agency_label(m.agency) for m in d.money)), d.owner,
            agency_label(d.owner_agency), d.body, d.by.isoformat() if d.by else "", outcome_label(d.outcome), d.indicator_words,
            "; ".join(d.conditions), "; ".join(said_against(d)), "; ".join(d.gaps), d.scenario_title, d.release_id, d.version,
            d.author, d.at[:16].replace("T", " "),
        )
        for d in decisions
    ]  # fmt: skip
    columns = [
        "No.", "Decision", "Verdict", "Standing", "Change in last year (£)", "Last year", "Prices of", "Who pays", "Owner",
        "Owner's agency", "Body that decides", "By", "Outcome", "Indicator", "Conditions", "Dissent", "Missing", "Scenario",
        "Release", "Version", "Recorded by", "At (UTC)",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({"Change in last year (£)": float})


def _amount(found: Decision, veil: frozenset[str]) -> float | None:
    if not found.money or big_screen.pounds(0, {m.service_id for m in found.money}, veil) is None:
        return None
    amount = found.change(found.years[-1])
    return (two_figures(amount) if found.rough else round(amount, 2)) + 0.0


def said_against(found: Draft) -> list[str]:
    """Dissent as it was voiced: whose, and in which words."""
    return [f"{_whose(one)}: {one.words}" for one in found.dissent]


def _whose(one: Dissent) -> str:
    """Whose dissent it is; of a vote without names, that it was one."""
    if not one.agency:
        return one.who[:1].upper() + one.who[1:]
    return f"{agency_label(one.agency)}{f' ({one.who})' if one.who else ''}"


def outcome_label(code: str) -> str:
    """A wellbeing indicator by its name."""
    return Shanarri(code).label if code in set(Shanarri) else code


def missing(decisions: Iterable[Decision]) -> list[tuple[Decision, list[str]]]:
    """The proposals, each with all that it lacks until it is agreed."""
    return [(d, d.gaps) for d in decisions if d.gaps]


def money(found: Decision, veil: frozenset[str] = frozenset()) -> pd.DataFrame:
    """The money of a decision by service, payer and year, as it was kept (pounds against spend before the plan)."""
    rows = [
        (found.called(m.service_id), agency_label(m.agency), m.year, None if m.service_id in veil else m.change_gbp)
        for m in found.money
    ]
    return rounded(
        pd.DataFrame(rows, columns=["Service", "Who pays", "Year", "Change (£)"]).astype({"Change (£)": float}), found.rough
    )


def sheet(found: Draft) -> pd.DataFrame:
    """The safety sheet of a decision, line by line; a gap is said to be one."""
    if not found.needs_sheet or found.safety is None:
        return pd.DataFrame(columns=["Of", "What", "Said"])
    rows = []
    for one in found.safety.services:
        facts = {
            "Statutory basis": one.statutory_basis, "Act and section": one.act_and_section, "Caseload now": one.caseload,
            "Notice": one.notice,
        }  # fmt: skip
        rows += [(one.name, what, said) for what, said in facts.items()]
    every = {"Who loses": found.safety.who_loses, "Conditions": found.safety.conditions}
    rows += [("All of it", what, said) for what, said in every.items()]
    rows += [("All of it", "Impact assessment", one.text) for one in found.safety.assessments]
    rows.append(("All of it", "What is monitored", found.safety.monitored))
    return pd.DataFrame([(of, what, said or "Not said yet") for of, what, said in rows], columns=["Of", "What", "Said"])


def history(kept: Decisions, id: str) -> pd.DataFrame:
    """All that happened to a decision, the first thing first."""
    versions = {d.version: d for d in kept.history(id)}
    rows = [_row(one, versions[one.version]) for one in kept.happened(id)]
    return pd.DataFrame(rows, columns=["At (UTC)", "Who", "What happened", "Verdict", "Title", "Release"])


def _row(one: Happened, found: Decision) -> tuple[str, ...]:
    why = f": {one.why}" if one.why else ""
    done = f"Version {one.version} taken back{why}" if one.undone else f"Version {one.version} recorded"
    beside = f" (made from version {found.based_on}, beside another)" if found.beside and not one.undone else ""
    return one.at[:19].replace("T", " "), one.author, f"{done}{beside}", found.verdict.label, found.title, found.release_id


def agencies() -> dict[str, str]:
    """Every agency, as it is called."""
    return {one.value: one.label for one in Agency}


def of_other_release(found: Decision, release: Release) -> str:
    """That a decision is of another release than the one that is served; blank where it is of this one, or of none."""
    if not found.release_hash or found.release_hash == release.manifest.content_hash:
        return ""
    return (
        f"Decided on release {found.release_id}; release {release.id} is served now. Its figures are those of its own release "
        "and do not change."
    )


def losing(chosen: Sequence[Move]) -> list[str]:
    """The services of a choice that lose money, by name."""
    return [m.name for m in chosen if m.loses]
