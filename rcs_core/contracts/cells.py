"""Looking at the cells of a table: distinct values, the longest, and rows with nothing in them.

Arrow is fast on many cells and slow to start on few, and a check looks at hundreds of columns: few cells are looked at by Python.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

FEW = 5_000
"""Cells up to which Python is done before Arrow has begun."""


def distinct(cells: pd.Series) -> tuple[npt.NDArray[np.intp], list[str]]:
    """The cells' distinct values, and for each cell the place of its own among them (-1 for a cell that is none)."""
    if len(cells) > FEW:
        codes, values = pd.factorize(cells)
        return codes, [str(v) for v in np.asarray(values, dtype=object)]
    found: dict[object, int] = {}
    codes = np.fromiter((_place(cell, found) for cell in cells.tolist()), dtype=np.intp, count=len(cells))
    return codes, [str(value) for value in found]


def _place(cell: object, found: dict[object, int]) -> int:
    if not isinstance(cell, str) and pd.isna(np.asarray(cell, dtype=object)):
        return -1
    return found.setdefault(cell, len(found))


def longest(frame: pd.DataFrame) -> int:
    """The signs of the longest cell; nothing where there is no cell."""
    if frame.size > FEW:
        return max((int(frame[name].str.len().max()) for name in frame), default=0)
    return max((len(cell) for name in frame for cell in frame[name].tolist()), default=0)


def filled(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """For each row whether any cell of it holds something."""
    if frame.size > FEW:
        return (frame != "").any(axis=1).to_numpy(dtype=bool)
    rows = zip(*(frame[name].tolist() for name in frame), strict=True)
    return np.fromiter((any(row) for row in rows), dtype=bool, count=len(frame))
