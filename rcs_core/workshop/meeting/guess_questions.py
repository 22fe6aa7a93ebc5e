"""What a room can be asked to guess before it sees the figure, with the figure as its page shows it.

In: a release. Out: questions in the order they are best asked. A question whose figure is hidden, missing or kept off the big
screen is not offered, and says why. Nothing is worked out here: each figure is the one of *Children's needs*, *Who gets help* or
*Services and money*.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.vocab import Contact, Label
from rcs_core.workshop import big_screen, evidence, reach, reach_counts, spend_map, unequal, unit_prices
from rcs_core.workshop.evidence import Indicator, SurveyInfo
from rcs_core.workshop.inputs.assumed import Assumed

FILE = CONTRACTS / "guesses.yaml"
NO_MONEY = "This release holds no services and ledgers."
NO_CONTACT = "This release cannot set need against contact: that takes a pupil survey and the extracts of the services."
EACH = "Spend per child served (£)"
"""The column of *Services and money* that tells what one child costs."""


class Unit(Label):
    """What a guess is counted in."""

    PER_CENT = "per_cent", "of every 100"
    POUNDS = "pounds", "pounds"


@cache
def rules(path: Path = FILE) -> dict[str, Assumed]:
    """What counts as near, and the other numbers of the contract, by name."""
    return {name: fill(Assumed, entry, f"{path.name}, {name}") for name, entry in read_yaml(path).items()}


def rule(name: str) -> float:
    """One number of the contract."""
    return float(rules()[name].value)


@dataclass(frozen=True, slots=True)
class Truth:
    """The figure as its page shows it: whole per cent or pounds, its range, the sentence and what it rests on.

    value: None where only a range is known, as without linkage. kind: what the range is.
    """

    value: int | None
    low: int | None
    high: int | None
    kind: str
    sentence: str
    basis: str

    def away(self, guess: int) -> int:
        """How far a guess is from the figure, or from the nearer end of a range without one."""
        if self.value is not None:
            return abs(guess - self.value)
        return max((self.low or 0) - guess, guess - (self.high or 0), 0)

    def near(self, guess: int, unit: Unit) -> bool:
        """Whether a guess is called near."""
        if unit is Unit.PER_CENT:
            return self.away(guess) <= rule("near_points")
        return self.away(guess) <= rule("near_share") * (self.value if self.value is not None else self.low or 0)


@dataclass(frozen=True, slots=True)
class GuessQuestion:
    """One question: what is asked, in which unit, and where its figure stands (an address and its choices).

    truth: None where the question is not offered, and then `why_not` says why.
    """

    id: str
    title: str
    text: str
    unit: Unit
    year: str
    address: str
    choices: Mapping[str, str] = field(default_factory=dict)
    truth: Truth | None = None
    why_not: str = ""


def questions(release: Release) -> tuple[GuessQuestion, ...]:
    """Every question, those that are offered first."""
    found = [*_contact(release), *_prevention(release), *_deprived(release), *_cost(release)]
    return tuple(sorted(found, key=lambda q: q.truth is None))


def offered(release: Release) -> tuple[GuessQuestion, ...]:
    """The questions that can be asked of this release."""
    return tuple(q for q in questions(release) if q.truth)


def question(release: Release, id: str) -> GuessQuestion | None:
    """One question by its id."""
    return next((q for q in questions(release) if q.id == id), None)


def _contact(release: Release) -> Iterator[GuessQuestion]:
    """Of the children with the broadest need of a survey, who are in contact with no service."""
    title = "High need and in contact with no service"
    surveys = reach_counts.surveys(release)
    if not surveys:
        yield GuessQuestion("contact", title, title, Unit.PER_CENT, release.manifest.year, "reach", why_not=NO_CONTACT)
    for survey in sorted(surveys, key=lambda s: _rank(release, s)):
        need, known = reach_counts.needs(release, survey.code)[0], reach_counts.contacts(release, survey.code)
        if known:
            contact = Contact.EITHER if Contact.EITHER in known else known[0]
            yield _of_contact(release, survey, need, contact, title)


def _rank(release: Release, survey: SurveyInfo) -> int:
    """The survey with the broadest need first."""
    code = reach_counts.needs(release, survey.code)[0].code
    return reach_counts.BROADEST.index(code) if code in reach_counts.BROADEST else len(reach_counts.BROADEST)


def _of_contact(release: Release, survey: SurveyInfo, need: Indicator, contact: Contact, title: str) -> GuessQuestion:
    found = reach.reach(release, survey.code, need, contact)
    asked = f"Of every 100 {survey.children} with this need ({need.need}), how many have {reach.WITHOUT[contact]}?"
    where = {"reach_survey": survey.title, "reach_need": need.label, "reach_service": reach.service(contact)}
    value, ends, kind = None, None, ""
    if found.table is not None and found.table.pct_without is not None:
        value, ends, kind = found.table.pct_without, found.interval, "95% interval"
    elif found.table is None and found.bounds is not None and found.bounds.at_least:
        ends, kind = (found.bounds.at_least_pct, found.bounds.at_most_pct), "the least and the most there can be without linkage"
    truth = None if ends is None and value is None else _truth(value, ends, kind, found.headline, found.basis)
    why = "" if truth else found.headline
    return GuessQuestion(
        f"contact:{survey.code}", f"{title}: {survey.title}", asked, Unit.PER_CENT, survey.wave, "reach", where, truth, why
    )


def _prevention(release: Release) -> Iterator[GuessQuestion]:
    """Of the money, what is prevention by the official standard."""
    title, where = "Spend that is prevention", {"money_question": "2 Prevention"}
    asked = "Of every £100 that the agencies spend on services for children, how many are prevention?"
    year = release.manifest.year
    if not spend_map.has_money(release):
        yield GuessQuestion("prevention", title, asked, Unit.PER_CENT, year, "money", where, None, NO_MONEY)
        return
    found = spend_map.prevention(release, on_screen=True)
    said = found.view.headline
    if found.base <= 0:
        yield GuessQuestion("prevention", title, asked, Unit.PER_CENT, year, "money", where, None, said.sentence)
        return
    kind = "only tags of high confidence, to all tags with unmapped money"
    truth = _truth(found.tagged, (found.low, found.high), kind, said.sentence, said.basis)
    yield GuessQuestion("prevention", title, asked, Unit.PER_CENT, year, "money", where, truth)


def _deprived(release: Release) -> Iterator[GuessQuestion]:
    """Of the children of the most deprived fifth, who has the broadest need."""
    title = "Need in the most deprived fifth"
    told = [s for s in evidence.surveys(release) if f"{s.code}_simd" in release and unequal.asked(release, s.code)]
    if not told:
        why = "This release tells no survey by deprivation fifth."
        yield GuessQuestion("deprived", title, title, Unit.PER_CENT, release.manifest.year, "needs", why_not=why)
    for survey in told:
        open_ones = [i for i in unequal.asked(release, survey.code) if not i.sensitive]
        for need in sorted(open_ones, key=lambda i: (not i.verified, *_broad(i)))[:1]:
            yield _of_fifth(release, survey, need, f"{title}: {survey.title}")


def _broad(need: Indicator) -> tuple[bool, int]:
    known = need.code in reach_counts.BROADEST
    return not known, reach_counts.BROADEST.index(need.code) if known else 0


def _of_fifth(release: Release, survey: SurveyInfo, need: Indicator, title: str) -> GuessQuestion:
    row = unequal.one(release, survey.code, need)
    most = row.rows[0].most
    asked = f"Of every 100 {survey.children} in the most deprived fifth, how many have this need ({need.need})?"
    where = {"needs_view": "Fair shares", "needs_survey": survey.title}
    truth, why = None, f"Its figure is {evidence.why(most.pct.state)}."
    if most.shown and most.pct.value is not None:
        ends, why = None if most.low is None or most.high is None else (most.low, most.high), ""
        said = f"{need.need}: {most.pct.text()}% of {survey.children} in the most deprived fifth."
        truth = _truth(most.pct.value, ends, "95% interval", said, row.basis)
    return GuessQuestion(f"deprived:{survey.code}", title, asked, Unit.PER_CENT, survey.wave, "needs", where, truth, why)


def _cost(release: Release) -> Iterator[GuessQuestion]:
    """What one child costs in the dearest service whose price may stand on the big screen."""
    title, where = "Cost of one place", {"money_question": "4 Cost"}
    year = release.manifest.year
    if not spend_map.has_money(release):
        yield GuessQuestion("cost", title, title, Unit.POUNDS, year, "money", where, None, NO_MONEY)
        return
    found = unit_prices.unit_prices(release, on_screen=True)
    several = {str(a["service_name"]) for a in big_screen.register(release).values() if big_screen.merged(a)}
    each = {str(r["Service"]): evidence.number(r[EACH]) for r in found.view.numbers.to_dict("records")}
    known = {name: cost for name, cost in each.items() if cost is not None and name not in several}
    if not known:
        why = "No service has both money and children, and a price that may stand on the big screen."
        yield GuessQuestion("cost", title, title, Unit.POUNDS, year, "money", where, None, why)
        return
    name = max(known, key=lambda one: known[one])
    said = f"“{name}” costs £{known[name]:,.0f} for each child served in {year}."
    asked = f"For each child it serves, what does “{name}” cost in a year, in pounds?"
    truth = _truth(known[name], None, "", said, found.view.headline.basis)
    yield GuessQuestion("cost", f"{title}: {name}", asked, Unit.POUNDS, year, "money", where, truth)


def _truth(value: float | None, ends: tuple[float, float] | None, kind: str, sentence: str, basis: str) -> Truth:
    low, high = (round(ends[0]), round(ends[1])) if ends else (None, None)
    return Truth(None if value is None else round(value), low, high, kind if ends else "", sentence, basis)
