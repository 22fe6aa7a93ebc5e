"""Strathmere's schools and pupils: invented names, rolls of published size, deprivation that differs by place."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rcs_core.demo.parameters import Book
from rcs_core.errors import SettingsError
from rcs_core.vocab import Stage

STARTS = (
    "Aldrin", "Brathe", "Corvie", "Dravel", "Ethrie", "Fennock", "Garvel", "Hethrin", "Invel", "Jorrin", "Keldra",
    "Lorvie", "Mossel", "Nethrin", "Ormel", "Pendra", "Quarrie", "Rothel", "Sorvie", "Tarvel", "Ulmie", "Vennel",
    "Wethrin", "Yarvie", "Zorrin",
)  # fmt: skip
ENDS = (
    "muir", "burn", "haugh", "shaw", "law", "brae", "ford", "mains", "hope", "side", "rigg", "cleugh", "knowe", "dale",
    "bank",
)  # fmt: skip
SIDES = ("", "Upper ", "Nether ", "East ", "West ", "Over ", "Mid ", "Far ", "Old ", "New ")
STAGES = [stage.value for stage in Stage]
PRIMARY_STAGES, SECONDARY_STAGES = STAGES[:7], STAGES[7:]
SIMD_CODES = np.array(["1", "2", "3", "4", "5", "not_known"])


@dataclass(frozen=True, slots=True)
class People:
    """Schools (a row each) and pupils (a row each, with the hidden scores that answers and contact come from).

    pupils: pupil_id, school (row of `schools`), stage (position in P1..S6), female (bool), simd (0 to 4, 5 not known),
    need (standard normal, high is more need), school_lean (standard normal, one a school).
    """

    schools: pd.DataFrame
    pupils: pd.DataFrame

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return int(self.schools["cluster_code"].nunique())


def make_people(book: Book, asked_for: int, rng: np.random.Generator) -> People:
    """Make clusters, schools and pupils for about `asked_for` pupils; rolls do not depend on the number."""
    schools = _schools(book, cluster_count(book, asked_for), rng)
    return People(schools, make_pupils(book, schools, rng))


def cluster_count(book: Book, asked_for: int) -> int:
    """How many clusters make about so many pupils; raises SettingsError when no partnership has so many."""
    least, most = int(book["least_pupils"]), int(book["most_pupils"])
    if not least <= asked_for <= most:
        raise SettingsError("the number of pupils is no partnership's", "--pupils", str(asked_for), f"{least:,} to {most:,}")
    per_cluster = np.mean(book["primaries_per_secondary"]) * book.number("primary_roll") + book.number("secondary_roll")
    return max(int(book["least_clusters"]), round(asked_for / float(per_cluster)))


def place_names(count: int, rng: np.random.Generator) -> list[str]:
    """Invented place names, all different, in an order that the seed decides."""
    plain = [start + end for start in STARTS for end in ENDS]
    order = rng.permutation(len(plain))
    return [SIDES[k // len(plain)] + plain[order[k % len(plain)]] for k in range(count)]


def _schools(book: Book, clusters: int, rng: np.random.Generator) -> pd.DataFrame:
    turns = book["primaries_per_secondary"]
    rows = []
    for cluster in range(clusters):
        kinds = ["secondary"] + ["primary"] * int(turns[cluster % len(turns)])
        if cluster % int(book["clusters_per_special_school"]) == int(book["clusters_per_special_school"]) - 1:
            kinds.append("special")
        rows += [(cluster, number, kind) for number, kind in enumerate(kinds, start=1)]
    frame = pd.DataFrame(rows, columns=["cluster", "number", "sector"])
    names = place_names(clusters + len(frame), rng)
    towns = np.array(names[:clusters])[frame["cluster"]]
    own = np.where(frame["sector"] == "secondary", towns, np.array(names[clusters:]))
    kind = frame["sector"].map({"primary": "Primary School", "secondary": "High School", "special": "School"})
    frame["school_code"] = [f"99{c + 1:03d}{n:02d}" for c, n in zip(frame["cluster"], frame["number"], strict=True)]
    frame["school_name"] = [f"{name} {word}" for name, word in zip(own, kind, strict=True)]
    frame["cluster_code"] = [f"C{c + 1:02d}" for c in frame["cluster"]]
    frame["cluster_name"] = towns
    frame["roll"] = _rolls(book, frame["sector"].to_numpy(), rng)
    frame["tilt"] = _tilts(book, frame, clusters, rng)
    frame["urban_rural6"] = _urban_rural(book, frame, rng)
    return frame


def _rolls(book: Book, sector: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rolls that vary between schools and whose mean is the published one."""
    rolls = np.full(len(sector), int(book["special_roll"]))
    for kind in ("primary", "secondary"):
        here = sector == kind
        low, high = book[f"{kind}_roll_limits"]
        mean = book.number(f"{kind}_roll")
        draw = rng.normal(mean, book.number(f"{kind}_roll_spread"), int(here.sum())).clip(low, high)
        rolls[here] = np.round(draw * mean / draw.mean()).clip(low, high).astype(int)
    return rolls


