"""What a workshop note is about: the scenario of a screen, one that was kept, or one in a file; with what the room decided."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.workshop.couple import Levers, compare, levers_kept
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.couple.parts import Inputs
from rcs_core.workshop.decide.parts import Decision
from rcs_core.workshop.inputs import told
from rcs_core.workshop.inputs.depths import Standing
from rcs_core.workshop.kept import Kept
from rcs_core.workshop.scenario import load_scenario, solve
from rcs_core.workshop.scenario.own_plan import Scored
from rcs_core.workshop.shift import Shift, try_shift
from rcs_core.workshop.versus import Side, of_kept

_POUNDS = "GBP thousand"
_NOT_TOLD = "year not told"


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario with its plan, and whose note it is.

    called: the scenario's name. levers: what the room set (None: of a file, which does not say). release: what it was worked out
    on, where that is at hand. kept: the version it comes from. scored: what became of a plan of one's own. veil: services whose
    price is kept back, as on the big screen.
    """

    shift: Shift
    stamp: Stamp
    standing: Standing
    called: str
    levers: Levers | None = None
    release: Release | None = None
    kept: Kept | None = None
    scored: Scored | None = None
    decisions: Sequence[Decision] = ()
    veil: frozenset[str] = frozenset()


def of_shift(
    release: Release, shift: Shift, stamp: Stamp, standing: Standing | None = None, decisions: Sequence[Decision] = (),
    veil: frozenset[str] = frozenset(), kept: Kept | None = None,
) -> Case:  # fmt: skip
    """The scenario of a screen. kept: the version that is open and unchanged, where one is."""
    stands = standing or told.standing(shift)
    called = kept.title if kept else shift.levers.preset.label
    stamp = replace(stamp.discussed(stands.discussion_only), price_year=shift.scenario.price_year)
    return Case(shift, stamp, stands, called, shift.levers, release, kept, decisions=decisions, veil=veil)


def of_version(
    kept: Kept, release: Release, stamp: Stamp, decisions: Sequence[Decision] = (), veil: frozenset[str] = frozenset()
) -> Case:
    """A kept version: worked out from its levers where it was kept on this release, else from the file that was kept."""
    levers = levers_kept.read(kept.draft.levers) if kept.draft.levers else None
    here = kept.draft.release_hash == release.manifest.content_hash
    if here and levers and not kept.draft.plan:
        return of_shift(release, try_shift(release, levers), stamp, decisions=decisions, veil=veil, kept=kept)
    side = of_kept(kept, levers)
    own = stamp if here else replace(stamp, release_id=kept.draft.release_id or "not named", built="", year=_NOT_TOLD)
    found = _of_side(side, own, kept.title, levers)
    return replace(found, kept=kept, scored=side.scored, decisions=decisions, release=release if here else None, veil=veil)


def unstated(day: dt.date, author: str = "") -> Stamp:
    """Whose a scenario file is: it names no area and no release."""
    return Stamp("Area not stated", _NOT_TOLD, "none-named", "", day, author=author)


def of_file(path: Path, stamp: Stamp) -> Case:
    """A scenario file, which names no release and no levers. Raises ScenarioError where it does not count in pounds."""
    scenario = load_scenario(path)
    result = solve(scenario)
    side = Side(scenario.name or path.stem, scenario, result, compare(scenario, result), {})
    return _of_side(side, stamp, side.title, None)


def _of_side(side: Side, stamp: Stamp, called: str, levers: Levers | None) -> Case:
    scenario = side.scenario
    if scenario.money != _POUNDS:
        raise ScenarioError("a note counts in pounds", called, scenario.money, _POUNDS, "take its workbook instead")
    depth = Depth(scenario.depth)
    unknown = Inputs(dict(side.names), tuple(a.id for a in scenario.agencies), (), (), {}, "", scenario.price_year, 0)
    shift = Shift(scenario, side.result, side.found, side.names, levers or Levers(shift_pct=0.0, depth=depth), unknown)
    stands = told.standing(shift)
    stamp = replace(stamp.discussed(stands.discussion_only), price_year=scenario.price_year)
    return Case(shift, stamp, stands, called, levers)
