"""Published figures of council areas, as they pass into a release: row by row, each council under one name.

They are public and of no child of ours, so nothing is estimated or hidden; what does not belong was left out by the check.
"""

from rcs_core.councils import councils
from rcs_core.records.ingest import Records
from rcs_core.release import Table

NAME = "comparators"
COLUMNS = ["topic", "indicator", "group", "value", "unit", "ci_low", "ci_high", "year", "geography", "source"]


def comparators(records: Records) -> list[Table]:
    """The plain table `comparators`, in the columns of the input and no other; nothing where none was sent."""
    found = records.comparators
    if found is None or found.empty:
        return []
    names = {written: councils().name(str(written)) for written in found["geography"].unique()}
    frame = found.assign(geography=found["geography"].map(names))[COLUMNS]
    return [Table(NAME, "Published figures of council areas", frame.reset_index(drop=True))]
