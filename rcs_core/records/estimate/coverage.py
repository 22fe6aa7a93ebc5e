"""Who answered, who is not in the picture, and all pupils on the roll by named contact.

Nothing here may give a small group away by subtraction: a response rate, a linkage rate or a row of the roll is
published only when what it leaves between itself and every published base can be `min_cell` children or more.
"""

import math

import numpy as np
import pandas as pd

from rcs_core.records.catalogue import Catalogue
from rcs_core.records.estimate.domains import DETAIL, contact_groups
from rcs_core.records.estimate.opted_out import opted_out_rows
from rcs_core.records.estimate.pupils import PupilSurvey
from rcs_core.records.estimate.under_nine import parent_design
from rcs_core.records.link import Linked
from rcs_core.release import Table
from rcs_core.vocab import Contact

_ABSENT = "Pupils who were absent, opted out or did not finish are not in the picture; the weights let those like them speak."
_MISSING = (
    "A figure rests on the pupils who answered its question yes or no; who left it out or preferred not to say is not in it."
)
_SPECIAL = "Pupils of special schools are in the picture only where their school took part."
_NAMED = "Answers are linked to named contacts."
_NOT_NAMED = "Answers are not linked to any service's records."
_EARLIER = "Answers of an earlier wave are not linked to any service's records, nor is any pupil followed from wave to wave."
_PARENT = "A random sample of parents: families who could not be reached or declined are not in the picture."


def largest_implied(pct: int, whole: int) -> int:
    """The largest count that a share rounded to a whole per cent allows."""
    return math.ceil((pct + 0.5) / 100 * whole) - 1


def roll_told(survey: PupilSurvey, min_cell: int) -> int | None:
    """The pupils on the roll; None when under `min_cell` of them would be seen not to have answered some question."""
    roll = len(survey.roll)
    return roll if all(roll - base >= min_cell for base in _valid(survey)) else None


def response_pct(survey: PupilSurvey, min_cell: int) -> int | None:
    """The response rate in whole per cent; None when it, with the roll, would give a group under `min_cell` away.

    The groups are those who left a question out (respondents less its base) and those who did not respond at all.
    """
    roll = roll_told(survey, min_cell)
    if roll is None:
        return None
    pct = round(100 * survey.cube.respondents / roll)
    left_out = min(largest_implied(pct, roll), roll) - max(_valid(survey))
    silent = min(largest_implied(100 - pct, roll), roll)
    return pct if min(left_out, silent) >= min_cell else None


def _valid(survey: PupilSurvey) -> list[int]:
    """The valid answers to each indicator."""
    return [int(n) for n in survey.cube.yes.sum(axis=0) + survey.cube.no.sum(axis=0)]


def surveys_frame(
    surveys: list[PupilSurvey], linked: Linked, catalogue: Catalogue, min_cell: int, today: Linked | None = None
) -> pd.DataFrame:
    """One wave's rows of the release's `surveys` table: survey, wave, current, title, stages, roll, response_pct, note.

    today: the current wave's records, where `linked` may be an earlier one.
    """
    rows: list[tuple[object, ...]] = []
    current, said = _is_current(linked, today), _editions(linked, today)
    for survey in surveys:
        about = catalogue.surveys[survey.code]
        counts = (roll_told(survey, min_cell), response_pct(survey, min_cell))
        rows.append((survey.code, survey.wave, current, about.title, " ".join(about.stages), *counts, f"{about.note}{said}"))
    if "parent_0_8" in linked.surveys:
        about = catalogue.surveys["parent_0_8"]
        rows.append(("parent_0_8", linked.wave, current, about.title, "", None, None, about.note))
    frame = pd.DataFrame(rows, columns=["survey", "wave", "current", "title", "stages", "roll", "response_pct", "note"])
    return frame.astype({"current": "bool", "roll": "Int64", "response_pct": "Int64"})


def _is_current(linked: Linked, today: Linked | None) -> bool:
    return today is None or linked is today


