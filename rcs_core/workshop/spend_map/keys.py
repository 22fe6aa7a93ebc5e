"""Keys by which money of several council areas was divided: named wherever their money is, with our share and the source.

In: a release (tables `apportionment` and `spend`, column key_id). Out: pence and words; nothing where no key was used.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Label
from rcs_core.workshop.evidence import text

TABLE = "apportionment"
COLUMNS = ("Key", "Divides by", "Year", "Source", "Areas", "Our share (%)", "Mapped (£)", "Not mapped (£)", "Other areas (£)")


class Basis(Label):
    """What a key divides by."""

    PUPILS = "pupils", "pupils on the roll"
    HEADCOUNT = "headcount", "people"
    FTE = "fte", "full-time equivalents of staff"
    ACTIVITY = "activity", "what was done"
    FIXED = "fixed", "fixed per cent, as agreed"


@dataclass(frozen=True, slots=True)
class Key:
    """One key as the page names it, and the pence that it left here (mapped and not) and elsewhere."""

    id: str
    words: str
    row: tuple[object, ...]
    here: int
    elsewhere: int


def keys(release: Release) -> list[Key]:
    """Every key that divides money of this release, by id."""
    if TABLE not in release:
        return []
    return [_key({str(c): v for c, v in row.items()}) for row in release.frame(TABLE).sort_values("key_id").to_dict("records")]


def _key(row: dict[str, object]) -> Key:
    basis = Basis(str(row["basis"])).label if row["basis"] in set(Basis) else text(row["basis"])
    share = f"{float(str(row['own_share_pct'])):.4g}%"
    words = f"key {row['key_id']}: {share} by {basis}, {text(row['year'])}, of {row['areas']} areas; {text(row['source'])}"
    mapped, unmapped, others = (float(str(row[f"{c}_gbp"])) for c in ("mapped", "unmapped", "other_areas"))
    told = (row["key_id"], basis, text(row["year"]), text(row["source"]), row["areas"], row["own_share_pct"])
    return Key(
        str(row["key_id"]), words, (*told, mapped, unmapped, others), round((mapped + unmapped) * 100), round(others * 100)
    )


def divided(release: Release, frame: pd.DataFrame) -> list[tuple[str, int]]:
    """Of chosen spend (with `pence`), what came by each key: the key in words, and pence."""
    if "key_id" not in frame.columns:
        return []
    pence = frame.groupby("key_id")["pence"].sum()
    return [(key.words, int(pence[key.id])) for key in keys(release) if key.id in pence.index]


def other_areas(release: Release) -> int:
    """Pence of all ledgers that keys leave to other areas."""
    return sum(key.elsewhere for key in keys(release))


def keys_frame(release: Release) -> pd.DataFrame:
    """The keys as a table to look at and take away."""
    return pd.DataFrame([key.row for key in keys(release)], columns=list(COLUMNS))
