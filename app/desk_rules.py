"""What *Ledgers* draws of rules and suggestions: what each would take, what clashes, and the signature that puts one to work."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app import desk_ledger_errands, show
from app.desk_ledgers import listing, money
from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.vocab import Agency

LOOKS = {"cost_centre": "the cost centre's code", "description": "the description"}
MATCHES = {"has_words": "has all of these words", "starts_with": "begins with", "is": "is, word for word"}
LEAVE_OUT = "(leave out, with a reason)"
HOW = (
    "A rule looks at the cost centre or the description; letter case and signs between words never matter. The map made by hand "
    "always wins. A line that two rules would send to different places is left unmapped until one gives way."
)


def rules(folder: Path, found: Mapping[str, Any]) -> None:
    """Every rule with the lines and pounds that it takes or would take; clashes; a new rule; and who accepts which."""
    if "rules" not in found:
        show.note("Rules can be tried once the ledger can be read.")
        return
    show.line(HOW)
    if found["rules"]:
        listing(frame(found["rules"], _names(found)))
        show.note("A rule that nobody accepted yet is shown as if it were the next to be.")
    else:
        show.line("There are no rules for this ledger yet.")
    show.points(map(clash, found["clashes"]))
    _sign(folder, found)
    with st.expander("Write a rule; it waits, and what it would take is shown above"):
        _write(folder, found)


def _names(found: Mapping[str, Any]) -> dict[str, str]:
    """Each service of the register by its id, with its name."""
    return {s["service_id"]: f"{s['service_id']} {s['service_name']}" for s in found["services"]}


def _named(goes_to: str, names: Mapping[str, str]) -> str:
    """Where lines go, each service with its name."""
    return re.sub(r"\bS\w+", lambda code: names.get(code[0], code[0]), goes_to)


def frame(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> pd.DataFrame:
    """A row a rule: what it looks for, where its lines go, what it takes, and what it cannot have."""
    lines = [
        (
            r["rule"], f"{r['accepted_by']}, {r['accepted_on']}" if r["accepted"] else "nobody yet", r["said"],
            _named(r["goes_to"], names), r["lines"], r["pence"] / 100, r["by_hand_pence"] / 100, r["clash_pence"] / 100,
        )
        for r in rows
    ]  # fmt: skip
    columns = ["Rule", "Accepted by", "When the", "Goes to", "Lines", "Takes (£)", "Mapped by hand (£)", "In a clash (£)"]
    made = pd.DataFrame(lines, columns=columns)
    return made.drop(columns=[c for c in columns[-2:] if not made[c].any()])


def clash(found: Mapping[str, Any]) -> str:
    """Lines over which rules clash, in a sentence."""
    lines = f"{found['lines']:,} line{'s' if found['lines'] != 1 else ''}"
    which = f"{lines} ({money(found['pence'])}, row{'s' if found['lines'] != 1 else ''} {', '.join(map(str, found['rows']))})"
    ends = "they stay unmapped until one gives way" if found["accepted"] else "they would stay unmapped if all were accepted"
    return f"**Clash:** rules {' and '.join(found['rules'])} send {which} to different places; {ends}."


def _sign(folder: Path, found: Mapping[str, Any]) -> None:
    """Accept rules that wait, or take rules away."""
    waiting = [r["rule"] for r in found["rules"] if not r["accepted"]]
    ledger = found["ledger"]
    if waiting:
        chosen = st.multiselect("Rules to accept", waiting, key=f"accept-rules-{ledger}")
        by, reason = _who(f"rules-{ledger}")
        if st.button("Accept these rules", type="primary", icon=":material/check:", disabled=not (chosen and by and reason)):
            _done(folder, ledger, {"accept": chosen, "by": by, "reason": reason}, f"Accepted: {', '.join(chosen)}.")
    if found["rules"]:
        with st.expander("Take a rule away"):
            gone = st.multiselect("Rules to take away", [r["rule"] for r in found["rules"]], key=f"remove-rules-{ledger}")
            if st.button("Take these away", icon=":material/delete:", disabled=not gone):
                _done(folder, ledger, {"remove": gone}, f"Taken away: {', '.join(gone)}.")


def _who(key: str) -> tuple[str, str]:
    left, right = st.columns(2)
    by = left.text_input("Accepted by", key=f"by-{key}")
    return by, right.text_input("Why", key=f"why-{key}", placeholder="as in the budget book, page 12")


def _done(folder: Path, ledger: str, told: dict[str, Any], said: str, earlier: Path | None = None) -> None:
    desk_ledger_errands.decide(folder, ledger, told, earlier)
    st.toast(said)
    st.rerun()


def _write(folder: Path, found: Mapping[str, Any]) -> None:
    """A rule as a person writes it; it waits until somebody accepts it."""
    ledger = found["ledger"]
    left, middle, right = st.columns(3)
    look = left.selectbox("Look at", list(LOOKS), format_func=LOOKS.__getitem__, index=1, key=f"look-{ledger}")
    match = middle.selectbox("Match", list(MATCHES), format_func=MATCHES.__getitem__, key=f"match-{ledger}")
    words = right.text_input("Words or code", key=f"words-rule-{ledger}")
    rows = _targets(found)
    if st.button("Write it, to wait", icon=":material/edit_note:", disabled=not (words and rows)):
        told = [{"ledger": ledger, "look_at": look, "match": match, "words": words, **row} for row in rows]
        _done(folder, ledger, {"add": told}, "Written. It takes nothing until somebody accepts it.")


def _targets(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where the lines go: one service, several with shares that add up to 100, or out with a reason."""
    ledger = found["ledger"]
    names = _names(found)
    payers = {s["service_id"]: s["funder_agency"] for s in found["services"]}
    chosen = st.multiselect(
        "Goes to",
        [LEAVE_OUT, *names],
        format_func=lambda s: names.get(s, s),
        key=f"targets-{ledger}",
        placeholder="One or more services",
    )
    if LEAVE_OUT in chosen:
        reason = st.selectbox(
            "Left out because", reasons(), None, key=f"out-{ledger}", accept_new_options=True,
            help="Only these words are published; another reason is kept at the desk",
        )  # fmt: skip
        return [{"excluded_because": reason, "pct": "100"}] if reason and len(chosen) == 1 else []
    if not chosen:
        return []
    agencies = [str(a) for a in Agency]
    payer = st.selectbox(
        "Paid by", agencies, agencies.index(payers[chosen[0]]) if payers[chosen[0]] in agencies else None,
        format_func=lambda a: Agency(a).label, key=f"payer-{ledger}",
    )  # fmt: skip
    shares = _shares(chosen, names, ledger) if payer else []
    return [{"service_id": s, "agency": payer, "pct": f"{p:g}"} for s, p in zip(chosen, shares, strict=True)] if shares else []


