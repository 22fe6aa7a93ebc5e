"""What is missing or stale, and what comes next: the panel at the top of *Prepare data*, and the desk's one next step."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from app import desk_view
from app.desk_jobs import Checked
from rcs_core.vocab import Severity

THERE, OLD, UNREAD, GONE = "there", "too old", "cannot be read", "not there"
_ORDER = {GONE: 0, UNREAD: 1, OLD: 2, THERE: 3}


def panel(report: Mapping[str, Any]) -> pd.DataFrame:
    """Each input of the chain: whether it is there, whose it is, how old, and what cannot be shown without it; trouble first."""
    rows = [
        (desk_view.called(t["name"]), _state(t), t["sender"], t["file_date"], t["of"], "; ".join(t["stale"]), t["blocks"])
        for t in report.get("tables") or []
        if "/" not in t["name"]
    ]
    rows += [(desk_view.called(m["table"]), GONE, m["sender"], "", "", "", m["blocks"]) for m in report.get("missing") or []]
    rows.sort(key=lambda row: _ORDER[row[1]])
    columns = ["Input", "State", "From", "File date", "It is of", "Too old because", "Without it"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame if (frame["Too old because"] != "").any() else frame.drop(columns="Too old because")


def _state(table: Mapping[str, Any]) -> str:
    if table["rows"] is None:
        return UNREAD
    return OLD if table["stale"] else THERE


def in_a_sentence(frame: pd.DataFrame) -> str:
    """How many inputs are there, missing, unreadable and too old."""
    states = frame["State"].value_counts()
    told = [f"{states[s]} {'are' if states[s] != 1 else 'is'} {s}" for s in (GONE, UNREAD, OLD) if states.get(s)]
    there = f"{len(frame) - states.get(GONE, 0)} of {len(frame)} inputs are there"
    return f"{there}; {', '.join(told)}." if told else f"{there}, and none is too old."


def troubles(frame: pd.DataFrame) -> list[str]:
    """A line for each input that is not there, not readable or too old: whom to ask, and what it blocks."""
    lines = []
    found = frame[frame["State"] != THERE].to_dict("records")
    for row in sorted(found, key=lambda row: row["State"] == GONE):
        why = row.get("Too old because") if row["State"] == OLD else row["Without it"]
        lines.append(f"**{row['Input']}** {'is' if row['State'] != UNREAD else ''} {row['State']}: {why}. Ask {row['From']}.")
    return [line.replace("  ", " ") for line in lines]


def next_step(found: Checked | None) -> None:
    """Say the one thing to do next, with a link where it is on another page."""
    if found is None:
        text = "press *Check these files*. They stay where they are."
    elif not found.current:
        text = "files or rules have changed since this check; press *Check again*."
    elif desk_view.counts(found.report)[Severity.ERROR.value]:
        text = "mend what stops a build, in the files themselves, and press *Check again*."
    else:
        release = next(page for page in desk_view.pages() if page.url_path == "release")
        st.page_link(release, label="Next: check and release", icon=":material/arrow_forward:", icon_position="right")
        return
    st.markdown(f":material/arrow_forward: **Next:** {text}")
