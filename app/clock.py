"""The day on which the workbench is looked at."""

import os
from datetime import UTC, date, datetime


def today() -> date:
    """The day on which a page is looked at; `RCS_TODAY` names another one, for pictures and rehearsals."""
    named = os.environ.get("RCS_TODAY")
    return date.fromisoformat(named) if named else datetime.now(UTC).date()
