"""One child, one pseudonym: however the identifier is spelt, in every file and year, and never without the key."""

import hashlib
import hmac
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.contracts import contracts
from rcs_core.contracts.person_numbers import is_chi, is_scn
from rcs_core.errors import SettingsError
from rcs_core.pseudonyms import Key, canonical, form_of, method, pseudonym
from tests.conftest import ROOT
from tests.pseudonyms.people import scn

SCN, CHI, OTHER = form_of("scn"), form_of("chi"), form_of("other")
KEYS = st.binary(min_size=32, max_size=32).map(Key)
NINE = st.from_regex(r"\A[0-9]{9}\Z")
FULL_WIDTH = {ord("0") + n: chr(0xFF10 + n) for n in range(10)}


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A candidate number and a way in which a person or a spreadsheet writes it."""
    number = scn(draw(st.integers(0, 10**6)))
    gap = draw(st.sampled_from(["", " ", "\u00a0", "-", "\u2011", " - ", "_", "\u200b"]))
    written = gap.join([number[:2], number[2:5], number[5:]])
    written = draw(st.sampled_from(["", "'", "\u2019", "SCN ", "scn: ", "SCN No. ", "\ufeff", "  "])) + written
    written += draw(st.sampled_from(["", " ", "\u00a0", "\t"] if gap or "SCN" in written.upper() else ["", ".0", ".00 "]))
    return number, written.translate(FULL_WIDTH) if draw(st.booleans()) else written


@given(spellings())
def test_however_a_candidate_number_is_spelt_it_is_one_number(pair: tuple[str, str]) -> None:
    number, written = pair
    assert canonical(written, SCN) == number


@given(st.integers(1, 9), st.integers(0, 99_999))
def test_zeros_that_a_spreadsheet_ate_are_put_back_when_the_check_digit_says_so(year: int, rest: int) -> None:
    digits = f"0{year}{rest:06d}"
    for last in range(10):
        whole = f"{digits}{last}"
        assert canonical(whole.lstrip("0"), SCN) == (whole if is_scn(whole) else "")


@given(NINE, NINE, KEYS)
def test_different_numbers_have_different_pseudonyms(one: str, other: str, key: Key) -> None:
    assert (pseudonym(one, "scn", key) == pseudonym(other, "scn", key)) is (one == other)


@given(st.lists(NINE, min_size=1, max_size=20), KEYS, KEYS)
def test_two_keys_share_no_pseudonym(numbers: list[str], one: Key, other: Key) -> None:
    made = [{pseudonym(n, "scn", key) for n in numbers} for key in (one, other)]
    assert made[0].isdisjoint(made[1]) is (one != other)


@given(NINE, KEYS)
def test_a_pseudonym_is_what_the_workbenchs_contracts_ask_for_and_what_the_standard_library_says(number: str, key: Key) -> None:
    made = pseudonym(number, "scn", key)
    column = contracts()["pupil_census"].column("pupil_id")
    assert column is not None
    assert all(re.match(rule.pattern, made) for rule in column.rules if rule.pattern)
    independent = hmac.new(key.secret, f"rcs-workbench/pupil|1|scn|{number}".encode(), hashlib.sha256).hexdigest()
    assert made == f"p{independent[:12]}"


def test_pseudonyms_never_change_between_versions_of_the_program_unless_the_method_says_so() -> None:
    assert method().version == 1
    # openssl dgst -sha256 -mac HMAC -macopt hexkey:00...00, over the text rcs-workbench/pupil|1|scn|123456789
    assert pseudonym("123456789", "scn", Key(bytes(32))) == "p9380569a1ee2"


def test_the_same_digits_as_another_form_of_identifier_are_another_child() -> None:
    key = Key(bytes(32))
    assert len({pseudonym("123456789", form, key) for form in method().forms}) == 3


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        "12345678",
        "1234567890",
        "12345678a",
        "n/a",
        "1.23457E+08",
        "Isla Campbell",
        "#REF!",
        "١٢٣x",
        "123456789 123456789",
        "0",
        "12,3456789",
        "1234567.89",
        "12345678.9",
    ],
)
def test_what_is_no_candidate_number_is_told_and_never_hashed(cell: str) -> None:
    assert canonical(cell, SCN) == ""


@pytest.mark.parametrize(
    ("cell", "whole"),
    [
        ("0101101236", "0101101236"),
        ("101101236", "0101101236"),
        ("010110 1236", "0101101236"),
        ("0101101237", ""),
        ("3101101236", ""),
    ],
)
def test_a_chi_number_must_have_its_right_check_digit(cell: str, whole: str) -> None:
    assert canonical(cell, CHI) == whole


@pytest.mark.parametrize(
    ("cell", "whole"),
    [
        ("ab-12 3", "AB-123"),
        ("0012345", "12345"),
        ("12345.0", "12345"),
        ("'12345", "12345"),
        ("AB12.3", "AB12.3"),
        ("12", ""),
        ("", ""),
        ("0000", ""),
    ],
)
def test_another_identifier_keeps_the_signs_that_may_tell_two_children_apart(cell: str, whole: str) -> None:
    assert canonical(cell, OTHER) == whole


@given(st.text(max_size=30))
def test_any_text_at_all_is_an_identifier_or_is_not(cell: str) -> None:
    for form in (SCN, CHI, OTHER):
        whole = canonical(cell, form)
        assert whole == "" or canonical(whole, form) == whole
        assert unicodedata.is_normalized("NFKC", whole)


def test_check_digits_agree_with_sums_done_by_hand() -> None:
    # 12345678: 3+4+21+24+25+24+21+16 = 138; 138 mod 11 = 6; 11 - 6 = 5.
    assert [last for last in range(10) if is_scn(f"12345678{last}")] == [5]
    # 00000004: 8; 11 - 8 = 3. 00000006: 12 mod 11 = 1, which would need a ten, so there is no such number.
    assert is_scn("000000043")
    assert not any(is_scn(f"00000006{last}") for last in range(10))
    assert is_scn("000000000")
    assert not is_scn("12345678")
    assert is_chi("0101101236", strict=True)
    assert is_chi("2902051230", strict=False)


def test_a_form_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="scn, chi, other"):
        form_of("upn")


def test_a_key_never_shows_itself() -> None:
    key = Key(b"k" * 32)
    assert "kkk" not in f"{key!r} {key} {[key]}"


@pytest.mark.parametrize(("pupils", "one_in"), [(200_000, "14,000"), (1_000_000, "560")])
def test_the_chance_that_two_children_share_a_pseudonym_is_as_documented(pupils: int, one_in: str) -> None:
    chance = pupils * (pupils - 1) / 2 / 16 ** method().digits
    page = " ".join((ROOT / "docs" / "how-to" / "pseudonyms.md").read_text(encoding="utf-8").split())
    assert f"1 in {one_in}" in page
    assert 1 / chance == pytest.approx(float(one_in.replace(",", "")), rel=0.02)
