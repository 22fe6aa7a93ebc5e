"""Claims about the page on services and money: its choices change what is said, and it stops well without money."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.tiny_release import open_page, serve

PAGE = "services_and_money.py"


def said(page: AppTest) -> str:
    return "\n".join(block.value for found in (page.subheader, page.markdown) for block in found)


def test_a_chosen_payer_changes_every_headline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page(PAGE)
    assert "The agencies of Strathmere invest £14.8 million" in said(page)
    page.selectbox(key="money_payer").select("NHS board").run()
    assert not page.exception
    assert "NHS board pays £2.9 million in services for children in 2025-26." in said(page)
    assert "The largest of 2 services is Child and adolescent mental health" in said(page)
    page.selectbox(key="money_part").select("Prevention and response only").run()
    assert "prevention and response in services for children" in said(page)


def test_there_are_at_most_four_controls_and_money_that_is_not_mapped_is_always_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page(PAGE)
    assert len(page.selectbox) <= 4
    assert "£570,630 is not mapped to any service yet" in said(page)
    page.selectbox(key="money_payer").select("NHS board").run()
    assert "£570,630 is not mapped to any service yet" in said(page)


def test_a_release_without_money_says_what_would_give_it_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch, money=False)
    page = open_page(PAGE)
    assert not page.exception
    assert "holds no services and ledgers" in page.info[0].value
