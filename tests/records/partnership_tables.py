"""A made-up partnership's count tables, true counts and all: council, clusters, schools; sex, stage, fifths, contact."""

import numpy as np
import pandas as pd

from rcs_core.release import Table

COUNCIL = "999"
LABELS = ("survey", "wave", "indicator")
CONTACT_PARTS = {
    ("ALL", "any"): ("either", "none"),
    ("ALL", "sw"): ("social_work", "no_social_work"),
    ("ALL", "asl"): ("additional_support", "no_additional_support"),
    ("either", "detail"): ("social_work_only", "additional_support_only", "both"),
    ("social_work", "sw_detail"): ("social_work_only", "both"),
    ("additional_support", "asl_detail"): ("additional_support_only", "both"),
    ("no_social_work", "no_sw_detail"): ("none", "additional_support_only"),
    ("no_additional_support", "no_asl_detail"): ("none", "social_work_only"),
}
SURVEYS = {"pupil_p5_p7": ("P5", "P6", "P7"), "pupil_s1_s4": ("S1", "S2", "S3", "S4")}


def hierarchies(clusters: int, primaries: int) -> pd.DataFrame:
    """Geography and contact, as a release carries them."""
    rows = [("area", cluster, COUNCIL, "geography") for cluster in _clusters(clusters)]
    rows += [("area", school, cluster, "geography") for school, cluster, _ in _schools(clusters, primaries)]
    rows += [("contact", child, parent, part) for (parent, part), children in CONTACT_PARTS.items() for child in children]
    return pd.DataFrame(rows, columns=["dimension", "child", "parent", "partition"])


def tables(clusters: int = 8, primaries: int = 52, seed: int = 1, indicators: tuple[int, int] = (9, 12)) -> list[Table]:
    """The count tables of the two pupil surveys: 9 and 12 indicators at the size of the demonstration."""
    rng = np.random.default_rng(seed)
    found: list[Table] = []
    for (survey, stages), many in zip(SURVEYS.items(), indicators, strict=True):
        pupils = _pupils(rng, survey, stages, clusters, primaries)
        answers = [(f"i{k:02d}", _answers(rng, pupils, share)) for k, share in enumerate(rng.uniform(0.04, 0.9, many))]
        found += _survey_tables(survey, pupils, answers)
    return found


def _clusters(many: int) -> list[str]:
    return [f"C{k + 1:02d}" for k in range(many)]


def _schools(clusters: int, primaries: int) -> list[tuple[str, str, str]]:
    names = _clusters(clusters)
    schools = [(f"99{k:05d}", names[k % clusters], "pupil_p5_p7") for k in range(primaries)]
    return schools + [(f"98{k:05d}", name, "pupil_s1_s4") for k, name in enumerate(names)]


def _pupils(rng: np.random.Generator, survey: str, stages: tuple[str, ...], clusters: int, primaries: int) -> pd.DataFrame:
    frames = []
    for school, cluster, asked in _schools(clusters, primaries):
        if asked != survey:
            continue
        roll = int(rng.lognormal(np.log(75), 0.6)) + 6 if survey == "pupil_p5_p7" else int(rng.normal(480, 90))
        frames.append(
            pd.DataFrame(
                {
                    "school": school,
                    "cluster": cluster,
                    "stage": rng.choice(stages, roll),
                    "sex": rng.choice(["female", "male", "not_known"], roll, p=[0.49, 0.5, 0.01]),
                    "simd_quintile": rng.choice(
                        ["1", "2", "3", "4", "5", "not_known"], roll, p=[0.24, 0.2, 0.2, 0.2, 0.15, 0.01]
                    ),
                    "contact": rng.choice(
                        ["none", "social_work_only", "additional_support_only", "both"], roll, p=[0.72, 0.02, 0.23, 0.03]
                    ),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _answers(rng: np.random.Generator, pupils: pd.DataFrame, share: float) -> pd.Series:
    answered = rng.random(len(pupils)) < 0.73
    return pd.Series(np.where(rng.random(len(pupils)) < share, "yes", "no")).where(answered)


def _survey_tables(survey: str, pupils: pd.DataFrame, answers: list[tuple[str, pd.Series]]) -> list[Table]:
    levels = {
        "area": ((COUNCIL, "cluster", "school"), None),
        "area_sex": ((COUNCIL, "cluster"), "sex"),
        "stage": ((COUNCIL,), "stage"),
        "simd": ((COUNCIL,), "simd_quintile"),
        "contact": ((COUNCIL,), "contact"),
        "contact_cluster": ((COUNCIL, "cluster"), "contact"),
    }
    found = []
    for name, (areas, dim) in levels.items():
        kept = answers if "contact" not in name else answers[:3]
        frame = pd.concat([_counts(survey, code, pupils, given, areas, dim, name) for code, given in kept], ignore_index=True)
        dims = ("area", dim, "band") if dim else ("area", "band")
        found.append(Table(f"{survey}_{name}", name, frame, dims, LABELS))
    return found


def _counts(
    survey: str, code: str, pupils: pd.DataFrame, given: pd.Series, areas: tuple[str, ...], dim: str | None, name: str
) -> pd.DataFrame:
    people = pupils.assign(band=given.to_numpy())[given.notna().to_numpy()]
    people = pd.concat([people, people.assign(band="ALL")])
    if dim == "contact":
        people = _contact_groups(people, name)
    elif dim:
        people = pd.concat([people, people.assign(**{dim: "ALL"})])
    pieces = [people.assign(area=level if level == COUNCIL else people[level]) for level in areas]
    by = ["area", *([dim] if dim else []), "band"]
    size = pd.concat(pieces).groupby(by).size()
    full = pd.MultiIndex.from_product([sorted(level) for level in size.index.levels], names=by)
    frame = size.reindex(full, fill_value=0).rename("n").reset_index()
    yes = (frame["band"] == "yes").to_numpy()
    frame["n"] = frame["n"].astype("Int64")
    whole = frame.groupby([c for c in by if c != "band"])["n"].transform("max").astype(float)
    frame.insert(0, "survey", survey)
    frame.insert(1, "wave", "2025")
    frame.insert(2, "indicator", code)
    frame["state"] = "shown"
    frame["pct"] = (100 * frame["n"].astype(float) / whole.where(whole > 0)).round().where(yes)
    frame["pct_low"], frame["pct_high"] = frame["pct"] - 1, frame["pct"] + 1
    frame["pct_state"] = np.where(yes, "shown", "")
    return frame


def _contact_groups(people: pd.DataFrame, name: str) -> pd.DataFrame:
    wanted = {"ALL": None, "none": ("none",), "either": ("social_work_only", "additional_support_only", "both")}
    if name == "contact":
        wanted |= {
            "social_work": ("social_work_only", "both"),
            "no_social_work": ("none", "additional_support_only"),
            "additional_support": ("additional_support_only", "both"),
            "no_additional_support": ("none", "social_work_only"),
            "social_work_only": ("social_work_only",),
            "additional_support_only": ("additional_support_only",),
            "both": ("both",),
        }
    pieces = [people if codes is None else people[people["contact"].isin(codes)] for codes in wanted.values()]
    return pd.concat([piece.assign(contact=code) for code, piece in zip(wanted, pieces, strict=True)])
