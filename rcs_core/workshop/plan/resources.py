"""The statement of resources that the national review asks for: what is spent today by level, what moves, when, and who pays.

Everything in it is a figure of the release or of an agreed decision; what is assumed and what is not known stands in it too.
What comes out are plain sentences and tables, for a page or a document.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import PreventionLevel
from rcs_core.workshop import big_screen
from rcs_core.workshop.couple.compare import Part as SidePart
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.plan.chain import Plan
from rcs_core.workshop.plan.money import Counted, counted
from rcs_core.workshop.plan.pence import UNTAGGED, Tags, by_level, level_label, prevents, said, tags
from rcs_core.workshop.plan.planned import Planned
from rcs_core.workshop.spend_map import money, views
from rcs_core.workshop.spend_map.money import PREVENTATIVE, agency_label

RESPONSIVE = PreventionLevel.RESPONSIVE.value
MIXED = "The agreed decisions are in more than one price year, so what moves is not added up: see each decision."
WHOLE = 1_000_000
"""Pence to share out where only the levels of a service are asked for."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the statement: a heading, what it says, its table where it has one, and the rows of a picture by year."""

    heading: str
    sentences: tuple[str, ...]
    table: pd.DataFrame | None = None
    name: str = ""
    by_year: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class ResourcesStatement:
    """How money is spent and how it shifts to prevention, in plain words. moves: whether any agreed decision moves money."""

    title: str
    area: str
    year: str
    release_id: str
    price_year: str
    fictional: bool
    headline: str
    basis: str
    moves: bool
    parts: tuple[Part, ...]


def statement(
    release: Release, plan: Plan, planned: Mapping[str, Planned] | None = None, veil: frozenset[str] = frozenset()
) -> ResourcesStatement | None:
    """The statement of a plan; None where the release holds no money. veil: services whose price is kept off the screen."""
    if not money.has_money(release):
        return None
    known, moved = tags(release), counted(a.decision for a in plan.actions)
    prices = listed(sorted({text(y) for y in release.frame("spend")["price_year"]}))
    parts = (
        _today(release, known),
        _who_pays_today(release),
        _moves(release, moved, known, prices, veil),
        _payers(moved, veil),
        _less(release, plan, moved, veil),
        _assumed(plan, planned or {}),
        _unknown(plan, moved),
    )
    about = release.manifest
    head = headline(moved, known, "" if _begun(release, moved) else prices, money.unmapped(release), veil)
    return ResourcesStatement(
        "How money is spent, and how it shifts to prevention", about.partnership, about.year, release.id, prices,
        about.fictional, head, _basis(moved, plan, prices), bool(moved.pence), parts,
    )  # fmt: skip


def headline(moved: Counted, known: Tags, prices: str, unmapped: int, veil: frozenset[str] = frozenset()) -> str:
    """What goes to prevention by the last year, and from what share to what, in a sentence."""
    if not moved.pence:
        return "£0 moves to prevention by an agreed decision: the plan does not say yet how money will shift."
    if len(moved.price_years) != 1:
        return f"Money moves in {len(moved.price_years)} price years, so it is not added up: see each decision."
    last = moved.years[-1]
    up = _prevented(moved, known, last)
    if _veiled(moved, veil):
        return f"1 bought service moves by {last}; what it costs is not on the big screen."
    if _one_bought(moved, known, PREVENTATIVE, veil):
        return f"1 bought service that prevents moves by {last}; what it costs is not on the big screen."
    way = "more" if up >= 0 else "less"
    return f"{said(up)} {way} a year goes to prevention by {last}{_shares(moved, known, prices, unmapped, last)}."


def _begun(release: Release, moved: Counted) -> bool:
    """Whether today's spend is of a year of the plan, so that it holds some of what moves already."""
    return bool(moved.pence) and max(text(y) for y in release.frame("spend")["financial_year"]) >= moved.years[0]


def _veiled(moved: Counted, veil: frozenset[str]) -> bool:
    """Whether all that moves is one bought service, so that any sum of it is that service's price."""
    return big_screen.pounds(0, (service for service, _, _ in moved.pence), veil) is None