def _editions(linked: Linked, today: Linked | None) -> str:
    """A sentence where a wave's deprivation fifths are of another edition of the index than today's."""
    editions = [str(one.partnership.get("simd_edition", "")) for one in (linked, today or linked)]
    if not all(editions) or editions[0] == editions[1]:
        return ""
    return f" Deprivation fifths are of SIMD {editions[0]}, today's of SIMD {editions[1]}: not comparable by deprivation."


def coverage_frame(surveys: list[PupilSurvey], linked: Linked, min_cell: int, today: Linked | None = None) -> pd.DataFrame:
    """One wave's rows of the release's `coverage` table (survey, wave, topic, pct, text): who is not in the picture."""
    rows: list[tuple[object, ...]] = []
    for survey in surveys:
        rows += _pupil_rows(survey, linked, min_cell, _is_current(linked, today))
    if "parent_0_8" in linked.surveys:
        rows.append(("parent_0_8", linked.wave, "response", None, _PARENT))
        rows.append(("parent_0_8", linked.wave, "linkage", None, "Never linked to a child's record, by design."))
        rows.append(("parent_0_8", linked.wave, "weights", None, _parent_weights(linked)))
    return pd.DataFrame(rows, columns=["survey", "wave", "topic", "pct", "text"]).astype({"pct": "Int64"})


def _parent_weights(linked: Linked) -> str:
    """How the parent survey is weighted, and what the figures therefore rest on."""
    if linked.population is None:
        return "The fieldwork's own weights: no count of the area's children under nine came to weight them to."
    margins = parent_design(linked.surveys["parent_0_8"], linked.population)[1]
    if not margins:
        return "The fieldwork's own weights: none of the margins of the children under nine could be met by the interviews."
    return f"Weighted to the children under nine of the area by {_and(margins)}."


def _pupil_rows(survey: PupilSurvey, linked: Linked, min_cell: int, current: bool) -> list[tuple[object, ...]]:
    pct = response_pct(survey, min_cell)
    said = f"{pct}% of pupils on the roll of these stages answered. " if pct is not None else ""
    contact = f"{_NAMED if linked.linked else _NOT_NAMED} {_which(linked)}".strip() if current else _EARLIER
    special = bool(linked.schools["sector"].eq("special").any())
    about = [
        ("response", pct, said + _ABSENT),
        ("linkage", *_linkage(survey, linked, min_cell)),
        ("weights", None, f"Weighted to the pupil census by {_and(survey.weights.margins)}."),
        ("contact", None, contact),
        ("item_missing", None, _MISSING),
        *([("special_schools", None, _SPECIAL)] if special else []),
        *opted_out_rows(survey, linked, min_cell),
    ]
    return [(survey.code, survey.wave, *row) for row in about]


def _and(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])}, and {words[-1]}" if len(words) > 1 else words[0]


def other_year(linked: Linked) -> str:
    """The year of the extracts where records are not linked and it is not that of the survey; blank otherwise."""
    year = str(linked.partnership.get("extracts_year") or "")
    return year if not linked.linked and year and year[:4] != linked.wave[:4] else ""


def _which(linked: Linked) -> str:
    if year := other_year(linked):
        return f"The extracts are of {year}, the answers of {linked.wave}: not the same year, so that no limits can be given."
    missing = [Contact(name).label for name in ("social_work", "additional_support") if name not in linked.extracts]
    return f"No extract came for: {', '.join(missing)}." if missing else ""


def _linkage(survey: PupilSurvey, linked: Linked, min_cell: int) -> tuple[int | None, str]:
    """The share of forms found in the pupil census, unless it would show a handful of lost forms."""
    about = linked.coverage[(linked.coverage["survey"] == survey.code) & (linked.coverage["topic"] == "linkage")]
    if about.empty or not float(about["pct"].iloc[0]):
        return None, ""
    exact, text = float(about["pct"].iloc[0]), str(about["text"].iloc[0])
    forms = round(100 * survey.cube.respondents / exact)
    pct = round(exact)
    return (pct if largest_implied(100 - pct, forms) >= min_cell else None), text


