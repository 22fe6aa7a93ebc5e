"""The workbook of a shift that was tried on a release: what its cover, notes and assumptions say, and what stands beside it."""

import datetime as dt
from collections.abc import Sequence

from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.export.extras import extras_of
from rcs_core.workshop.export.scenario_about import About
from rcs_core.workshop.inputs import promises
from rcs_core.workshop.inputs.depths import Standing
from rcs_core.workshop.inputs.reconcile import reconcile
from rcs_core.workshop.inputs.unsaid import assumptions
from rcs_core.workshop.shift import Shift

UNITS = "children or cases a year"


def about_shift(
    release: Release, shift: Shift, standing: Standing, day: dt.date, author: str = "", notes: Sequence[str] = ()
) -> About:
    """What the workbook of a shift says of itself. notes: what else there is to say, before all other notes."""
    moved = [one.sentence for one in promises.moved(shift.levers, shift.names)]
    agrees = reconcile(release, shift.scenario, shift.inputs).sentence
    about = release.manifest
    return About(
        partnership=about.partnership,
        release_id=release.id,
        date=day,
        author=author,
        fictional=about.fictional,
        depth=shift.scenario.depth,
        units=UNITS,
        notes=(*notes, shift.levers.text(), *moved, standing.sentence, agrees),
        names=shift.names,
        assumptions=assumptions(),
        built=about.built_at[:10],
        bought=_bought(release, shift),
        extras=extras_of(shift.scenario, shift.result, shift.names, shift=shift, release=release),
    )


def _bought(release: Release, shift: Shift) -> int:
    """How many services of the scenario are bought, so that their spend is somebody's price."""
    scenario = shift.scenario
    return len({s.id for part in (scenario.prevention, scenario.acute, scenario.held) for s in part} & big_screen.bought(release))
