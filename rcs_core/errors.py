"""One base error in the house form: what is wrong, where, what was got, what was expected, how to fix it.

Everything that a person can put right is raised as an `RcsError`; `rcs` prints it to stderr and the
screens draw it. Anything else that is raised is a defect of ours.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class RcsError(Exception):
    """Something a person can put right, said in one breath.

    what: the thing at fault in the field's words; where: file, sheet, row, column or promise;
    got and expected: the value met and the values allowed; remedy: the next thing to do.
    """

    what: str
    where: str = ""
    got: str = ""
    expected: str = ""
    remedy: str = ""

    exit_code = 1

    def __str__(self) -> str:
        head = ", ".join(part for part in (self.where,) if part)
        first = f"{type(self).__name__}: {head}: {self.what}" if head else f"{type(self).__name__}: {self.what}"
        lines = [first.rstrip(".") + (f": got {self.got}." if self.got else ".")]
        if self.expected:
            lines.append(f"Expected {self.expected.rstrip('.')}.")
        if self.remedy:
            lines.append(f"To fix: {self.remedy.rstrip('.')}.")
        return "\n".join(lines)


class ContractError(RcsError):
    """An input breaks its data contract (exit code 1: the answer is no)."""


class UnreadableError(RcsError):
    """An input cannot be read at all (exit code 2)."""

    exit_code = 2


class SettingsError(RcsError):
    """A setting is unknown, missing or out of range (exit code 2)."""

    exit_code = 2


class DisclosureError(RcsError):
    """No pattern protects the tables, or a hidden cell can be worked out."""


class ReleaseError(RcsError):
    """A release is missing, damaged, unsigned, or refused at the waist."""


class UnreadableReleaseError(ReleaseError):
    """A release is missing or damaged, so that there is nothing to answer from (exit code 2)."""

    exit_code = 2


class ScenarioError(RcsError):
    """A scenario file cannot be read or asks for what cannot be honoured (exit code 2)."""

    exit_code = 2
