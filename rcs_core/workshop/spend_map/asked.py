"""The sums of money that *Services and money* tells, the most asked for first: who pays, at which level, and so on.

In: the rows of the services whose price is kept off the big screen. Out: for every sum, which of the rows it holds.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import PreventionLevel
from rcs_core.workshop import big_screen, kept_with
from rcs_core.workshop.evidence import text
from rcs_core.workshop.spend_map.money import PREVENTATIVE, Confidence

_FAMILIES: tuple[tuple[str, ...], ...] = (
    (), ("ledger",), ("sided",), ("agency",), ("level",), ("agency", "sided"), ("agency", "level"), ("level", "confidence"),
    ("money_kind",), ("money_kind", "sided"), ("agency", "money_kind"), ("provider",), ("provider", "sided"),
    ("fund",), ("fund", "sided"), ("rating",), ("rating", "sided"), ("domain",), ("shanarri",), ("provider", "level"),
    ("provider", "agency"), ("rating", "level"), ("domain", "level"), ("bought",), ("agency", "level", "confidence"),
    ("agency", "rating"), ("agency", "domain"), ("agency", "level", "domain"), ("agency", "provider", "level"),
    ("agency", "rating", "level"), ("fund", "level"), ("shanarri", "level"), ("agency", "level", "shanarri"),
    ("domain", "main", "reach"), ("shanarri", "main", "reach"), ("areas",), ("ages",), ("domain", "any"), ("shanarri", "any"),
    ("confidence",), ("basis", "sided"), ("basis",), ("recurring", "prevents"), ("recurring",), ("none",), ("domain", "sided"),
    ("domain", "agency", "sided"),
)  # fmt: skip
"""By what money is told. `ledger`: by the payers of a ledger; `any`: by every outcome that a service names, and by it alone."""


def told(release: Release, kept: pd.DataFrame) -> pd.DataFrame:
    """The rows with what the page tells them by, of the register."""
    register, own = big_screen.register(release), big_screen.bought(release)
    about = [register[str(sid)] for sid in kept["service_id"]]
    names = {by: [codes(a.get(by)) for a in about] for by in ("domain", "shanarri")}
    levels = kept.groupby(["service_id", "level"])["pence"].sum().reset_index()
    main = levels.sort_values(["pence", "level"], ascending=[False, True]).drop_duplicates("service_id")
    return kept.assign(
        sided=kept["level"] != PreventionLevel.OTHER.value,
        bought=kept["service_id"].isin(own),
        prevents=kept["level"].isin(PREVENTATIVE),
        basis=[text(a.get("statutory_basis")) for a in about],
        none=[not codes(a.get("domain")) and not codes(a.get("shanarri")) for a in about],
        main=kept["service_id"].map(dict(zip(main["service_id"], main["level"], strict=True))),
        **{by: [next(iter(found), "") for found in lists] for by, lists in names.items()},
        **{f"{by} any": [";".join(found) for found in lists] for by, lists in names.items()},
        **{c: [text(a.get(c)) for a in about] for c in ("reach", "areas", "ages")},
        provider=[text(a.get("provider_agency")) for a in about],
        rating=[text(a.get("evidence_rating")) for a in about],
        **({"fund": kept["fund"].fillna("").astype(str)} if "fund" in kept else {}),
    )


def codes(value: object) -> tuple[str, ...]:
    """The codes of a cell that may hold several, in their order."""
    return tuple(filter(None, (code.strip() for code in text(value).split(";"))))


def sums(release: Release, rows: pd.DataFrame) -> Iterator[np.ndarray]:
    """Which rows each sum holds; in a family those of the most rows first."""
    for family in _FAMILIES:
        if family == ("ledger",):
            groups = [np.flatnonzero(rows["agency"].isin(own)) for own in kept_with.ledgers(release)]
        elif "any" in family:
            groups = list(_any(rows, family[0]))
        else:
            groups = by(rows, family)
        yield from sorted(groups, key=lambda group: -len(group))


def by(rows: pd.DataFrame, family: tuple[str, ...]) -> list[np.ndarray]:
    """The places of the rows of each group; of no columns all of them, of columns that are not there none."""
    if not family:
        return [np.arange(len(rows))]
    if not len(rows) or not set(family) <= set(rows.columns):
        return []
    groups = rows.groupby(list(family), sort=True).ngroup().to_numpy()
    return [np.flatnonzero(groups == k) for k in range(int(groups.max()) + 1)]


def _any(rows: pd.DataFrame, column: str) -> Iterator[np.ndarray]:
    """By outcome: what names it at all and what names nothing else, and of both what prevents."""
    named = [codes(value) for value in rows[f"{column} any"]]
    prevents = rows["level"].isin(PREVENTATIVE).to_numpy()
    sure = prevents & (rows["confidence"] == Confidence.HIGH.value).to_numpy()
    for code in sorted({code for found in named for code in found}):
        every, alone = np.array([code in found for found in named]), np.array([found == (code,) for found in named])
        yield from (np.flatnonzero(own) for own in (every, every & prevents, alone, alone & sure))
