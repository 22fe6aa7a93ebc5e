"""Claims about words that people typed: every sign of them stands on the page, and none has a meaning there."""

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from app.typed_words import JOINER, inside, typed

ICON, ARROW, LINK = ":material/home:", "a -> b", "www.z.scot https://z.scot x@z.scot"


def read(shown: str) -> str:
    """What a reader sees of a text whose every sign is escaped."""
    return html.unescape(re.sub(r"\\(.)", r"\1", shown)).replace(JOINER, "")


@settings(max_examples=60)
@given(st.text(alphabet="ab:/*_$<>-=@[]()!&#.w \\`~^|{}'\"", max_size=30))
def test_what_is_shown_reads_as_it_was_typed_and_no_sign_stands_bare(text: str) -> None:
    shown = typed(text)
    assert read(shown) == " ".join(text.split())
    assert not re.search(r"(?<!\\)[*_`\[\]<>|~$]", re.sub(r"\\\\", "", shown))


def test_every_sign_of_markup_is_escaped_and_a_dollar_starts_no_formula() -> None:
    found = typed("**No** <script>alert(1)</script> [x](javascript:alert(1)) $x^2$ :red[y]")
    for sign in ("\\*\\*No", "\\<script\\>", "\\[x\\]\\(javascript\\:", "&#36;x\\^2&#36;"):
        assert sign in found
    assert "\\:red" not in found


def test_icons_arrows_and_addresses_are_taken_apart() -> None:
    assert re.search(r":\s*[a-z]", typed(ICON)) is None
    assert "->" not in typed(ARROW).replace("\\", "")
    for part in ("www", "//z", "@z"):
        assert part in LINK
    assert not any(part in typed(LINK).replace("\\", "") for part in ("www", "s://", "x@z"))


def test_a_name_inside_a_sentence_of_ours_leaves_our_own_words_as_they_are() -> None:
    assert inside("**Ours** costs more than **x**.", "**x**") == f"**Ours** costs more than {typed('**x**')}."
    assert inside("**Ours** is a-b, not -.", "-", "a-b") == f"**Ours** is {typed('a-b')}, not {typed('-')}."


def test_a_sign_that_turns_what_follows_is_left_out() -> None:
    assert typed("Ann\u202e nhoJ\u2066") == "Ann nhoJ"
