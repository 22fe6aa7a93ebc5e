"""The choices of a view as its link carries them: what a control of the page holds, and nothing else that an address says.

A link and a citation are read by others, so what an address says besides (a word added by hand, a choice that the page does not
have) stays out of both.
"""

import re
from collections.abc import Mapping

import streamlit as st

_FORMS: Mapping[str, re.Pattern[str]] = {"kept": re.compile(r"[a-z0-9-]{1,60}\.\d{1,6}"), "tour": re.compile(r"\d{1,3}")}
"""What stands in a link without a control: the id of a kept scenario with its version, and the stop of the tour."""


def choices() -> dict[str, list[str]]:
    """The choices in the address of this page, by their names, as far as the page holds them."""
    found = {key: st.query_params.get_all(key) for key in st.query_params}
    return {key: values for key, values in found.items() if values and all(_is_held(key, value) for value in values)}


def _is_held(key: str, value: str) -> bool:
    if form := _FORMS.get(key):
        return bool(form.fullmatch(value))
    held = st.session_state.get(key)
    if isinstance(held, bool):
        return value == str(held).lower()
    return value in held if isinstance(held, list) else value == held
