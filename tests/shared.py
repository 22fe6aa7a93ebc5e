"""The published figures and method examples beside the project, where a developer has them."""

import warnings
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared_file(relative: str) -> Path | None:
    """A file of the shared folder, or None with one line saying that it is not here."""
    path = SHARED / relative
    if path.exists():
        return path
    warnings.warn(f"shared figures are not here: {relative} was not compared", stacklevel=2)
    return None
