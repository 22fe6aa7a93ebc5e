"""Which pupils social work knows, and which have additional support: published rates, leaning with need, never with answers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rcs_core.demo.parameters import Book
from rcs_core.demo.people import STAGES, People, pupil_ids

AGE_BANDS = {"P1-P6": range(6), "P7-S4": range(6, 11), "S5-S6": range(11, 13)}
FIRST_SECONDARY, SENIOR = 7, 11
NOT_LOOKED_AFTER = ("", "open_case", "continuing_care", "aftercare")


@dataclass(frozen=True, slots=True)
class ContactMade:
    """The two extracts as they will be written, and for each pupil whether either names them (the truth)."""

    social_work: pd.DataFrame
    additional_support: pd.DataFrame
    in_social_work: np.ndarray
    in_additional_support: np.ndarray
    not_in_census: dict[str, int]

    def codes(self) -> np.ndarray:
        """Each pupil's named contact: none, social_work_only, additional_support_only, both."""
        names = np.array(["none", "social_work_only", "additional_support_only", "both"])
        return np.asarray(names[self.in_social_work + 2 * self.in_additional_support])


def make_contact(book: Book, schools: Book, people: People, rng: np.random.Generator) -> ContactMade:
    """Choose who is in contact and write both extracts' rows, some of them of children not in the pupil census."""
    pupils = people.pupils
    status = _status(book, pupils, rng)
    register = _register(book, schools, pupils, status, rng)
    status[register & (status == "")] = "open_case"
    known = status != ""
    support = _supported(book, people, status, rng)
    social_work = pd.DataFrame(
        {
            "pupil_id": pupils["pupil_id"][known],
            "stage": np.array(STAGES)[pupils["stage"][known]],
            "social_work_status": status[known],
            "child_protection_register": np.where(register[known], "yes", "no"),
        }
    )
    asl = _reasons(book, pupils, support, ~np.isin(status, NOT_LOOKED_AFTER), rng)
    elsewhere = {
        name: _elsewhere(book, len(frame)) for name, frame in (("social_work", social_work), ("additional_support", asl))
    }
    return ContactMade(
        _with_strangers(social_work, elsewhere["social_work"], rng),
        _with_strangers(asl, elsewhere["additional_support"], rng),
        known,
        support,
        elsewhere,
    )


def _lean(leans: dict[str, float], pupils: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    simd = pupils["simd"].to_numpy()
    steps = np.where(simd < 5, 2 - simd, 0)
    own = np.sqrt(1 - leans["need"] ** 2) * rng.standard_normal(len(pupils))
    return np.asarray(leans["need"] * pupils["need"].to_numpy() + leans["simd_step"] * steps + own)


def _top(score: np.ndarray, count: int) -> np.ndarray:
    """The positions of the `count` highest scores, highest first."""
    return np.argsort(-score, kind="stable")[:count]


def _status(book: Book, pupils: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Each pupil's status with social work, blank for none."""
    status = np.full(len(pupils), "", dtype="<U24")
    score = _lean(book["social_work_lean"], pupils, rng)
    looked_after = round(len(pupils) * book.number("looked_after_rate") / 1000)
    open_cases = round(len(pupils) * book.number("open_case_rate") / 1000)
    chosen = rng.permutation(_top(score, looked_after + open_cases))
    status[chosen] = "open_case"
    # Looked-after children are the same kind of children, more of them from the far end of the score.
    inner = chosen[_top(score[chosen] + rng.standard_normal(len(chosen)), looked_after)]
    shares = book["placement_share"]
    edges = np.round(np.cumsum(list(shares.values())) / sum(shares.values()) * looked_after).astype(int)
    status[rng.permutation(inner)] = np.repeat(list(shares), np.diff(edges, prepend=0))
    senior = np.flatnonzero((pupils["stage"].to_numpy() >= SENIOR) & (status == ""))
    wanted = [round(len(senior) * book.number(f"{kind}_rate") / 1000) for kind in ("continuing_care", "aftercare")]
    leavers = rng.choice(senior, sum(wanted), replace=False)
    status[leavers] = np.repeat(["continuing_care", "aftercare"], wanted)
    return status


def _register(book: Book, schools: Book, pupils: pd.DataFrame, status: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Who is on the child protection register, by age band, some of them looked after."""
    shares = book["child_protection_age_share"]
    all_ages = len(pupils) * schools.number("under_18_per_pupil") * book.number("child_protection_rate") / 1000
    on = np.zeros(len(pupils), dtype=bool)
    stage = pupils["stage"].to_numpy()
    for band, stages in AGE_BANDS.items():
        count = round(all_ages * shares[band] / sum(shares.values()))
        both = round(count * book.share("register_also_looked_after"))
        here = np.isin(stage, list(stages))
        looked_after = np.flatnonzero(here & ~np.isin(status, NOT_LOOKED_AFTER))
        others = np.flatnonzero(here & (status == "open_case"))
        on[rng.choice(looked_after, min(both, len(looked_after)), replace=False)] = True
        on[rng.choice(others, min(count - both, len(others)), replace=False)] = True
    return on


def _supported(book: Book, people: People, status: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Who has additional support: every pupil of a special school, and the published share of each sector."""
    pupils, leans = people.pupils, book["additional_support_lean"]
    score = _lean(leans, pupils, rng) + leans["boys"] * ~pupils["female"].to_numpy()
    score += leans["looked_after"] * ~np.isin(status, NOT_LOOKED_AFTER)
    score[(people.schools["sector"] == "special").to_numpy()[pupils["school"]]] = np.inf
    secondary = (pupils["stage"] >= FIRST_SECONDARY).to_numpy()
    found = np.zeros(len(pupils), dtype=bool)
    for sector, here in (("primary", np.flatnonzero(~secondary)), ("secondary", np.flatnonzero(secondary))):
        count = round(len(here) * float(book["additional_support_rate"][sector]) / 100)
        found[here[_top(score[here], count)]] = True
    return found


def _reasons(
    book: Book, pupils: pd.DataFrame, support: np.ndarray, looked_after: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """One row a child and reason; a looked-after child with support always has that reason."""
    shares = book["additional_support_reason_share"]
    names, weights = np.array(list(shares)), np.array(list(shares.values()), dtype=float)
    who = np.flatnonzero(support)
    first = names[rng.choice(len(names), len(who), p=weights / weights.sum())]
    first = np.where(looked_after[who], "looked_after", first)
    more = np.flatnonzero((rng.random(len(who)) < book.share("second_reason_share")) & (first != "not_known"))
    second = names[rng.choice(len(names), len(more), p=weights / weights.sum())]
    keep = (second != first[more]) & (second != "not_known")
    rows = np.concatenate([who, who[more[keep]]])
    frame = pd.DataFrame(
        {
            "pupil_id": pupils["pupil_id"].to_numpy()[rows],
            "stage": np.array(STAGES)[pupils["stage"].to_numpy()[rows]],
            "asn_reason": np.concatenate([first, second[keep]]),
        }
    )
    return frame.iloc[np.argsort(rows, kind="stable")].reset_index(drop=True)


def _elsewhere(book: Book, rows: int) -> int:
    return max(2, round(rows * book.share("extract_not_in_census")))


def _with_strangers(frame: pd.DataFrame, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Add rows of children whom the pupil census does not hold, and shuffle as an extract comes."""
    extra = frame.iloc[rng.choice(len(frame), count)].copy()
    extra["pupil_id"] = pupil_ids(count, rng)
    both = pd.concat([frame, extra], ignore_index=True)
    return both.iloc[rng.permutation(len(both))].reset_index(drop=True)
