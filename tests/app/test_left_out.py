"""What somebody may not do is left out of a page, and one sentence says so."""

import pytest

from app import left_out, signed
from rcs_core.access import Right, visitor


def test_what_a_visitor_may_not_do_is_left_out_with_a_sentence_and_what_they_may_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(signed, "person", lambda: visitor("a browser"))
    monkeypatch.setattr(left_out.show, "line", said.append)
    for right in (Right.KEEP, Right.DECIDE, Right.PLAN):
        assert not left_out.unless(right)
    assert [line.count("ask whoever runs the workbench") for line in said] == [1, 1, 1]
    assert left_out.unless(Right.TAKE_PART)
    assert len(said) == 3
