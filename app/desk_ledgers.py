"""What *Ledgers* draws: every ledger against its control total, where each pound of one went, and what its reader noticed."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app import desk_view, show
from rcs_core.errors import RcsError

SIDES = {
    "mapped": "Mapped",
    "other_areas": "Other areas' share",
    "excluded": "Left out",
    "unmapped": "Not mapped",
}
DOES = {"error": "Stops a build", "drop": "Left out, with a receipt", "note": "For information"}
MOST_ROWS = 60


def money(pence: int) -> str:
    """Pence as pounds and pence."""
    return f"{'−' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def bar(sides: Mapping[str, Any]) -> str:
    """A ledger's money in words: *£x of £y mapped, £z unmapped*."""
    parts = [f"**{money(sides['mapped'])}** of {money(sides['control'])} is mapped to services"]
    parts += [f"{money(sides['other_areas'])} is other areas' share"] if sides["other_areas"] else []
    parts += [f"{money(sides['excluded'])} is left out with a reason"] if sides["excluded"] else []
    parts.append(f"**{money(sides['unmapped'])} is not mapped**" if sides["unmapped"] else "nothing is left unmapped")
    return ", ".join(parts[:-1]) + f", and {parts[-1]}."


def headline(found: Mapping[str, Any]) -> None:
    """All ledgers together in one sentence, and a row for each."""
    rows = found["ledgers"]
    sound = [row["reconciled"] for row in rows if row["reconciled"]]
    total = {side: sum(s[side] for s in sound) for side in ("control", *SIDES)}
    waits = [desk_view.called(row["ledger"]) for row in rows if not row["described"]]
    off = [desk_view.called(row["ledger"]) for row in rows if row["problem"]]
    sentence = bar(total).replace("**", "") if sound else "No ledger adds up to its control total yet."
    basis = [f"{len(sound)} of {len(rows)} ledgers add up to their control totals, to the penny; financial year {found['year']}."]
    basis += [f"Columns not chosen yet: {', '.join(waits)}."] if waits else []
    basis += [f"Not to be reconciled yet: {', '.join(off)}."] if off else []
    show.headline(sentence, " ".join(basis))
    show.table(
        overview(rows),
        "Ledgers against their control totals",
        [f"Pounds and pence of each ledger's own year ({found['year']}), in its own prices."],
    )


def overview(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A row a ledger: its control total and what became of it, in pounds."""
    lines = []
    for row in rows:
        sides = row["reconciled"] or {}
        state = "adds up to the penny" if sides else "does not add up yet" if row["described"] else "choose its columns"
        lines.append((desk_view.called(row["ledger"]), state, *[_pounds(sides, side) for side in ("control", *SIDES)]))
    names = ["Ledger", "State", "Control total (£)", *[f"{words} (£)" for words in SIDES.values()]]
    frame = pd.DataFrame(lines, columns=names).dropna(axis="columns", how="all")
    idle = f"{SIDES['other_areas']} (£)"
    return frame.drop(columns=idle) if idle in frame and not frame[idle].any() else frame


def _pounds(sides: Mapping[str, Any], side: str) -> float | None:
    return sides[side] / 100 if side in sides else None


def where(found: Mapping[str, Any], reveal: bool) -> None:
    """One ledger's money: the sum in words, the reasons, and what nothing maps yet."""
    if found["problem"]:
        show.error(RcsError(found["problem"]))
        return
    sides = found["reconciled"]
    show.line(bar(sides))
    share = (sides["control"] - sides["unmapped"]) / sides["control"] if sides["control"] else 1.0
    st.progress(min(1.0, max(0.0, share)), text=f"{share:.1%} of the control total is accounted for")
    if sides["rules_pence"]:
        show.line(f"Accepted rules have lines of {money(sides['rules_pence'])}; the rest stands in the map made by hand.")
    reasons = pd.DataFrame([(r, p / 100) for r, p in sides["reasons"]], columns=["Left out because", "Amount (£)"])
    if len(reasons):
        show.table(reasons, "Left out, by reason")
    st.subheader("What nothing maps yet", anchor=False)
    _unmapped(found["unmapped"], reveal)


def _unmapped(rows: Sequence[Mapping[str, Any]], reveal: bool) -> None:
    if not rows:
        show.line("Nothing: every line is mapped or left out with a reason.")
        return
    frame = pd.DataFrame(
        [(r["cost_centre"], r["lines"], r["pence"] / 100) for r in rows], columns=["Cost centre", "Lines", "Amount (£)"]
    )
    if reveal:
        listing(frame.assign(Description=[r["description"] for r in rows]))
    else:
        show.table(frame, "Cost centres that nothing maps", ["Descriptions are masked: switch them on above to see them here."])


def listing(frame: pd.DataFrame) -> None:
    """A table with ledger text: to be read here, with nothing to download."""
    money_columns = [c for c in frame.columns if c.endswith("(£)")]
    shown = frame.head(MOST_ROWS).assign(**{c: [f"{v:,.2f}" for v in frame.head(MOST_ROWS)[c]] for c in money_columns})
    st.table(shown.astype({shown.columns[0]: str}).set_index(shown.columns[0]))
    more = f" The first {MOST_ROWS} of {len(frame):,} rows." if len(frame) > MOST_ROWS else ""
    show.note(f"Ledger text is shown on this screen only, and cannot be downloaded.{more}")


def found_in(preview: Mapping[str, Any]) -> None:
    """What the reader left out and noticed, in short."""
    findings = [f for f in preview["findings"] if f["code"] not in ("header", "mended")]
    rows = [
        (
            DOES[f["severity"]],
            f["count"],
            f["rule"].replace("`", ""),
            ", ".join(map(str, f["rows"])),
            "; ".join(f["values"]),
            f["remedy"],
        )
        for f in findings
    ]
    frame = pd.DataFrame(rows, columns=["What it does", "How many", "Expected", "In rows", "For example", "To fix"])
    totals = [(r["row"], r["amount"]) for r in preview["left_out"] if r["kind"] == "subtotal"]
    if totals:
        sums = pd.DataFrame(totals, columns=["Row", "Amount, and which rows it adds up"])
        show.folded(
            f"{len(totals)} sub-total rows, none of them counted",
            "Each is checked against the rows beside it.",
            sums,
            "Sub-totals",
        )
    if len(frame):
        show.folded("What the reader noticed", "Rows are counted as in the file.", frame, "What the reader noticed")
