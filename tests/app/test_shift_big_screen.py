"""Claims about *Try a shift* on the big screen: it asks before a price is named, and names none of a bought service."""

from pathlib import Path

import pytest

from tests.app.test_money_views import said
from tests.tiny_release import open_page, serve

PRICES = ("486250.25", "231900")
"""What two bought services of the small release cost; sums of an agency stay, as on *Services and money*."""


def test_prices_of_bought_services_are_named_only_off_the_big_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page("try_a_shift.py")
    assert not page.exception
    assert page.toggle(key="big_screen").value is True
    assert [price for price in PRICES if price in said(page)] == []
    page.toggle(key="big_screen").set_value(False).run()
    assert not page.exception
    assert [price for price in PRICES if price in said(page)] != []
