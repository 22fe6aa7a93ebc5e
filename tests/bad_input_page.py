"""Writes docs/bad_input.md: every bad input that the tests try, and the message a person reads.

Run it after adding a case: python -m tests.bad_input_page
"""

import shutil
import tempfile
from pathlib import Path

from rcs_core.contracts import check_folder
from tests.bad_cases import CASES
from tests.tiny_folder import write_tiny

PAGE = Path(__file__).resolve().parents[1] / "docs" / "bad_input.md"
HEAD = """# Bad input: what we tried, and what a person reads

Each case below spoils one thing in a sound folder. `rcs check` gives one message of it and goes on to report the rest of
the folder; `rcs build` writes nothing, and the last good release is still served. The tests try every one of them
(`tests/test_bad_input.py`); this page is written by `python -m tests.bad_input_page`.

| what is wrong | what `rcs check` says |
|---|---|
"""


def message(case_index: int, sound: Path, scratch: Path) -> str:
    """The first message that a case brings."""
    folder = Path(shutil.copytree(sound, scratch / str(case_index)))
    CASES[case_index].spoil(folder)
    return check_folder(folder).errors[0].text()


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as scratch:
        sound = write_tiny(Path(scratch) / "sound")
        (sound / "survey_pupil_s1_s4.csv").unlink()
        rows = [(case.name, message(i, sound, Path(scratch))) for i, case in enumerate(CASES)]
    lines = [f"| {name.replace('_', ' ')} | {said.replace('|', '¦')} |" for name, said in rows]
    PAGE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
