"""The views of *Services and money*: the six official questions, each with its sentence, picture, table and download.

What stands beside the six (need, other councils, questions to ask) are views too. A view shows its own controls only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from app import challenge, charts_money, charts_services, comparators, controls, need_money, room, session, show
from app.drawn import kept
from rcs_core.release import Release
from rcs_core.workshop import (
    behind,
    contracting,
    coordinate,
    evidence_rated,
    flows,
    funders,
    gap_grid,
    spend_map,
    unit_prices,
    years,
)
from rcs_core.workshop.method import Method, Rows, method
from rcs_core.workshop.need_money import Outcome, surveys
from rcs_core.workshop.services import services
from rcs_core.workshop.spend_map import Choice, Headline, View
from rcs_core.workshop.spend_map.screen import OFF as OFF_SUMS

ALL_PAYERS, ALL_SERVICES = "All payers", "All services"
ALL_LEVELS, SIDED = "All spend", "Prevention and response only"
READ = "How to read this"
OFF_SCREEN = "On the big screen a dash stands for the price of a single bought service."


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at: the release, the chosen money and its name for a download, whether on the big screen, and when."""

    release: Release
    choice: Choice
    narrowed: str
    on_screen: bool
    today: date

    @property
    def notes(self) -> list[str]:
        """What to say under a table that keeps prices back."""
        return [OFF_SCREEN] if self.on_screen else []

    @property
    def sums(self) -> list[str]:
        """What to say under sums of which some stand together."""
        return [OFF_SUMS] if self.on_screen else []

    def method(self, name: str) -> Method:
        """How a figure of the chosen money was worked out, with its rows."""
        return behind.money(name, self.release, self.choice)


@dataclass(frozen=True, slots=True)
class Question:
    """One view: its name in the control, the question in full as its heading, and how it is drawn."""

    name: str
    heading: str
    draw: Callable[[Asked], None]
    of_choice: bool = False
    of_part: bool = True


def chosen(release: Release, question: Question, on_screen: bool) -> tuple[Choice, str]:
    """Which money: by payer, part and, off the big screen, kind of service; and the same as words."""
    if not question.of_choice:
        return Choice(), ""
    payers, kinds = session.once(release, _payers_told, on_screen), {ALL_SERVICES: "", **spend_map.relations(release)}
    left, middle, right = st.columns(3)
    with left:
        payer = controls.one_of("Who pays", list(payers), "money_payer", str)
    part, kind = ALL_LEVELS, ALL_SERVICES
    if question.of_part:
        with middle:
            parts = session.once(release, _parts_told, payers[payer], on_screen)
            part = controls.one_of("Which spend", parts, "money_part", str) if len(parts) > 1 else ALL_LEVELS
    if len(kinds) > 1 and not on_screen:
        with right:
            kind = controls.one_of("Which services", list(kinds), "money_kind", str)
    words = "".join(f", {c}" for c in (payer, part, kind) if c not in (ALL_PAYERS, ALL_LEVELS, ALL_SERVICES))
    return Choice(payers[payer], kinds[kind], sided=part == SIDED), words


def _payers_told(release: Release, on_screen: bool) -> dict[str, str]:
    """The payers that may be looked at by themselves, by label; with the big screen on none whose total tells a price."""
    money, shown = spend_map.spend(release), spend_map.screen(release, on_screen)
    told = {label: code for label, code in spend_map.payers(release).items() if shown.may(money[money["agency"] == code])}
    return {ALL_PAYERS: "", **told}


def _parts_told(release: Release, payer: str, on_screen: bool) -> list[str]:
    """Which parts of a payer's money may be looked at by themselves."""
    sided = spend_map.screen(release, on_screen).may(spend_map.spend(release, Choice(payer, sided=True)))
    return [ALL_LEVELS, SIDED] if sided else [ALL_LEVELS]


def _total_told(release: Release, choice: Choice, on_screen: bool) -> Headline:
    return spend_map.total(release, choice, spend_map.screen(release, on_screen).may)


def _bars(view: View, name: str, method: Method, notes: Sequence[str] = ()) -> None:
    show.headline(view.headline.sentence, view.headline.basis, method)
    show.chart(charts_money.levels(view.points), kept(charts_money.wrapped, view.points), view.words, view.numbers, name, notes)