def _tilts(book: Book, frame: pd.DataFrame, clusters: int, rng: np.random.Generator) -> np.ndarray:
    """How far each school leans to the deprived (plus) or the other end, in log-odds a quintile."""
    reach = book.number("simd_tilt_cluster")
    by_cluster = rng.permutation(np.linspace(-reach, reach, clusters))
    own = rng.normal(0, book.number("simd_tilt_school"), len(frame)) * (frame["sector"] == "primary").to_numpy()
    return np.asarray(by_cluster[frame["cluster"].to_numpy()] + own)


def _urban_rural(book: Book, frame: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    shares = book["urban_rural_share"]
    names, weights = list(shares), np.array(list(shares.values()), dtype=float)
    drawn = np.array(names)[rng.choice(len(names), len(frame), p=weights / weights.sum())]
    return np.where(frame["sector"] == "primary", drawn, "other_urban")


def make_pupils(book: Book, schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The pupils of the schools' rolls, a row each."""
    school = np.repeat(np.arange(len(schools)), schools["roll"])
    pupils = pd.DataFrame({"pupil_id": pupil_ids(len(school), rng), "school": school})
    pupils["stage"] = np.concatenate(
        [_stages(book, sector, int(roll)) for sector, roll in zip(schools["sector"], schools["roll"], strict=True)]
    )
    pupils["female"] = rng.random(len(pupils)) < book.share("female_share")
    pupils["simd"] = _simd(book, schools["tilt"].to_numpy()[school], rng)
    pupils["need"] = rng.standard_normal(len(pupils))
    pupils["school_lean"] = _school_leans(schools, rng)[school]
    return pupils


def _school_leans(schools: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """What a school adds of its own: standard normal, and within a sector unrelated to deprivation, however few schools."""
    lean = rng.standard_normal(len(schools))
    for sector in ("primary", "secondary"):
        here = (schools["sector"] == sector).to_numpy()
        weight, tilt = schools["roll"].to_numpy()[here], schools["tilt"].to_numpy()[here]
        plain = np.column_stack([np.ones(len(tilt)), tilt])
        own = lean[here] - plain @ np.linalg.lstsq(plain * np.sqrt(weight)[:, None], lean[here] * np.sqrt(weight))[0]
        lean[here] = own / max(float(own.std()), 1e-9) if len(own) > plain.shape[1] else 0.0
    return lean


def _stages(book: Book, sector: str, roll: int) -> np.ndarray:
    """The stage of every pupil of one school: whole numbers that add up to the roll."""
    shares = book["secondary_stage_share"]
    weights = {
        "primary": [1.0] * 7 + [0.0] * 6,
        "secondary": [0.0] * 7 + [float(shares[stage]) for stage in SECONDARY_STAGES],
        "special": [1.0] * 13,
    }[sector]
    edges = np.round(np.cumsum(weights) / sum(weights) * roll).astype(int)
    return np.repeat(np.arange(13), np.diff(edges, prepend=0))


def _simd(book: Book, tilt: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """National quintile of each pupil, 0 most deprived to 4, and 5 where the postcode matched nothing."""
    base = np.array([float(book["simd_share"][str(q)]) for q in range(1, 6)])
    weights = base * np.exp(tilt[:, None] * np.arange(2, -3, -1))
    below = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    quintile = (rng.random(len(tilt))[:, None] > below).sum(axis=1).clip(0, 4)
    return np.where(rng.random(len(tilt)) < book.share("simd_not_known"), 5, quintile).astype(np.int8)


def pupil_ids(count: int, rng: np.random.Generator) -> np.ndarray:
    """Pseudonyms that mean nothing: p and twelve hexadecimal digits, all different."""
    numbers = np.unique(rng.integers(0, 2**48, count))
    while len(numbers) < count:
        numbers = np.unique(np.concatenate([numbers, rng.integers(0, 2**48, count - len(numbers))]))
    return np.array([f"p{n:012x}" for n in rng.permutation(numbers)])


def census_table(people: People, edition: str) -> pd.DataFrame:
    """`pupil_census.csv`."""
    pupils, schools = people.pupils, people.schools
    return pd.DataFrame(
        {
            "pupil_id": pupils["pupil_id"],
            "school_code": schools["school_code"].to_numpy()[pupils["school"]],
            "stage": np.array(STAGES)[pupils["stage"]],
            "sex": np.where(pupils["female"], "female", "male"),
            "simd_quintile": SIMD_CODES[pupils["simd"]],
            "simd_edition": edition,
            "urban_rural6": schools["urban_rural6"].to_numpy()[pupils["school"]],
        }
    )


def schools_table(people: People) -> pd.DataFrame:
    """`schools.csv`."""
    return people.schools[["school_code", "school_name", "cluster_code", "cluster_name", "sector"]].copy()