def _one_bought(moved: Counted, known: Tags, levels: Sequence[str], veil: frozenset[str]) -> bool:
    """Whether what moves at these levels is of one bought service, so that its sum is that service's price."""
    behind = {s for s, _, agency in moved.pence if set(by_level(WHOLE, s, agency, known)) & set(levels)}
    return big_screen.pounds(0, behind, veil) is None


def _shares(moved: Counted, known: Tags, prices: str, unmapped: int, year: str) -> str:
    """From which share of the money, mapped and not, to which; where both are in one price year."""
    if moved.price_years != (prices,):
        return ""
    now = _levels(known)
    whole, change = sum(now.values()) + unmapped, sum(moved.of(year).values())
    if whole <= 0 or whole + change <= 0:
        return ""
    before, after = prevents(now), prevents(now) + _prevented(moved, known, year)
    return f", from {100 * before / whole:.1f}% to {100 * after / (whole + change):.1f}% of the money as tagged"


def _basis(moved: Counted, plan: Plan, prices: str) -> str:
    ours = listed(p or "a year that is not named" for p in moved.price_years)
    between = f" The decisions are in prices of {ours}, today's spend in prices of {prices}." if moved.pence else ""
    return f"{_agreed(plan)}; proposals and questions are not counted.{between}"


def _levels(known: Tags) -> dict[str, int]:
    """Today's pence by level."""
    found: dict[str, int] = {}
    for (_, agency), levels in known.items():
        for level, pence in levels.items() if agency else ():
            found[level] = found.get(level, 0) + pence
    return found


