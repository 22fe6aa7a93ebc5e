"""Tables whose indicators share one base: who answered, who did not, and the base itself in tables without an indicator."""

import numpy as np
import pandas as pd

from rcs_core.release import Table

BANDS = ("yes", "no", "missing")
HIERARCHY = ["dimension", "child", "parent", "partition"]


def made_up(
    clusters: int,
    schools: int,
    indicators: int,
    seed: int,
    seconds: tuple[tuple[str, ...], ...] = (("sex",), ("stage",)),
    typical: int = 14,
) -> tuple[list[Table], pd.DataFrame]:
    """Base tables and indicator tables by geography and, for council and clusters, by each of `seconds`; and the sums.

    typical: pupils of a school in the middle of the range.
    """
    people, answers = _people(clusters, schools, indicators, seed, typical)
    found: list[Table] = []
    for by in ((), *seconds):
        areas = ("school", "cluster", "council") if not by else ("cluster", "council")
        groups = _groups(people, areas, by)
        name = "_".join(("area", *by))
        found.append(_table(f"base_{name}", groups.groupby(["area", *by]).size(), ("area", *by), ()))
        for k, answer in enumerate(answers):
            told = pd.concat([groups.assign(band=answer[groups.index]), groups.assign(band="ALL")])
            size = told.groupby(["area", *by, "band"]).size()
            full = size.unstack("band", fill_value=0).stack()
            found.append(_table(f"q{k:02d}_{name}", full, ("area", *by, "band"), (("indicator", f"q{k:02d}"),)))
    homes = people[["school", "cluster"]].drop_duplicates().to_numpy().tolist()
    rows = [("area", school, cluster, "g") for school, cluster in homes]
    rows += [("area", cluster, "999", "g") for cluster in sorted({cluster for _, cluster in homes})]
    return found, pd.DataFrame(rows, columns=HIERARCHY)


def as_one_population(tables: list[Table], hierarchies: pd.DataFrame) -> tuple[list[Table], pd.DataFrame]:
    """The same tables said another way: each question a way of splitting one and the same children by `answer`."""
    found, ways = [], set()
    for table in tables:
        if not table.labels:
            found.append(Table(table.name, table.title, table.frame.assign(answer="ALL"), (*table.dims, "answer"), ()))
            continue
        frame = table.frame.copy()
        question = str(frame["indicator"].iloc[0])
        frame["answer"] = [band if band == "ALL" else f"{question} {band}" for band in frame["band"]]
        ways |= {("answer", f"{question} {band}", "ALL", question) for band in BANDS}
        dims = (*(d for d in table.dims if d != "band"), "answer")
        found.append(Table(table.name, table.title, frame.drop(columns=["indicator", "band"]), dims, ()))
    return found, pd.concat([hierarchies, pd.DataFrame(sorted(ways), columns=HIERARCHY)], ignore_index=True)


def _people(clusters: int, schools: int, indicators: int, seed: int, typical: int) -> tuple[pd.DataFrame, list[pd.Series]]:
    rng = np.random.default_rng(seed)
    sizes = np.maximum(rng.lognormal(np.log(typical), 0.7, schools).astype(int), 3)
    school = np.repeat(np.arange(schools), sizes)
    people = pd.DataFrame({"school": [f"S{k:03d}" for k in school], "cluster": [f"C{k % clusters:02d}" for k in school]})
    people["council"] = "999"
    people["sex"] = rng.choice(["F", "M"], len(people))
    people["stage"] = rng.choice(["P5", "P6", "P7"], len(people))
    shares = rng.uniform(0.05, 0.9, indicators)
    answers = [
        pd.Series(np.where(rng.random(len(people)) < 0.04, "missing", np.where(rng.random(len(people)) < p, "yes", "no")))
        for p in shares
    ]
    return people, answers


def _groups(people: pd.DataFrame, areas: tuple[str, ...], by: tuple[str, ...]) -> pd.DataFrame:
    """Every pupil once for each area and each margin that he or she is counted in."""
    groups = pd.concat([people.assign(area=people[level]) for level in areas])
    for column in by:
        groups = pd.concat([groups, groups.assign(**{column: "ALL"})])
    return groups


def _table(name: str, size: pd.Series, dims: tuple[str, ...], labels: tuple[tuple[str, str], ...]) -> Table:
    frame = size.rename("n").reset_index().assign(state="shown", **dict(labels))
    frame["n"] = frame["n"].astype("Int64")
    return Table(name, name, frame[[*(c for c, _ in labels), *dims, "n", "state"]], dims, tuple(c for c, _ in labels))
