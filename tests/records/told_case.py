"""Two waves of an invented partnership, estimated and protected: what a release would tell of them."""

from dataclasses import replace

import pandas as pd

from rcs_core.records.estimate import Estimates, estimate
from rcs_core.records.estimate.tell import tell
from rcs_core.records.link import Linked
from rcs_core.records.protect import protect
from rcs_core.release import Table
from rcs_core.settings import disclosure
from tests.count_tables import tree
from tests.records.estimate_case import linked_from, population, respond

SENSITIVE = ("drank_alcohol_last_week", "regular_smoker")


def two_waves(rare: str = "treated_fairly") -> Linked:
    """Three clusters in 2025 and 2023; need on `rare` is so seldom in one cluster that it is hidden there."""
    waves = []
    for seed, wave in ((1, "2025"), (2, "2023")):
        people = population(seed, clusters=3, primaries=4)
        if wave == "2025":
            first = people["cluster_code"].eq("C01")
            people.loc[first, rare] = ["no" if k % 60 == 0 else "yes" for k in range(first.sum())]
        linked = linked_from(people, respond(people, seed + 6), parents=False)
        about = linked.partnership | {"survey_wave": wave}
        waves.append(replace(linked, partnership=about, linked=False, extracts=()))
    return replace(waves[0], earlier=(waves[1],))


def areas(linked: Linked) -> pd.DataFrame:
    """The plain table `areas`."""
    rows = [("999", "council", "")]
    rows += [(code, "cluster", "999") for code in sorted(linked.schools["cluster_code"].unique())]
    rows += [(s.school_code, "school", s.cluster_code) for s in linked.schools.itertuples()]
    return pd.DataFrame(rows, columns=["area", "level", "parent"])


def hierarchy(linked: Linked) -> pd.DataFrame:
    """Schools to clusters to the council."""
    places = areas(linked).query("parent != ''")
    return tree(*(("area", p.area, p.parent, "geography") for p in places.itertuples()))


def published(linked: Linked) -> tuple[Estimates, list[Table], pd.DataFrame]:
    """Estimates, everything that a release would hold of them, and the hierarchies."""
    made, sums = estimate(linked), hierarchy(linked)
    tables = protect(made.tables, sums, disclosure()).tables
    assert made.compared is not None
    plain = [Table("areas", "Areas", areas(linked)), Table("indicators", "Indicators", made.indicators)]
    return made, [*tables, *tell(made.compared, tables), *plain], sums
