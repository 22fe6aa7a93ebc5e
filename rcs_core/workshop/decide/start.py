"""Where the record of a decision starts: a choice of moves, or a decision that gets a further version, as a draft filled in."""

from collections.abc import Sequence
from dataclasses import fields

from rcs_core.release import Release
from rcs_core.workshop.decide import prefill, told
from rcs_core.workshop.decide.moves import Move, OnTable, Way
from rcs_core.workshop.decide.parts import Decision, Draft, Verdict
from rcs_core.workshop.decide.safety import Assessment, AssessmentKind, SafetySheet


def of_moves(found: OnTable, chosen: Sequence[Move], release: Release, veil: frozenset[str] = frozenset()) -> Draft:
    """A draft about some moves: their money as the kept scenario has it, a title, and what the register knows of what loses.

    veil: services whose price is not shown now, so that the title does not say it.
    """
    kept = found.kept
    named = {m.service_id for m in chosen} | {line.agency for m in chosen for line in m.money}
    return Draft(
        title=told.title(chosen, found.last, found.rough, veil),
        verdict=Verdict.GO,
        service_ids=tuple(m.service_id for m in chosen),
        scenario=kept.link if chosen else "",
        scenario_title=kept.title if chosen else "",
        money=tuple(line for m in chosen for line in m.money),
        price_year=found.plan.price_year if chosen else "",
        names={code: name for code, name in found.names.items() if code in named},
        rough=found.rough and bool(chosen),
        owner_agency=largest_payer(chosen),
        safety=prefill.sheet(release, chosen, found.rough),
        release_id=kept.draft.release_id if chosen else release.id,
        release_hash=kept.draft.release_hash if chosen else release.manifest.content_hash,
    )


def in_words(release: Release, takes_away: bool = False) -> Draft:
    """A draft without figures. takes_away: the room says that it takes something from a service, so it needs a sheet."""
    sheet = SafetySheet(assessments=tuple(Assessment(kind) for kind in AssessmentKind)) if takes_away else None
    return Draft(title="", verdict=Verdict.GO, safety=sheet, release_id=release.id, release_hash=release.manifest.content_hash)


def again(found: Decision) -> Draft:
    """A draft of a further version of a decision: all as it stands, with its own figures."""
    return Draft(**{f.name: getattr(found, f.name) for f in fields(Draft)} | {"based_on": found.version})


def largest_payer(chosen: Sequence[Move]) -> str:
    """The agency whose spend these moves change most; blank where there is none."""
    sums: dict[str, float] = {}
    for m in chosen:
        for line in m.money:
            sums[line.agency] = sums.get(line.agency, 0.0) + abs(line.change_gbp)
    return max(sums, key=lambda agency: sums[agency], default="")


def groups(found: OnTable) -> dict[str, tuple[str, list[str]]]:
    """The choices of moves that a room makes at once: all that grows, all that shrinks; each with its services."""
    verbs = {Way.GROWS: "grow", Way.SHRINKS: "shrink", Way.SWAPS: "change payer"}
    return {
        f"way:{way.value}": (f"All {len(moves)} that {verbs[way]}", [m.service_id for m in moves])
        for way in Way
        if len(moves := found.of_group[way]) > 1
    }


def widened(found: OnTable, picked: Sequence[str]) -> list[Move]:
    """The moves of a choice in which groups may stand for their services."""
    known = groups(found)
    return found.chosen([service for one in picked for service in (known[one][1] if one in known else [one])])