def _moved_by_level(moved: Counted, known: Tags, year: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for (service, agency), pence in moved.of(year).items():
        for level, part in by_level(pence, service, agency, known).items():
            found[level] = found.get(level, 0) + part
    return found


def _prevented(moved: Counted, known: Tags, year: str) -> int:
    return prevents(_moved_by_level(moved, known, year))


def _today(release: Release, known: Tags) -> Part:
    found = views.prevention(release)
    left = money.unmapped(release)
    levels = _levels(known)
    parts = [f"{level_label(level)} {said(levels[level])}" for level in (*PREVENTATIVE, RESPONSIVE) if levels.get(level)]
    sentences = (
        money.total(release).sentence,
        found.view.headline.sentence,
        f"By level, as tagged: {listed(parts)}.",
        f"{said(left)} of the ledgers is mapped to no service, so its level is not known.",
    )
    return Part("What is spent today, and how much of it prevents", sentences, found.view.numbers, "Spend today by level")


def _who_pays_today(release: Release) -> Part:
    found = views.by_agency(release)
    return Part("Who pays for it", (found.headline.sentence,), found.numbers, "Spend today by payer")


def _moves(release: Release, moved: Counted, known: Tags, prices: str, veil: frozenset[str]) -> Part:
    heading = "What moves, and when"
    if not moved.pence:
        return Part(heading, ("0 agreed decisions move money.",))
    if len(moved.price_years) != 1:
        return Part(heading, (MIXED,))
    names = {sid: text(about["service_name"]) for sid, about in big_screen.register(release).items()}
    sentences = []
    hidden = any(_one_bought(moved, known, levels, veil) for levels in (PREVENTATIVE, (RESPONSIVE,)))
    for year in () if hidden or _veiled(moved, veil) else dict.fromkeys((moved.years[0], moved.years[-1])):
        levels = _moved_by_level(moved, known, year)
        sentences.append(f"In {year}: prevention {_signed(prevents(levels))}, responsive {_signed(levels.get(RESPONSIVE, 0))}.")
    sentences += [*_not_tagged(moved, known, veil), *_sooner(moved)]
    if moved.price_years != (prices,):
        sentences.append(f"The decisions are not in prices of {prices}, so what moves is not set against today's spend.")
    if _begun(release, moved):
        sentences.append(
            "Today's spend is of a year of the plan, so it holds some of what moves already: see planned and spent in the review."
        )
    if moved.twice:
        twice = listed(names.get(service, service) for service in moved.twice)
        sentences.append(f"Counted once, as the decision recorded last has it: {twice}.")
    sentences.append("Changes are of a year's spend, against spend before the plan; the steps between stand in the table.")
    table = _by_level_and_year(moved, known, veil)
    drawn = None if hidden or _veiled(moved, veil) else _by_year(moved, known)
    return Part(heading, tuple(sentences), table, "What moves by level and year", drawn)


def _not_tagged(moved: Counted, known: Tags, veil: frozenset[str]) -> list[str]:
    """That some of what moves has no level in this release, as of a service that was merged, renamed or ended since."""
    last = moved.years[-1]
    pence = _moved_by_level(moved, known, last).get(UNTAGGED, 0)
    if not pence or _one_bought(moved, known, (UNTAGGED,), veil):
        return []
    way = "more" if pence > 0 else "less"
    return [f"{said(pence)} {way} by {last} is of services that this release does not tag: neither prevention nor response here."]


def _sooner(moved: Counted) -> list[str]:
    """That some services change in earlier years only, so that the sums of the last year are without them."""
    last, services = moved.years[-1], {service for service, _, _ in moved.pence}
    many = len(services - {service for service, _ in moved.of(last)})
    if not many:
        return []
    which = "1 service changes" if many == 1 else f"{many} services change"
    return [f"{which} in earlier years only: by {last} nothing of that is counted, as the plan ends sooner or is back as before."]


def _by_year(moved: Counted, known: Tags) -> pd.DataFrame:
    """Prevention and response against today by year, as a picture of a shift draws them (`Year`, `Part`, `Change (£)`)."""
    rows = []
    for year in moved.years:
        levels = _moved_by_level(moved, known, year)
        rows.append((year, SidePart.PREVENTION.label, prevents(levels) / 100))
        rows.append((year, SidePart.RESPONSIVE.label, levels.get(RESPONSIVE, 0) / 100))
    return pd.DataFrame(rows, columns=["Year", "Part", "Change (£)"])


def _signed(pence: int) -> str:
    return f"{'+' if pence > 0 else '−' if pence < 0 else ''}{said(pence)}"


def _by_level_and_year(moved: Counted, known: Tags, veil: frozenset[str]) -> pd.DataFrame:
    by_year = {year: _moved_by_level(moved, known, year) for year in moved.years}
    behind: dict[str, set[str]] = {}
    for service, _, agency in moved.pence:
        for level in by_level(WHOLE, service, agency, known):
            behind.setdefault(level, set()).add(service)
    order = [*(level.value for level in PreventionLevel), UNTAGGED]
    levels = [level for level in order if any(level in found for found in by_year.values())]
    return pd.DataFrame(
        [
            {
                "Level": level_label(level),
                **{
                    f"{year} (£)": big_screen.pounds(by_year[year].get(level, 0), behind.get(level, ()), veil) for year in by_year
                },
            }
            for level in levels
        ]
    )


def _payers(moved: Counted, veil: frozenset[str]) -> Part:
    heading = "Who pays for what moves"
    if not moved.pence:
        return Part(heading, ("No payer is named: no agreed decision moves money.",))
    if len(moved.price_years) != 1:
        return Part(heading, (MIXED,))
    agencies = sorted({agency for _, _, agency in moved.pence})
    rows, sentences, last = [], [], moved.years[-1]
    for agency in agencies:
        own = {year: sum(p for (_, who), p in moved.of(year).items() if who == agency) for year in moved.years}
        behind = {service for service, _, who in moved.pence if who == agency}
        shown = {year: big_screen.pounds(pence, behind, veil) for year, pence in own.items()}
        rows.append({"Who pays": agency_label(agency), **{f"{year} (£)": shown[year] for year in moved.years}})
        if shown[last] is not None and own[last]:
            first = next(year for year in moved.years if own[year])
            way = "more" if own[last] > 0 else "less"
            sentences.append(f"{agency_label(agency)}: {said(own[last])} {way} a year by {last}, from {first}.")
    return Part(heading, tuple(sentences), pd.DataFrame(rows), "What moves by payer and year")


def _less(release: Release, plan: Plan, moved: Counted, veil: frozenset[str]) -> Part:
    """What is reduced: the other side of a shift, named."""
    heading = "What is reduced"
    register = big_screen.register(release)
    names = {sid: text(about["service_name"]) for sid, about in register.items()}
    last = moved.years[-1] if moved.pence else ""
    sums: dict[str, int] = {}
    for (service, _), pence in (moved.of(last) if last else {}).items():
        sums[service] = sums.get(service, 0) + pence
    falls = {service: pence for service, pence in sums.items() if pence < 0}
    waiting = len(plan.proposals)
    sentences = [
        f"{len(falls)} service{' costs' if len(falls) == 1 else 's cost'} less by an agreed decision"
        f"{f' by {last}' if last else ''}."
    ]
    if waiting:
        sentences.append(f"{waiting} proposal{' is' if waiting == 1 else 's are'} not agreed, and so not counted.")
    if not falls:
        sentences.append("So the plan does not say what is given up for what is added." if moved.pence else "")
        return Part(heading, tuple(filter(None, sentences)))
    rows = [
        {"Service": names.get(s, s), f"Less a year by {last} (£)": big_screen.pounds(-pence, (s,), veil)}
        for s, pence in sorted(falls.items(), key=lambda pair: pair[1])
    ]
    return Part(heading, tuple(sentences), pd.DataFrame(rows), "What is reduced")


def _assumed(plan: Plan, planned: Mapping[str, Planned]) -> Part:
    used = list(dict.fromkeys(a.decision.scenario for a in plan.actions if a.decision.scenario and a.money))
    rows = [
        {
            "Scenario": found.title, "Depth": found.depth, "Release": found.release_id, "Price year": found.price_year,
            "Rests on guesses (%)": None if found.guess_share is None else round(100 * found.guess_share),
        }
        for link in used
        if (found := planned.get(link))
    ]  # fmt: skip
    lines = [
        f"What moves is worked out from {len(used)} kept scenario{'' if len(used) == 1 else 's'}." if used else "",
        "Capacity that is released is not cash; when it can be cashed, and by whom, is in the scenario's workbook.",
        "Where budgets of later years were given, the plan is in the cash of their year."
        if any(found.in_cash for found in planned.values())
        else "",
        "Levels are the register's tags, which are experimental; the range beside today's share says how far they may be wrong.",
        f"{sum(a.decision.rough for a in plan.actions)} of {_agreed(plan)} rest on guesses to half or more."
        if plan.actions
        else "",
    ]
    return Part("What is assumed", tuple(filter(None, lines)), pd.DataFrame(rows) if rows else None, "What moves rests on")


def _unknown(plan: Plan, moved: Counted) -> Part:
    bare = sum(not a.money for a in plan.actions)
    nameless = sum(not year for year in moved.price_years)
    return Part(
        "What this does not say",
        tuple(
            filter(
                None,
                (
                    f"{bare} of {_agreed(plan)} name no money." if bare else "",
                    "Some decisions do not name their price year." if nameless else "",
                    "Money outside these ledgers, and what families and volunteers give, is in no figure here.",
                    "Whether the money moved is told once a newer release has the ledgers of a year of the plan.",
                ),
            )
        ),
    )


def sentences(found: ResourcesStatement) -> Iterable[str]:
    """Every sentence of the statement in its order."""
    yield found.headline
    for part in found.parts:
        yield from part.sentences


def tables(found: ResourcesStatement) -> Sequence[tuple[str, pd.DataFrame]]:
    """Every table of the statement with its name."""
    return [(part.name, part.table) for part in found.parts if part.table is not None]


def _agreed(plan: Plan) -> str:
    many = len(plan.actions)
    return f"{many} agreed decision{'' if many == 1 else 's'}"
