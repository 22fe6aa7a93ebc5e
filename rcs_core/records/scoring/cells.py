"""Cells of a survey as numbers and as yes or no, each distinct value looked at once: forms are many, codes are few."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd


def numbers(cells: pd.Series) -> npt.NDArray[np.float64]:
    """Cells as numbers (float64); not a number where a cell holds none."""
    codes, values = pd.factorize(cells)
    found = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce").to_numpy(dtype=np.float64)
    return np.append(found, np.nan)[codes]


def among(cells: pd.Series, words: Collection[str]) -> npt.NDArray[np.bool_]:
    """Whether each cell is one of the words."""
    codes, values = pd.factorize(cells)
    return np.array([*(str(v) in words for v in values), False], dtype=bool)[codes]