def _beside(view: View, spec: Mapping[str, Any], name: str, method: Method, notes: Sequence[str] = ()) -> None:
    """The answer and its picture, on one screen in room mode."""
    said, drawn = room.beside()
    with said:
        show.headline(view.headline.sentence, view.headline.basis, method)
    with drawn:
        show.chart(spec, kept(charts_money.wrapped, view.points), view.words, view.numbers, name, notes)


def _total(asked: Asked) -> None:
    """One: the total; then by who pays, who runs it and service, where it flows, and that it adds up, each in a tab."""
    release, choice = asked.release, asked.choice
    total = session.once(release, _total_told, choice, asked.on_screen)
    said, drawn = room.beside()
    with said:
        show.headline(total.sentence, total.basis, asked.method("money_total"))
    draws = {"Who pays?": _payers, "Who runs it?": _providers, "Which services?": _services, "From whom to what?": _flows}
    if spend_map.names_funds(release):
        draws["Which funds?"] = _funds
    if years.TABLE in release:
        draws["Which years?"] = _years
    draws |= {"Does it add up?": _accounts}
    if choice.payer:
        del draws["Who pays?"]
    with drawn:
        tabs = st.tabs(list(draws))
    for place, draw in zip(tabs, draws.values(), strict=True):
        with place:
            draw(asked)
    show.caveats(session.once(release, _caveats, choice), READ)


def _payers(asked: Asked) -> None:
    _bars(
        session.once(asked.release, spend_map.by_agency, asked.choice, asked.on_screen),
        f"Spend by payer{asked.narrowed}",
        asked.method("money_total"),
        asked.sums,
    )


def _providers(asked: Asked) -> None:
    found = session.once(asked.release, funders.by_provider, asked.choice, asked.on_screen)
    _bars(found, f"Spend by provider agency{asked.narrowed}", asked.method("money_total"), asked.sums)


def _services(asked: Asked) -> None:
    found = session.once(asked.release, services, asked.choice, asked.on_screen)
    _bars(found, f"Spend by service{asked.narrowed}", asked.method("money_total"), asked.sums)


def _funds(asked: Asked) -> None:
    if view := session.once(asked.release, spend_map.by_fund, asked.choice, asked.on_screen):
        _bars(view, f"Spend by ring-fenced fund{asked.narrowed}", asked.method("money_total"), notes=asked.notes)


def _years(asked: Asked) -> None:
    """What is set aside for later years, by how firm it is; then service by service."""
    choice = replace(asked.choice, sided=False)
    if found := session.once(asked.release, years.years_ahead, choice, asked.on_screen):
        view = found.view
        show.headline(view.headline.sentence, view.headline.basis, method("money_years", Rows.of("budgets")))
        spec, points = charts_money.years(view.points), kept(charts_money.wrapped, view.points)
        show.chart(spec, points, view.words, view.numbers, f"Budgets of later years{asked.narrowed}", asked.notes)
        show.folded(
            "Which services have a budget?", "By service and payer.", found.services, f"Budgets by service{asked.narrowed}"
        )
        show.points(found.notes)


def _accounts(asked: Asked) -> None:
    accounts = session.once(asked.release, spend_map.reconciliation)
    show.headline(accounts.headline.sentence, accounts.headline.basis, method("money_total", Rows.of("ledger_totals")))
    show.table(accounts.numbers, "Ledgers against control totals", accounts.lines)
    if keys := session.once(asked.release, spend_map.apportioned):
        st.subheader("Which money is our share of several areas’?", anchor=False)
        show.headline(keys.headline.sentence, keys.headline.basis)
        show.table(keys.numbers, "Keys that divide money over council areas", keys.lines)


def _caveats(release: Release, choice: Choice) -> list[str]:
    return spend_map.caveats(release, choice, spend_map.prevention(release, choice))


def _flows(asked: Asked) -> None:
    found = session.once(asked.release, flows.flows, replace(asked.choice, sided=False), Outcome.DOMAIN, asked.on_screen)
    show.headline(found.view.headline.sentence, found.view.headline.basis, asked.method("money_flows"))
    rows = kept(charts_services.flow_rows, found.view.points, found.nodes)
    show.note(" → ".join(flows.COLUMNS))
    name = f"Flows of money{asked.narrowed}"
    show.chart(charts_services.flows(found.height), rows, found.view.words, found.view.numbers, name, asked.sums)


def _prevention(asked: Asked) -> None:
    found = session.once(asked.release, spend_map.prevention, asked.choice, asked.on_screen)
    spec = charts_money.certainty(found.view.points)
    _beside(found.view, spec, f"Spend by prevention level{asked.narrowed}", asked.method("money_prevention"), asked.sums)
    show.caveats(spend_map.caveats(asked.release, asked.choice, found), READ)


