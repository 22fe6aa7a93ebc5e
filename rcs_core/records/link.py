"""From records to linked records: each survey answer joined to its pupil's roll, and to named contacts where linked.

In: `Records`. Out: `Linked`, with the roll as the one source of school, stage, sex and deprivation. A pupil's contact is
none, social_work_only, additional_support_only or both; without linkage there is no such column, only totals by stage. The
contact of a pupil who opted out of linkage is unknown, which is not "none": what they answered to the questions that are set
against contact is left out of every table, so that nobody can find it by taking one table from another.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rcs_core.contracts.opted_out import FROM_LINKAGE, FROM_SURVEY, pupils_out
from rcs_core.records.catalogue import Catalogue, catalogue
from rcs_core.records.ingest import Records
from rcs_core.vocab import Contact, Survey

PUPIL_SURVEYS = tuple(survey.value for survey in Survey if survey.of_pupils)
_ROLL = ["pupil_id", "school_code", "cluster_code", "stage", "sex", "simd_quintile"]
EXTRACTS = ("social_work", "additional_support")
"""The council's two extracts of named contacts; either may be missing."""
NOT_IN_CENSUS = "not_in_census"
"""The rule by which the check's receipts count forms of unknown pupils."""
UNKNOWN = "unknown"
"""The contact of a pupil who opted out of linkage: in no group by contact."""
NO_CONTACT = frozenset({"", "none"})
"""Social work statuses that are no contact."""
LOOKED_AFTER = frozenset(
    {"looked_after_at_home", "looked_after_away", "kinship", "foster", "other_community", "residential", "secure"}
)
"""Social work statuses of looked-after children; continuing care and aftercare come after it."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Linked records of one partnership.

    roll: every pupil with cluster and, when linked, contact and care. surveys: pupil answers with school, cluster, stage, sex,
    deprivation (and contact, care) from the roll; the parent survey as it came. extract_totals: children in each extract by
    stage (extract, stage, n); extracts names those that came. coverage: survey, topic, pct (exact, not yet fit to
    publish), text. linked: whether surveys and extracts share pseudonyms. earlier: the same of each earlier survey wave, the
    newest first, linked to the roll of its own year and to no contact. opted_out: pupils by what they opted out of
    (survey, linkage); None where no opt-outs came. population: children under nine by age band, sex and deprivation fifth,
    where they were sent.
    """

    partnership: dict[str, Any]
    schools: pd.DataFrame
    roll: pd.DataFrame
    surveys: dict[str, pd.DataFrame]
    extract_totals: pd.DataFrame
    coverage: pd.DataFrame
    linked: bool
    extracts: tuple[str, ...] = EXTRACTS
    earlier: tuple["Linked", ...] = ()
    opted_out: dict[str, frozenset[str]] | None = None
    population: pd.DataFrame | None = None

    @property
    def wave(self) -> str:
        """The survey wave as the partnership calls it."""
        return str(self.partnership["survey_wave"])


def link(records: Records) -> Linked:
    """Join surveys and named contacts to the pupil census; nothing is guessed, what does not join is counted."""
    extracts = tuple(name for name in EXTRACTS if getattr(records, name) is not None)
    linked = records.partnership.get("linkage") == "linked" and bool(extracts)
    roll = _roll(records, linked)
    needs = [code for code, about in catalogue().indicators.items() if about.contact]
    surveys, coverage = {}, []
    for code, frame in records.surveys.items():
        if code in PUPIL_SURVEYS:
            surveys[code] = _kept_from_contact(_join(frame, roll), needs)
            coverage.append(_linkage(code, frame, surveys[code], records.receipts))
        else:
            surveys[code] = frame.reset_index(drop=True)
    about = pd.DataFrame(coverage, columns=["survey", "topic", "pct", "text"])
    earlier = tuple(link(wave) for wave in records.earlier)
    totals = _extract_totals(records)
    out = _opted_out(records.opt_outs)
    area = (records.partnership, records.schools, roll, surveys, totals, about, linked, extracts, earlier, out)
    return Linked(*area, population=records.population)


def asked_by(linked: Linked) -> Catalogue:
    """The catalogue as the partnership asked it, in any of its waves: its own wordings, and the further questions it chose."""
    about, came = linked.partnership, dict[str, set[str]]()
    for wave in (linked, *linked.earlier):
        for code, frame in wave.surveys.items():
            came.setdefault(code, set()).update(frame.columns)
    return catalogue().reworded(about.get("comparable_since") or {}).chosen(about, came)


