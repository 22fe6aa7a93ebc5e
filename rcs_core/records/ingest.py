"""From a checked folder to records: rows dropped with receipts, duplicates resolved, SDQ scored.

In: the `CheckReport` of `rcs_core.contracts.check_folder`, free of errors. Out: `Records`, the one artefact that
`link`, `estimate` and `ledgers` read. Every frame keeps `_row`, the row number in the file it came from.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True, slots=True)
class Records:
    """A partnership's records, clean and reconciled; absent inputs are None or empty, never made up.

    Codes and answers are text (blank = missing), counts Int64, percentages and weights float64, dates text as
    yyyy-mm-dd. surveys: by survey code (parent_0_8, pupil_p5_p7, pupil_s1_s4), only those the folder holds; the
    S1-S4 frame carries `sdq_total` (Int64) and `sdq_raised` (yes, no or blank). ledgers: by file stem, columns
    cost_centre, description, amount_pence (int64), sub-total rows left out. ledger_columns: by file stem, each
    ledger's own description as written in ledger_columns.yaml.
    """

    partnership: dict[str, Any]
    schools: pd.DataFrame
    census: pd.DataFrame
    surveys: dict[str, pd.DataFrame]
    social_work: pd.DataFrame | None
    additional_support: pd.DataFrame | None
    services: pd.DataFrame
    ledgers: dict[str, pd.DataFrame]
    ledger_columns: dict[str, dict[str, Any]]
    ledger_map: pd.DataFrame
    effects: pd.DataFrame
    demand: pd.DataFrame
    receipts: pd.DataFrame
