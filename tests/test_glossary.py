"""The words of the workbench: every page that has words offers them, and every method that is named is there."""

import pytest

from app.navigation import SCREENS
from rcs_core.settings import ROOT
from rcs_core.workshop import glossary


def test_the_glossary_of_the_docs_is_the_one_that_the_pages_offer() -> None:
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == glossary.document()


@pytest.mark.parametrize("word", glossary.words(), ids=lambda w: w.term)
def test_a_word_is_of_a_page_that_is_there_has_a_method_that_is_there_and_is_said_in_plain_sentences(word: glossary.Word) -> None:
    assert word.pages
    assert set(word.pages) <= {screen.address for screen in SCREENS}
    assert (ROOT / word.method).exists()
    assert word.means.endswith(".")
    assert len(word.means.split()) <= 35
    assert "saving" not in word.means.lower()
