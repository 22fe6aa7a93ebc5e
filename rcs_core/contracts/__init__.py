"""Data contracts, and the check of an input folder against them: every breach at once, with its remedy.

`check_folder` is the door: it reads every table, looks at each row and at the tables against one another, and gives a
`CheckReport`. The contracts themselves are YAML (`data_contracts/tables/`), so a list or a severity changes without code.
"""

from rcs_core.contracts.findings import MASK, Breaches, Finding, Receipt
from rcs_core.contracts.folder import check_folder
from rcs_core.contracts.ledgers import parse_amount
from rcs_core.contracts.model import Column, Contract, Rule, contracts, read_contract
from rcs_core.contracts.reading import read_table
from rcs_core.contracts.report import CheckReport
from rcs_core.contracts.waves import wave_folders

__all__ = [
    "MASK",
    "Breaches",
    "CheckReport",
    "Column",
    "Contract",
    "Finding",
    "Receipt",
    "Rule",
    "check_folder",
    "contracts",
    "parse_amount",
    "read_contract",
    "read_table",
    "wave_folders",
]