def _opted_out(opt_outs: pd.DataFrame | None) -> dict[str, frozenset[str]] | None:
    if opt_outs is None:
        return None
    return {"survey": pupils_out(opt_outs, FROM_SURVEY), "linkage": pupils_out(opt_outs, FROM_LINKAGE)}


def _kept_from_contact(answers: pd.DataFrame, needs: list[str]) -> pd.DataFrame:
    """The answers with those to questions that are set against contact blank where a pupil's contact may not be known."""
    if "contact" not in answers.columns or not (hidden := answers["contact"].eq(UNKNOWN)).any():
        return answers
    return answers.assign(**{need: answers[need].mask(hidden, "") for need in needs if need in answers.columns})


def _roll(records: Records, linked: bool) -> pd.DataFrame:
    clusters = records.schools.drop_duplicates("school_code").set_index("school_code")["cluster_code"]
    roll = records.census.assign(cluster_code=records.census["school_code"].map(clusters))[_ROLL]
    roll = roll.fillna({"sex": "not_known", "simd_quintile": "not_known"}).replace({"sex": {"": "not_known"}})
    roll = roll.replace({"simd_quintile": {"": "not_known"}}).reset_index(drop=True)
    if not linked:
        return roll
    roll = roll.assign(contact=_contact(roll["pupil_id"], records))
    return roll if records.social_work is None else roll.assign(care=_care(roll, records.social_work))


def _contact(pupils: pd.Series, records: Records) -> np.ndarray[Any, np.dtype[np.str_]]:
    work = pupils.isin(_ids(in_social_work(records.social_work))).to_numpy()
    support = pupils.isin(_ids(records.additional_support)).to_numpy()
    choices = [Contact.BOTH.value, Contact.SOCIAL_WORK_ONLY.value, Contact.ADDITIONAL_SUPPORT_ONLY.value]
    known = np.select([work & support, work, support], choices, Contact.NONE.value)
    return np.where(pupils.isin(pupils_out(records.opt_outs, FROM_LINKAGE)).to_numpy(), UNKNOWN, known)


def _care(roll: pd.DataFrame, extract: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.str_]]:
    """Who is looked after by the council; unknown where a pupil's contact is."""
    looked_after = extract.loc[extract["social_work_status"].isin(LOOKED_AFTER), "pupil_id"]
    care = np.where(roll["pupil_id"].isin(looked_after), Contact.LOOKED_AFTER.value, Contact.NOT_LOOKED_AFTER.value)
    return np.where(roll["contact"].eq(UNKNOWN).to_numpy(), UNKNOWN, care)


def _ids(extract: pd.DataFrame | None) -> pd.Series:
    return pd.Series(dtype=str) if extract is None else extract["pupil_id"]


def in_social_work(extract: pd.DataFrame | None) -> pd.DataFrame | None:
    """The children in contact with social work: a status other than none, or on the child protection register."""
    if extract is None:
        return None
    status = extract["social_work_status"].fillna("")
    return extract[~status.isin(NO_CONTACT) | extract["child_protection_register"].eq("yes")]


def _join(answers: pd.DataFrame, roll: pd.DataFrame) -> pd.DataFrame:
    """The answers of pupils on the roll, once each; school and stage are the roll's."""
    own = answers.drop(columns=[c for c in roll.columns if c in answers and c != "pupil_id"]).drop_duplicates("pupil_id")
    return own.merge(roll, on="pupil_id", how="inner", validate="one_to_one").reset_index(drop=True)


def _linkage(survey: str, came: pd.DataFrame, joined: pd.DataFrame, receipts: pd.DataFrame) -> tuple[str, str, float, str]:
    lost = len(came) - len(joined) + _dropped_unlinked(survey, receipts)
    forms = len(joined) + lost
    share = 100 * len(joined) / forms if forms else 0.0
    return survey, "linkage", share, "Forms whose pupil was found in the pupil census; a form that was not found is in no figure."


def _dropped_unlinked(survey: str, receipts: pd.DataFrame) -> int:
    """Forms that the check left out because the pupil census does not know their pupil."""
    mine = receipts["table"].eq(f"survey_{survey}") & receipts["rule"].eq(NOT_IN_CENSUS)
    return int(receipts.loc[mine, "rows"].sum())


def _extract_totals(records: Records) -> pd.DataFrame:
    """Children in each extract by the stage the extract itself gives: extract, stage, n."""
    parts = []
    extracts = (("social_work", in_social_work(records.social_work)), ("additional_support", records.additional_support))
    for name, extract in extracts:
        if extract is not None:
            once = extract.drop_duplicates("pupil_id").groupby("stage", as_index=False).size()
            parts.append(once.rename(columns={"size": "n"}).assign(extract=name)[["extract", "stage", "n"]])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["extract", "stage", "n"])
