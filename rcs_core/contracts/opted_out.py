"""Opt-outs: whose survey answers are left out, in every wave, and whose records are not joined.

In: `opt_outs.csv` as mended. Out: one `drop` for every form of a pupil who opted out of the survey, so that receipts count
it like any other row that is left out. That no record is joined to a pupil is done where records are linked.
"""

from collections.abc import Collection, Mapping

import pandas as pd

from rcs_core.contracts.across import group
from rcs_core.contracts.clean import Mended, standing_in
from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.model import Rule
from rcs_core.vocab import Severity

STEM = "opt_outs"
CODE = "opted_out"
"""The rule by which receipts count the forms that are left out."""
FROM_SURVEY = frozenset({"survey", "all"})
FROM_LINKAGE = frozenset({"linkage", "all"})
"""The scopes that keep a pupil's answers, and a pupil's records, out."""


def pupils_out(opt_outs: pd.DataFrame | None, scopes: Collection[str]) -> frozenset[str]:
    """The pupils with an opt-out of one of the scopes; none where there is no such table."""
    if opt_outs is None or not {"pupil_id", "scope"} <= set(opt_outs.columns):
        return frozenset()
    mine = opt_outs.loc[opt_outs["scope"].isin(list(scopes)), "pupil_id"]
    return frozenset(str(pupil) for pupil in mine if pupil)


def out_of_survey(tables: Mapping[str, Mended]) -> frozenset[str]:
    """The pupils of a folder who opted out of the survey."""
    table = tables.get(STEM)
    return pupils_out(None if table is None else table.frame, FROM_SURVEY)


def check_opted_out(survey: Mended, out: frozenset[str]) -> list[Breaches]:
    """The forms of pupils who opted out of the survey: each is left out, whichever of its pupil's it is."""
    if not out or "pupil_id" not in survey.frame.columns:
        return []
    hit = standing_in(survey.frame["pupil_id"], out)
    remedy = "nothing need be done: the pupil opted out of the survey"
    rule = Rule(CODE, "no form of a pupil who opted out of the survey", Severity.DROP, remedy)
    return group(survey, hit, rule, "pupil_id", [MASK] * int(hit.sum()))


def check_found(tables: Mapping[str, Mended], earlier: Collection[str], surveys: Collection[str]) -> list[Breaches]:
    """Opt-outs of pupils who stand in no file of the folder: perhaps gone, perhaps pseudonyms of another key.

    earlier: pupils who answered in earlier waves; surveys: the names of the tables of pupil surveys. Where many opt-outs
    are of nobody at all, the pseudonyms are of another key and the opt-outs would not be honoured: an error.
    """
    table = tables.get(STEM)
    if table is None or table.frame.empty or "pupil_id" not in table.frame.columns:
        return []
    known = set(earlier)
    for stem in ("pupil_census", *surveys):
        if stem in tables and "pupil_id" in tables[stem].frame.columns:
            known |= set(tables[stem].frame["pupil_id"])
    lost = ~standing_in(table.frame["pupil_id"], known | {""})
    if lost.all() and len(lost) >= _MANY:
        said, remedy = "at least one pupil who stands in another file", "make the pseudonyms of all files with the same key"
        value = (f"none of {len(lost):,}",)
        return [Breaches(Severity.ERROR, table.file, "other_pseudonyms", said, remedy, table.sheet, "pupil_id", (), value)]
    remedy = "look whether the pseudonym was made with the same key; a pupil who has left needs nothing more"
    rule = Rule("opt_out_of_nobody", "a pupil who stands in another file", Severity.NOTE, remedy)
    return group(table, lost, rule, "pupil_id", [MASK] * int(lost.sum()))


_MANY = 10
"""Opt-outs of nobody from which it is no chance."""