def contact_roll(survey: PupilSurvey, linked: Linked, needs: list[str], min_cell: int) -> Table | None:
    """All pupils on the roll of the survey's stages by named contact, for the council; None when nothing may be told.

    A row is withheld when the roll less the valid base of an indicator shown for the same group is under `min_cell`:
    that difference is the group of those who did not answer. Rows from which it follows are withheld with it. Pupils who opted
    out of linkage are in no row; where there are fewer than `min_cell` of them nothing is told.
    """
    if not linked.extracts or other_year(linked):
        return None
    groups = contact_groups(linked.extracts, detail=linked.linked)
    counts = _linked_counts(survey, groups) if linked.linked else _unlinked_counts(survey, linked)
    bases = _bases(survey, groups, needs) if linked.linked else {Contact.ALL: _bases(survey, groups, [])[Contact.ALL]}
    if 0 < len(survey.roll) - counts[Contact.ALL] < min_cell:
        return None
    kept = tellable(counts, bases, groups, min_cell)
    rows = [(survey.code, survey.wave, survey.council, code.value, counts[code], "shown") for code in groups if code in kept]
    if not rows:
        return None
    frame = pd.DataFrame(rows, columns=["survey", "wave", "area", "contact", "n", "state"]).astype({"n": "Int64"})
    return Table(
        f"{survey.code}_contact_roll", "All pupils on the roll by named contact", frame, ("area", "contact"), ("survey", "wave")
    )


def _linked_counts(survey: PupilSurvey, groups: dict[Contact, tuple[Contact, ...]]) -> dict[Contact, int]:
    each = survey.roll["contact"].value_counts()
    return {code: int(sum(each.get(part.value, 0) for part in parts)) for code, parts in groups.items()}


def _unlinked_counts(survey: PupilSurvey, linked: Linked) -> dict[Contact, int]:
    """The roll, and each extract's own count of children in the survey's stages.

    An extract that counts more children than the roll is of other children, and tells nothing of these.
    """
    stages, roll, totals = set(survey.roll["stage"]), len(survey.roll), linked.extract_totals
    counts = {Contact.ALL: roll}
    for name in linked.extracts:
        here = totals[(totals["extract"] == name) & totals["stage"].isin(stages)]
        inside = int(here["n"].sum())
        if inside <= roll:
            counts |= {Contact(name): inside, Contact(f"no_{name}"): roll - inside}
    return counts


def _bases(survey: PupilSurvey, groups: dict[Contact, tuple[Contact, ...]], needs: list[str]) -> dict[Contact, list[int]]:
    """The valid bases that are published for each contact group; for all children those of every indicator."""
    cube = survey.cube
    valid, contact = cube.yes + cube.no, cube.atoms["contact"].astype(str)
    columns = [cube.indicators.index(i) for i in needs]
    found = {}
    for code, parts in groups.items():
        inside = contact.isin([p.value for p in parts]).to_numpy()
        asked = range(valid.shape[1]) if code is Contact.ALL else columns
        found[code] = [int(valid[inside, column].sum()) for column in asked]
    return found


def tellable(
    counts: dict[Contact, int], bases: dict[Contact, list[int]], groups: dict[Contact, tuple[Contact, ...]], min_cell: int
) -> set[Contact]:
    """The contact codes whose roll may be told: none with a small remainder, none from which one follows by sums."""
    withheld = {code for code, seen in bases.items() if any(counts[code] - base < min_cell for base in seen)}
    if Contact.ALL in withheld:
        return set()
    kept = set(counts) - withheld
    parts = {code: np.array([part in groups[code] for part in DETAIL], dtype=float) for code in counts}
    while any(_follows(parts[code], [parts[k] for k in kept]) for code in withheld):
        loose = sorted(kept - {Contact.ALL}, key=lambda code: (counts[code], code.value))
        if not loose:
            return set()
        kept.discard(loose[0])
    return kept


def _follows(wanted: np.ndarray, known: list[np.ndarray]) -> bool:
    """Whether one group is a sum or difference of known groups."""
    if not known:
        return False
    rank = np.linalg.matrix_rank
    return bool(rank(np.array([*known, wanted])) == rank(np.array(known)))
