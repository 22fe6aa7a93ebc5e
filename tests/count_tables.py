"""Short ways to type a count table and a hierarchy in a test."""

import numpy as np
import pandas as pd

from rcs_core.release import Table

NO_HIERARCHY = pd.DataFrame(columns=["dimension", "child", "parent", "partition"])


def table(name: str, dims: tuple[str, ...], rows: list[tuple[object, ...]], labels: tuple[str, ...] = ()) -> Table:
    frame = pd.DataFrame(rows, columns=[*labels, *dims, "n"])
    frame["n"] = frame["n"].astype("Int64")
    frame["state"] = np.where(frame["n"].isna(), "suppressed", "shown")
    return Table(name, name, frame, dims, labels)


def tree(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["dimension", "child", "parent", "partition"])
