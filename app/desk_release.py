"""What the controller looks at before signing: what is published and lost, the audit's verdict, near misses, the signature."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from app import session, show
from rcs_core.release import Release
from rcs_core.vocab import AreaLevel, Contact
from rcs_core.workshop import evidence, lost
from rcs_core.workshop.store import SignOff

LOST_NOTE = (
    "Answers in hidden cells: of the answers that a table counts, the part that stands in hidden cells of its finest groups, as "
    "it follows from the totals that are shown; – where the total is hidden too."
)


def specification(found: Release) -> str:
    """The name of the set of tables that a release holds; blank for one made before there was a choice."""
    return str(found.manifest.settings.get("specification", ""))


def verdict(found: Release, built: Mapping[str, Any]) -> None:
    """What is published, what is hidden, how much that loses, and whether the hidden can be worked out.

    built: what the build of this release told the desk; nothing where another build was the last.
    """
    st.header("What is published, and what is hidden", anchor=False)
    tables = lost.lost(found)
    cells, hidden = (int(found.manifest.audit.get(what) or sum(getattr(t, what) for t in tables)) for what in ("cells", "hidden"))
    show.headline(
        f"{hidden:,} of {cells:,} cells are hidden. {in_short(found)}",
        f"Release {found.id} of {found.manifest.partnership}, {found.manifest.year}, built {found.manifest.built_at[:10]}"
        f" at {found.manifest.built_at[11:16]} UTC" + (f". Set of tables: {name}." if (name := specification(found)) else ""),
    )
    show.line(audited(found, built))
    notes = [
        f"A cell of fewer than {found.manifest.min_cell} children is never shown. A cell may stand in several tables.",
        LOST_NOTE,
    ]
    show.table(lost.frame(tables), "Published and hidden", notes)
    _reasons(found)
    _near(found, built)


def in_short(found: Release) -> str:
    """The audit's verdict in a few words."""
    leaks = found.manifest.audit.get("open")
    return "The audit could work out none of them." if leaks == 0 else "No audit is recorded for it."


def audited(found: Release, built: Mapping[str, Any]) -> str:
    """How the verdict was come to, and with which earlier releases beside it."""
    least = found.manifest.min_cell
    said = (
        f"A second program, given only what is published, tried to work out every hidden cell from all the sums at once. None "
        f"can be shown to be under {least}: each may be {least} children or more."
    )
    if found.manifest.audit.get("open") != 0:
        said = "Nothing says that a second program tried to work out what is hidden: build it again before you sign."
    against = built.get("against")
    if against is None:
        return said
    if not against:
        return f"{said} There was no earlier release to look at beside it."
    return f"{said} Signed off before, and looked at together with it: {'; '.join(_earlier(one) for one in against)}."


def _earlier(one: Mapping[str, Any]) -> str:
    """An earlier release that the audit had beside this one, and what whoever holds both can tell."""
    if not one["apart"]:
        return f"release {one['release']}, which gives nothing more away"
    groups = "1 group is" if one["apart"] == 1 else f"{one['apart']:,} groups are"
    return f"release {one['release']}: {groups} told apart by fewer than ten children, such as {one['first']}"


def _reasons(found: Release) -> None:
    """Why each table is in the release."""
    if "specification" not in found:
        return
    plans = found.frame("specification")
    with st.expander(f"Why each table is in it ({specification(found)})"):
        show.table(
            plans[["title", "levels", "why"]].set_axis(["Table", "Down to", "Why"], axis=1), "Why each table is in the release"
        )


def _near(found: Release, built: Mapping[str, Any]) -> None:
    """The hidden cells that are nearest to being worked out, with what can be said of each."""
    st.subheader("Near misses", anchor=False)
    if "near" not in built:
        show.line("Not known here: they are told on the desk that built the release. `rcs audit RELEASE` works them out again.")
        return
    near = near_frame(found, built["near"])
    if near.empty:
        show.line(f"None: every hidden cell may be well above {found.manifest.min_cell} children, for all that is published.")
        return
    show.line(near_sentence(built["near"]))
    show.table(near, "Near misses", [f"Children. *At most* {found.manifest.min_cell} or more is safe. For the desk alone."])


def near_frame(found: Release, near: list[dict[str, Any]]) -> pd.DataFrame:
    """Near misses in words: the table, the group, and the least and most that its count can be."""
    rows = [(n["low"], n["high"], group(found, n["where"]), _title(found, n["table"])) for n in near]
    return pd.DataFrame(rows, columns=["At least", "At most", "Which group", "Table"])


def near_sentence(near: list[dict[str, Any]]) -> str:
    """How many hidden cells come near, and how near."""
    least, most = min(n["high"] for n in near), max(n["high"] for n in near)
    many = f"{len(near):,} hidden cells come" if len(near) > 1 else "1 hidden cell comes"
    span = f"{least:g}" if least == most else f"{least:g} to {most:g}"
    return f"{many} near to being worked out: what is published allows at most {span} children. None is open."


def _title(found: Release, table: str) -> str:
    name = table.rpartition("/")[2]
    return found.tables[name].title if name in found else name


def group(found: Release, where: Mapping[str, str]) -> str:
    """A cell's group as people say it: the area's and the question's own names, margins left out."""
    names = {str(a): str(n) for a, n in zip(found.frame("areas")["area"], found.frame("areas")["name"], strict=True)}
    asked = {i.code: i.title for i in evidence.indicators(found)} if "indicators" in found else {}
    said = []
    for column, code in where.items():
        if column == "survey" or code == "ALL":
            continue
        word = {"area": names, "indicator": asked}.get(column, {}).get(code, code)
        word = Contact(code).label if column == "contact" else word
        column = "answered" if column == "band" else column
        said.append(word if column in ("area", "indicator", "wave", "contact") else f"{column.replace('_', ' ')} {word}")
    return ", ".join(said) or AreaLevel.COUNCIL.label


def sign(found: Release) -> None:
    """Who takes responsibility for showing the release; the workbench shows nothing until somebody does."""
    st.header("Who says that it may be shown?", anchor=False)
    signed = session.sign_off(found)
    if signed:
        _signed(signed)
        return
    st.markdown(":material/arrow_forward: **Next:** look at every table above, then say who takes responsibility.")
    tables = specification(found)
    # Keyed by the release, so that a press can never sign one that was put in place since the form was drawn.
    with st.form(f"sign_off_{found.id}", border=True):
        st.markdown(_what(found.id, tables))
        by, role = st.text_input("Your name"), st.text_input("Your role, for example data controller")
        note = st.text_area("Statement: what you looked at, and what you are content with")
        if st.form_submit_button("Sign off this release", type="primary"):
            session.store().sign_off(found.manifest.content_hash, by, role, note, found.manifest.fictional, tables)
            st.rerun()


def _what(release_id: str, tables: str) -> str:
    return f"You sign release `{release_id}`" + (f", set of tables **{tables}**." if tables else ".")


def _signed(signed: SignOff) -> None:
    kind = " Its data are fictional." if signed.fictional else ""
    what = f" Release {signed.release_hash[:12]}" + (f", set of tables {signed.specification}." if signed.specification else ".")
    st.success(
        f"Signed off by **{signed.by}**, {signed.role}, on {signed.at[:10]} at {signed.at[11:16]} UTC.{what}{kind}",
        icon=":material/verified:",
    )
    if signed.note:
        st.caption(f"Statement: {signed.note}")
    st.markdown(":material/arrow_forward: **Next:** `rcs serve` shows it to a room. Carry the release folder and nothing else.")
