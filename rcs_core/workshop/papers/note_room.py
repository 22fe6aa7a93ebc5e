"""Parts of the workshop note that come from the room: what it decided, with dissent as written; who is missing; what is next."""

from collections.abc import Callable, Sequence

from rcs_core.workshop import big_screen, leaves_out
from rcs_core.workshop import shift as view
from rcs_core.workshop.decide import lists
from rcs_core.workshop.decide.parts import Decision, Standing, Verdict
from rcs_core.workshop.decide.told import summary
from rcs_core.workshop.inputs.assumed import assumed
from rcs_core.workshop.papers.note_case import Case
from rcs_core.workshop.papers.pages import Section
from rcs_core.workshop.spend_map.money import agency_label

SHIFT = "shift"


def sections(case: Case) -> list[Section]:
    """What comes from the room, in the order of the note."""
    found = _first_of_this(case)
    return [_decided(case, found), _missing(case), _next(case, found)]


def _first_of_this(case: Case) -> list[Decision]:
    """The decisions, those about this scenario first."""
    link = case.kept.link if case.kept else None
    return sorted(case.decisions, key=lambda d: d.scenario != link) if link else list(case.decisions)


def _decided(case: Case, found: Sequence[Decision]) -> Section:
    heading = "What is decided so far?"
    if not found:
        return Section(heading, before="Nothing is recorded as decided yet.")
    head = summary(found)
    items = [item for one in found for item in _decision(one, case)]
    rest = "Lines on decisions left out here: {n}. The page Decide has them all."
    return Section(heading, items, least=4, rest=rest, weight=2, before=f"{head.text} {head.basis}")


def _decision(one: Decision, case: Case) -> list[tuple[str, str]]:
    """A decision in a line, then its dissent in the words it was given in."""
    hush = _hush(one, case.veil)
    owner = ", ".join(filter(None, (one.owner, agency_label(one.owner_agency) if one.owner_agency else "")))
    facts = [
        f"{one.verdict.label.partition(':')[0]}, {one.standing.label.lower()}",
        f"owner: {owner or 'nobody yet'}",
        f"by {one.by.isoformat()}" if one.by else "no date",
        f"decided by: {one.body}" if one.body else "",
        f"figures of release {one.release_id}" if one.release_id and one.release_id != case.stamp.release_id else "",
    ]
    terms = f" Conditions: {hush('; '.join(one.conditions)).rstrip('.')}." if one.conditions else ""
    lines = [(f"{one.id} {hush(one.title)}:", f"{'; '.join(filter(None, facts))}.{terms}")]
    return lines + [(f"Dissent on {one.id}:", hush(words)) for words in lists.said_against(one)]


def _hush(one: Decision, veil: frozenset[str]) -> Callable[[str], str]:
    """What somebody typed about a decision; without sums where a bought service of it keeps its price."""
    return (lambda words: big_screen.SUM.sub("–", words)) if veil & set(one.service_ids) else str


def _missing(case: Case) -> Section:
    """Who is not in the picture, and what a reader has to know."""
    page = leaves_out.pages()[SHIFT]
    caveats = view.caveats(case.release, case.shift) if case.release and case.shift.possible else page.not_shown
    items = [("", line) for line in (*page.not_in_picture, *caveats)]
    return Section(
        "Who and what is not in the picture?", items, least=2, rest="Caveats left out here: {n}. Try a shift has them all."
    )


def _next(case: Case, found: Sequence[Decision]) -> Section:
    """What comes next: what proposals wait for, what has to be found out, what is due, and how to come back to this."""
    agreed = [d for d in found if d.standing is Standing.AGREED and d.verdict is Verdict.GO and d.by]
    items = [(f"{d.id} {_hush(d, case.veil)(d.title)}:", f"waits for {_few(d.gaps)}.") for d in found if d.gaps]
    items += [
        (f"{d.id} {_hush(d, case.veil)(d.title)}:", f"to find out first, {_who(d)}.")
        for d in found if d.verdict is Verdict.EXPLORE and not d.gaps
    ]  # fmt: skip
    items += [(f"{d.id}:", f"due by {d.by}, {_who(d)}.") for d in sorted(agreed, key=lambda d: str(d.by))]
    return Section(
        "What next?",
        [*_standing(case), *items, ("", _back(case))],
        least=2,
        rest="Left out here: {n}. The page Decide has them all.",
    )


def _standing(case: Case) -> list[tuple[str, str]]:
    """What it would take for this to be the basis of a decision."""
    share = case.standing.guess_share
    if not case.shift.possible:
        return [("", "Change one of the promises that clash, and look again.")]
    if not case.stamp.discussion or share is None:
        return []
    limit = f"{assumed('guess_limit'):.0%}"
    return [("Before a decision:", f"replace guesses by what is known until less than {limit} of the pounds moved rest on them; "
             "What we do not know, in Try a shift, lists them.")]  # fmt: skip


def _back(case: Case) -> str:
    """How to come back to this scenario."""
    if case.kept:
        return f"To open it again: the address of Try a shift ends in kept={case.kept.link}; its workbook has every number."
    return "To come back to it: keep the scenario by name in Try a shift; its workbook has every number and its source."


def _who(one: Decision) -> str:
    return one.owner or (agency_label(one.owner_agency) if one.owner_agency else "nobody named yet")


def _few(texts: Sequence[str]) -> str:
    """The first of some texts, and how many more."""
    more = len(texts) - 1
    return f"{texts[0]}{f', and {more} more that Decide lists' if more > 0 else ''}"