def _evidence(asked: Asked) -> None:
    found = session.once(asked.release, evidence_rated.evidence_rated, asked.choice, asked.on_screen)
    spec, name = charts_money.levels(found.view.points), f"Spend by evidence rating{asked.narrowed}"
    _beside(found.view, spec, name, behind.register("money_evidence"), asked.notes)
    st.subheader("Which services, on which evidence?", anchor=False)
    show.table(found.services, f"Services by evidence rating{asked.narrowed}", asked.notes)
    show.caveats(evidence_rated.NOTES, READ)


def _costs(asked: Asked) -> None:
    found = session.once(asked.release, unit_prices.unit_prices, replace(asked.choice, sided=False), asked.on_screen)
    spec = charts_services.costs(found.view.points, (unit_prices.HERE, unit_prices.ELSEWHERE))
    _beside(found.view, spec, f"Cost of a participant{asked.narrowed}", behind.register("money_costs"), asked.notes)
    show.points(found.comparisons)
    show.caveats(found.notes, READ)


def _together(asked: Asked) -> None:
    """Five: who decides on services alike, and the grid of gaps and overlaps."""
    by = controls.one_of("Outcomes", list(Outcome), "money_outcome", lambda o: o.label)
    found = session.once(asked.release, coordinate.coordinate, by, asked.on_screen)
    view = found.view
    name = f"Chances to coordinate by {by.one}"
    _beside(view, charts_money.agencies(view.points), name, behind.register("money_together"), asked.notes)
    show.caveats(found.notes, READ)
    st.subheader("Gaps and overlaps", anchor=False)
    places = session.once(asked.release, gap_grid.areas)
    area = controls.one_of("Where", places, "money_area", lambda a: a.name) if len(places) > 1 else places[0]
    grid = session.once(asked.release, gap_grid.gap_grid, by, area.code, asked.on_screen)
    show.headline(grid.view.headline.sentence, grid.view.headline.basis, behind.register("money_together"))
    title = f"Need and level of prevention by {by.one}, {area.name}"
    show.chart(charts_services.grid(), grid.view.points, grid.view.words, grid.view.numbers, title, asked.notes)
    show.caveats(grid.notes, "How to read the grid")


def _contracts(asked: Asked) -> None:
    found = session.once(asked.release, contracting.contracting, asked.today, asked.on_screen)
    view = found.view
    show.headline(view.headline.sentence, view.headline.basis, behind.register("money_contracts"))
    if len(view.points):
        show.note("A bar goes from the last day for notice to the end. The dashed line is today.")
        spec = charts_services.contracts(view.points)
        show.chart(
            spec, kept(charts_money.wrapped, view.points), view.words, view.numbers, "Contracts worth a second look", asked.notes
        )
    show.table(found.counts, "Reasons to look at contracts again", asked.notes)
    if len(found.providers):
        st.subheader("Several contracts with one provider", anchor=False)
        show.table(found.providers, "Providers with several contracts")
    show.caveats(found.notes, READ)


OFFICIAL = (
    Question("1 Total", "1. How much is invested each year in improving children's outcomes?", _total, of_choice=True),
    Question("2 Prevention", "2. What proportion is prevention and early intervention?", _prevention, of_choice=True),
    Question("3 Evidence", "3. How much supports evidence-based programmes?", _evidence, of_choice=True),
    Question(
        "4 Cost",
        "4. What does a participant cost, against known evidence-based alternatives?",
        _costs,
        of_choice=True,
        of_part=False,
    ),
    Question("5 Together", "5. Where could departments and agencies coordinate?", _together),
    Question("6 Contracts", "6. Where could contracting improve?", _contracts),
)
"""The six official questions of the programme, which are headings."""
NEED = Question("Need", "", lambda asked: need_money.section(asked.release, asked.on_screen))
COUNCILS = Question("Other councils", "", lambda asked: comparators.section(asked.release))
CHALLENGE = Question("Challenge", "", lambda asked: challenge.section(asked.release, asked.today, asked.on_screen))


def questions(release: Release) -> list[Question]:
    """The views that a release can give: the six, and those beside them, which bring headings of their own."""
    needs = [NEED] if session.once(release, surveys) else []
    return [*OFFICIAL, *needs, COUNCILS, CHALLENGE]
