"""What a page leaves out for whoever may not do it, with one sentence in its place."""

from app import show, signed
from rcs_core.access import Right


def unless(right: Right) -> bool:
    """Whether to draw what needs a right; where not, say so in a sentence."""
    if signed.may(right):
        return True
    show.line(f"You can read all of this. To {right.label}, ask whoever runs the workbench.")
    return False
