"""Who opted out, for "who is not in the picture": a sentence always, a share only where no small group follows from it."""

import math

from rcs_core.records.estimate.pupils import PupilSurvey
from rcs_core.records.link import Linked

_SURVEY = "Pupils who opted out of the survey: none of their answers is used, in any wave."
_LINKAGE = (
    "Pupils who opted out of having records joined: their contact with services is not known, so they, and their answers to the "
    "questions that are set against contact, are in no figure of who gets help."
)


def opted_out_rows(survey: PupilSurvey, linked: Linked, min_cell: int) -> list[tuple[str, int | None, str]]:
    """Rows of `coverage` (topic, pct of the roll, text) where opt-outs came with the folder; none otherwise."""
    if linked.opted_out is None:
        return []
    roll, pupils = len(survey.roll), survey.roll["pupil_id"]
    counts = {scope: int(pupils.isin(list(out)).sum()) for scope, out in linked.opted_out.items()}
    silent = roll - max(int(n) for n in survey.cube.yes.sum(axis=0) + survey.cube.no.sum(axis=0))
    rows = [("opted_out_survey", tellable_pct(counts["survey"], roll, silent, min_cell), _SURVEY)]
    if linked.linked:
        rows.append(("opted_out_linkage", tellable_pct(counts["linkage"], roll, roll, min_cell), _LINKAGE))
    return rows


def tellable_pct(count: int, roll: int, among: int, min_cell: int) -> int | None:
    """A share of the roll in whole per cent; None when it, or what it leaves of the group it is among, may be a small group.

    count: who opted out; among: the group they are seen to be part of (who did not answer, or the whole roll).
    """
    if count < min_cell or not roll:
        return None
    pct = round(100 * count / roll)
    fewest = math.ceil((pct - 0.5) / 100 * roll)
    most = math.ceil((pct + 0.5) / 100 * roll) - 1
    return pct if fewest >= min_cell and among - most >= min_cell else None
