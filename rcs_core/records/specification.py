"""The release specification as the records room reads it; said in full in `rcs_core.specification`, which the check reads too."""

from rcs_core.specification import (
    CODES,
    CONTACT,
    EVERY,
    GROUPS,
    KEY,
    OWN,
    PARENTS,
    ROLL,
    Specification,
    TablePlan,
    chosen,
    default,
    read_specification,
    specifications,
)

__all__ = [
    "CODES",
    "CONTACT",
    "EVERY",
    "GROUPS",
    "KEY",
    "OWN",
    "PARENTS",
    "ROLL",
    "Specification",
    "TablePlan",
    "chosen",
    "default",
    "read_specification",
    "specifications",
]
