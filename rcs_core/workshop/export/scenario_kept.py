"""The workbook of a kept scenario on the release that is served: from its levers where it has some, else from what was kept."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import rcs_core
from rcs_core.release import Release
from rcs_core.workshop.couple import levers_kept
from rcs_core.workshop.export.scenario_book import About, judged
from rcs_core.workshop.export.scenario_shift import UNITS, about_shift
from rcs_core.workshop.inputs.told import standing
from rcs_core.workshop.kept import Kept
from rcs_core.workshop.scenario import Result, Scenario, parse_scenario, solve
from rcs_core.workshop.shift import try_shift


@dataclass(frozen=True, slots=True)
class Book:
    """What a workbook is written from."""

    scenario: Scenario
    result: Result
    about: About


def book_of_kept(release: Release, kept: Kept, day: dt.date) -> Book:
    """Work a kept version out anew: on this release from its levers, as the screen does; without levers from its own file.

    Raises ScenarioError where this program no longer reads what was kept.
    """
    notes = _notes(release, kept)
    if kept.draft.levers is None:
        scenario = parse_scenario(dict(kept.draft.scenario), f"the kept scenario {kept.title}")
        names = dict(kept.draft.names)
        result = solve(scenario, names)
        about = About(
            partnership=release.manifest.partnership,
            release_id=kept.draft.release_id or release.id,
            date=day,
            author=kept.author,
            fictional=release.manifest.fictional,
            depth=scenario.depth,
            units=UNITS,
            notes=notes,
            names=names,
        )
        return Book(scenario, result, judged(scenario, result, about))
    shift = try_shift(release, levers_kept.read(kept.draft.levers))
    about = about_shift(release, shift, standing(shift), day, kept.author, notes)
    return Book(shift.scenario, shift.result, judged(shift.scenario, shift.result, about))


def _notes(release: Release, kept: Kept) -> Sequence[str]:
    """Who kept it, when and on what; and what of it is not in the workbook."""
    found = [f"Kept as {kept.title} by {kept.author} on {kept.at[:10]}, for: {kept.draft.purpose}. {kept.draft.note}".strip()]
    if kept.draft.release_hash and kept.draft.release_hash != release.manifest.content_hash:
        on = f"release {kept.draft.release_id}, program {kept.code or 'not named'}"
        again = (
            "worked out anew on today's release" if kept.draft.levers is not None else "solved again from the file that was kept"
        )
        found.append(f"It was kept on another release ({on}) and is {again} with program {rcs_core.__version__}.")
    if kept.draft.plan:
        found.append("A plan of the room's own was kept with it. This workbook has the solved plan of the same scenario.")
    return found