def reasons() -> list[str]:
    """The reasons for leaving money out that are published."""
    return [str(reason) for reason in read_yaml(CONTRACTS / "exclusions.yaml")["reasons"]]


def _shares(chosen: Sequence[str], names: Mapping[str, str], ledger: str) -> list[float]:
    """Each service's share of a line, in per cent; nothing while they are not 100 together."""
    if len(chosen) == 1:
        return [100.0]
    shares = [st.number_input(f"{names[s]} (%)", 0.0, 100.0, 100 / len(chosen), key=f"pct-{s}-{ledger}") for s in chosen]
    if abs(sum(shares) - 100) > 1e-6 or not all(shares):
        show.note(f"The shares come to {sum(shares):g}%; a line is shared out whole, so they must come to 100%.")
        return []
    return shares


def suggestions(folder: Path, found: Mapping[str, Any], reveal: bool, earlier: Path | None) -> None:
    """Where unmapped cost centres may go, each with its reason; accepted one by one, never by themselves."""
    offered = found.get("suggestions") or []
    show.line(
        "Offered for cost centres that nothing maps. **None is applied until somebody accepts it**; then it becomes a rule."
    )
    if not offered:
        show.line(
            "There is nothing to offer: the desk remembers none of these cost centres, and no mapped description is like theirs."
        )
        return
    names = _names(found)
    lines = [(s["cost_centre"], s["pence"] / 100, _named(s["goes_to"], names), f"{s['kind']}: {s['reason']}") for s in offered]
    table = pd.DataFrame(lines, columns=["Cost centre", "Amount (£)", "May go to", "Because"])
    if reveal:
        both, here = ([", ".join(s[name]) for s in offered] for name in ("words", "only_here"))
        texts = [s["description"] for s in offered]
        listing(table.assign(**{"Words in common": both, "Words only here": here, "Description": texts}))
    else:
        show.table(table, "Suggestions", ["Descriptions are masked: switch them on above to see which words are alike."])
    ledger = found["ledger"]
    chosen = st.multiselect("Suggestions to accept", [s["cost_centre"] for s in offered], key=f"suggested-{ledger}")
    by, reason = _who(f"suggested-{ledger}")
    if st.button("Accept these suggestions", type="primary", icon=":material/check:", disabled=not (chosen and by and reason)):
        told = {"suggestions": chosen, "by": by, "reason": reason}
        _done(folder, ledger, told, f"{len(chosen)} accepted, each as a rule of its own.", earlier)
