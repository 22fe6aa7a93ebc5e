"""Differences, changes and inequality against R's `survey`: the same children, weights and margins, done by another hand.

The known answers are of R 4.2.2 with survey 4.1.1: `svydesign(ids = ~school, strata = ~sector)`, raked with `calibrate` to
stage x sex and deprivation (waves: stacked, margins a wave), shares and their contrasts by `svycontrast` of `svytotal`.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from rcs_core.records.catalogue import catalogue
from rcs_core.records.estimate import weights
from rcs_core.records.estimate.by_school import Places, Reading
from rcs_core.records.estimate.changes import Waves, council_change
from rcs_core.records.estimate.inequality import inequality
from rcs_core.records.estimate.pupils import prepare
from rcs_core.records.estimate.rules import rules
from tests.records.compare_case import own_variance
from tests.records.estimate_case import linked_from, population, respond

KNOWN = {
    ("feels_safe_in_area", "no"): {
        "gap": (-0.1709271907, 0.0362554672),
        "ratio": (-0.4160561114, 0.0860827113),
        "slope_index": (-0.2397553754, 0.0486461679),
        "relative_index": (-0.5733080171, 0.1166673115),
        "C01 less the rest": (-0.0027724539, 0.0212271055),
        "change": (-0.2527215115, 0.0189732994),
    },
    ("bullied_last_year", "yes"): {
        "gap": (0.1608753601, 0.0496090842),
        "ratio": (0.4427630301, 0.1417305430),
        "slope_index": (0.2749266725, 0.0473310758),
        "relative_index": (0.7378773059, 0.1356934119),
        "C01 less the rest": (-0.0060283186, 0.0360448473),
        "change": (0.1737727722, 0.0252551897),
    },
}
"""Estimate and standard error; of the ratio, its logarithm."""


def places(seed: int, wave: str, monkeypatch: pytest.MonkeyPatch) -> Places:
    """A survey whose weights are raked to the margins of variance (b) and no others, so that one call of R rakes alike."""
    monkeypatch.setattr(weights, "_TRIED", weights._TRIED[1:2] * 2)
    people = population(seed, clusters=3, primaries=4)
    linked = linked_from(people, respond(people, seed + 6), parents=False)
    linked = replace(linked, partnership=linked.partnership | {"survey_wave": wave})
    survey = prepare(linked, "pupil_p5_p7", catalogue(), rules())
    assert survey is not None
    return Places.of(survey)


@pytest.mark.parametrize(("item", "need"), KNOWN)
def test_every_measure_agrees_with_r(item: str, need: str, monkeypatch: pytest.MonkeyPatch) -> None:
    newer, older = (Reading.of(places(seed, wave, monkeypatch), item, need) for seed, wave in ((1, "2025"), (2, "2023")))
    assert newer.df == 11
    known, t = KNOWN[item, need], stats.t.ppf(0.975, 11)
    for measure, *ends in inequality(newer, rules()):
        value, low, high = np.log(ends) if measure == "ratio" else ends
        assert (value, (high - low) / 2 / t) == pytest.approx(known[measure], abs=2e-10)
    own = newer.cluster[0] - newer.rest[0], np.sqrt(own_variance(newer)[0][0])
    assert own == pytest.approx(known["C01 less the rest"], abs=2e-10)
    change = council_change(Waves.of(newer, older), {})
    assert (change.value[0], np.sqrt(change.variance[0])) == pytest.approx(known["change"], abs=2e-10)
