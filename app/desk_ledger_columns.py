"""How a ledger is read, on *Ledgers*: what is in force, what was remembered, what the sheet suggests; tried, then accepted.

Nothing is read by a suggestion: a person fills in what the sheet does not say, sees what comes of it, and signs with a reason.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app import desk_ledger_errands, show
from app.desk_ledgers import found_in, listing, money
from rcs_core.contracts import parse_amount
from rcs_core.contracts.ledger_years import financial_year

UNITS = {"gbp": "pounds", "gbp_thousand": "thousands of pounds", "pence": "pence"}
KINDS = {"": "line", "subtotal": "sub-total, not counted", "heading": "heading", "repeated_header": "headers again"}


def columns(folder: Path, found: Mapping[str, Any], reveal: bool) -> None:
    """How a ledger is read: what is in force, what was remembered, what the sheet suggests; tried, then accepted by a person."""
    entry, suggestion, remembered = found["entry"] or {}, found["suggestion"] or {}, found["remembered"]
    if entry and found["preview"]["readable"]:
        _in_force(found)
        if not st.toggle("Change how it is read", key=f"change-{found['ledger']}"):
            return
    if suggestion:
        show.line("**This is a suggestion.** Nothing is read by it until somebody accepts it below. What it rests on:")
        show.points(suggestion["why"])
        if suggestion["undecided"]:
            show.line(f"**A person has to say:** {'; '.join(suggestion['undecided'])}.")
    before = _as_before(remembered, suggestion)
    draft = _form(found["ledger"], {**_of_suggestion(suggestion), **before, **entry}, suggestion.get("headers") or [])
    _try(folder, found["ledger"], draft, reveal)


def _in_force(found: Mapping[str, Any]) -> None:
    entry, preview = found["entry"], found["preview"]
    control = preview["control_pence"]
    show.line(
        f"{found['file']}, headers in row {entry.get('header_row')}: {preview['lines']:,} lines of {preview['cost_centres']:,} "
        f"cost centres come to **{money(preview['pence'])}**; the control total is **{money(control or 0)}** "
        f"({entry.get('control_total_source')}). The difference is **{money(preview['difference'] or 0)}**."
    )
    rows = [("Cost centre", "cost_centre"), ("Description", "description"), ("Amount", "amount")]
    read = pd.DataFrame([(name, entry["columns"].get(key, "")) for name, key in rows], columns=["Read as", "Column of the file"])
    read.loc[len(read)] = ["Unit", UNITS.get(entry.get("amount_unit", ""), "")]
    read.loc[len(read)] = ["Financial year", str(entry.get("financial_year", ""))]
    show.table(read, "How the ledger is read")
    found_in(preview)


def _of_suggestion(suggestion: Mapping[str, Any]) -> dict[str, Any]:
    if not suggestion:
        return {}
    words = "; ".join(suggestion["subtotal_words"])
    return {
        **{k: suggestion[k] for k in ("sheet", "header_row", "columns", "amount_unit", "financial_year")},
        "subtotal_words": words,
    }


def _as_before(remembered: Mapping[str, Any] | None, suggestion: Mapping[str, Any]) -> dict[str, Any]:
    """What was accepted before, where its headers still stand in the sheet; said either way."""
    if not remembered:
        return {}
    kept: dict[str, Any] = remembered["entry"]
    told = f"{remembered['financial_year']}, accepted by {remembered['who']} on {remembered['at'][:10]}"
    lost = [h for h in kept["columns"].values() if suggestion and h not in suggestion["headers"]]
    if lost:
        st.info(f"Last time ({told}) other headers were read: {', '.join(lost)} is not in this sheet. Look twice.")
        return {"agency_system": kept.get("agency_system", "")}
    st.info(f"Filled in as last time ({told}). The year and the control total are asked for again.", icon=":material/history:")
    return kept


def _form(ledger: str, told: Mapping[str, Any], headers: Sequence[str]) -> dict[str, Any]:
    """The entry as a person fills it in; a column that is not decided has no choice made for it."""
    left, right = st.columns(2)
    entry: dict[str, Any] = {
        "agency_system": left.text_input("Agency and its finance system", told.get("agency_system", ""), key=f"system-{ledger}"),
        "header_row": int(
            right.number_input("Row that holds the headers", 1, 100, int(told.get("header_row", 1)), key=f"row-{ledger}")
        ),
    }
    sheet = left.text_input("Sheet (blank for the first)", told.get("sheet", "") or "", key=f"sheet-{ledger}")
    chosen = dict(told.get("columns") or {})
    options = list(dict.fromkeys([h for h in (*headers, *chosen.values()) if h]))
    labels = {
        "cost_centre": "Column of the cost centre",
        "description": "Column of the description",
        "amount": "Column of the amount",
    }
    picked = {
        name: st.selectbox(
            label, options, options.index(chosen[name]) if chosen.get(name) in options else None, key=f"{name}-{ledger}",
            placeholder="Choose, or type the header", accept_new_options=True,
        )
        for name, label in labels.items()
    }  # fmt: skip
    unit = right.selectbox(
        "Unit of the amounts", list(UNITS), list(UNITS).index(told["amount_unit"]) if told.get("amount_unit") else None,
        format_func=UNITS.__getitem__, key=f"unit-{ledger}",
    )  # fmt: skip
    year = left.text_input(
        "Financial year", told.get("financial_year", ""), key=f"year-{ledger}", placeholder="2025-26, 2025/26, FY26"
    )
    total = right.text_input(
        "Control total (£)", told.get("control_total_gbp", ""), key=f"total-{ledger}", placeholder="48,123,456.78"
    )
    source = left.text_input("Where the control total was read", told.get("control_total_source", ""), key=f"source-{ledger}")
    words = right.text_input("Words that mark sub-totals", _words(told.get("subtotal_words", "")), key=f"words-{ledger}")
    pence, _ = parse_amount(total) if total.strip() else (None, True)
    control = "" if pence is None else f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"
    entry |= {"sheet": sheet} if sheet else {}
    return entry | {
        "columns": {k: v or "" for k, v in picked.items()},
        "amount_unit": unit or "",
        "financial_year": financial_year(year) or year,
        "control_total_gbp": control or total,
        "control_total_source": source,
        "subtotal_words": words,
    }


def _words(told: object) -> str:
    return "; ".join(map(str, told)) if isinstance(told, list) else str(told or "")


def _try(folder: Path, ledger: str, entry: dict[str, Any], reveal: bool) -> None:
    """The first rows and the sum beside the control total; then the acceptance, of exactly what was tried."""
    key = f"tried-{ledger}"
    if st.button("See what comes of it", icon=":material/visibility:", key=f"try-{ledger}"):
        st.session_state[key] = (entry, desk_ledger_errands.try_columns(folder, ledger, entry, reveal)["preview"])
    tried, preview = st.session_state.get(key, (None, None))
    if tried != entry or preview is None:
        show.note("Look at what comes of it before it is accepted; after a change, look again.")
        return
    _first_rows(preview)
    left, right = st.columns(2)
    by = left.text_input("Accepted by", key=f"by-{ledger}")
    reason = right.text_input("Why", key=f"why-{ledger}", placeholder="agreed with the board's finance team")
    if st.button(
        "Accept these columns", type="primary", icon=":material/check:", disabled=not (by and reason), key=f"accept-{ledger}"
    ):
        desk_ledger_errands.accept_columns(folder, ledger, entry, by, reason)
        st.session_state.pop(key)
        st.rerun()


def _first_rows(preview: Mapping[str, Any]) -> None:
    if not preview["readable"]:
        show.line("**It cannot be read so.**")
        found_in({**preview, "left_out": []})
        return
    control = preview["control_pence"]
    gap = (
        "there is no control total yet"
        if control is None
        else f"the control total is {money(control)}; the difference is {money(preview['difference'])}"
    )
    show.line(f"{preview['lines']:,} lines come to **{money(preview['pence'])}**; {gap}.")
    rows = [
        (r["row"], KINDS.get(r["kind"], r["kind"]), r["cost_centre"], r["description"], r["amount"], r["pence"] / 100)
        for r in preview["rows"]
    ]
    listing(pd.DataFrame(rows, columns=["Row", "Read as", "Cost centre", "Description", "As written", "Amount (£)"]))
    found_in(preview)
