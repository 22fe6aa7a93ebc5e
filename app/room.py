"""The big screen: whether partners are looking at it together, so that providers' names and prices stay off it."""

import streamlit as st

KEY = "big_screen"
LABEL = "Big screen: hide names and prices"
HELP = "On while partners look together: providers are not named, and what one bought service costs is not shown."


def toggle() -> bool:
    """The switch, on until somebody turns it off; it holds for every page of the session that asks."""
    return st.toggle(LABEL, value=True, key=KEY, help=HELP, bind="query-params")
