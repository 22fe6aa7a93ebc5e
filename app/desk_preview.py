"""Before a build: what each size of release would hold and hide, so that one is chosen with its cost in sight."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app import desk_jobs, show
from rcs_core.errors import RcsError

type Sizes = list[dict[str, Any]]
HOW = (
    "To choose another size, write it into partnership.yaml, for example `release_tables: short`. A list of your own goes into "
    "release_tables.yaml: what stands under one size in data_contracts/release.yaml."
)
"""How a size is chosen; docs/how-to/release.md says it at length."""
NO_CHOICE = "No size is marked as chosen: the folder has a list of its own, or another was asked for."


def draw(folder: Path) -> bool:
    """The sizes of a folder's release, or the way to see them; True while they are being worked out."""
    job = desk_jobs.preview_of(folder)
    if job is not None and job.running:
        _follow(folder)
        return True
    sizes, current = desk_jobs.previewed(folder)
    if sizes:
        _sizes(sizes, current)
    elif job is not None and job.failed:
        show.error(RcsError("the preview came to nothing", folder.name, remedy="mend what it says, in *Prepare data*"))
        st.code(desk_jobs.what_went_wrong(job), language=None, wrap_lines=True)
    label = "See again what each size would hide" if sizes else "See what each size of release would hide"
    if not (sizes and current) and st.button(label, icon=":material/visibility:"):
        desk_jobs.start_preview(folder)
        st.rerun()
    return False


@st.fragment(run_every=0.5)
def _follow(folder: Path) -> None:
    """How far the preview is, with a way to stop it; ends when the preview does."""
    job = desk_jobs.preview_of(folder)
    if job is None or not job.running:
        st.rerun()
    st.progress(min(1.0, job.done), text=f"{job.text} ({job.done:.0%})")
    if st.button("Stop the preview", icon=":material/stop:"):
        job.stop()
        st.rerun()


def _sizes(sizes: Sizes, current: bool) -> None:
    """The sizes as one small table, what is chosen, and what could be coarser."""
    show.line(sentence(sizes) + ("" if current else " The files have changed since: see again before you rely on this."))
    show.table(frame(sizes), "Sizes of a release", ["Under ten: for the desk alone, and in no release."])
    show.points(f"**{s['title']}.** {s['why']}" for s in sizes)
    show.note(HOW)
    if offers := proposed(sizes):
        show.line("**Where more than half of a table would be hidden**, something coarser says more:")
        show.points(offers)
    with st.expander("Each table of each size, and how much of it would be hidden"):
        show.table(tables(sizes), "Tables by size")


def frame(sizes: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A row a size: its cells, those under ten, those hidden, and what it adds to the one before."""
    rows = [(_name(s), s["cells"], s["small"], s["hidden"], f"{100 * s['share']:.1f}", s["adds"] or "the least") for s in sizes]
    return pd.DataFrame(rows, columns=["Size", "Cells", "Under ten", "Hidden", "Hidden (%)", "What it adds"])


def _name(size: Mapping[str, Any]) -> str:
    return f"{size['title']} (chosen)" if size["chosen"] else str(size["title"])


def sentence(sizes: Sizes) -> str:
    """What the chosen size comes to, in one sentence; of one that cannot be protected, why."""
    ours = next((s for s in sizes if s["chosen"]), None)
    if ours is None:
        return NO_CHOICE
    if ours["refused"]:
        return f"**{ours['title']}** is chosen, and cannot be protected: {ours['refused']}. Choose a smaller size."
    return (
        f"**{ours['title']}** is chosen: {ours['cells']:,} cells, of which {ours['hidden']:,} ({ours['share']:.0%}) would be "
        "hidden so that no child can be singled out."
    )


def proposed(sizes: Sizes) -> list[str]:
    """Each proposal in a sentence with its effect, said once however many sizes it is true of."""
    said: dict[str, list[str]] = {}
    for size in sizes:
        now = {t["name"]: t for t in size["tables"]}
        for offer in size["proposals"]:
            said.setdefault(_offer(offer, now[offer["table"]]), []).append(str(size["title"]))
    everywhere = len(sizes)
    return [text if len(names) == everywhere else f"{', '.join(names)}: {text}" for text, names in said.items()]


def _offer(offer: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    if offer["hidden"] is None:
        after = f"{offer['cells']:,} cells, of which {offer['small']:,} count fewer than ten"
    else:
        after = f"{offer['hidden']:,} of {offer['cells']:,} cells"
    coarser = offer["text"][:1].lower() + offer["text"][1:]
    return f"*{offer['title']}* would hide {now['hidden']:,} of {now['cells']:,} cells; {coarser}: {after} (`{offer['write']}`)."


def tables(sizes: Sizes) -> pd.DataFrame:
    """A row a table: the share of its cells that each size would hide; blank where the size has no such table."""
    order = dict.fromkeys(t["title"] for s in sizes for t in s["tables"])
    columns = {
        f"{s['title']}: hidden": {t["title"]: f"{t['hidden']:,} of {t['cells']:,} ({t['share']:.0%})" for t in s["tables"]}
        for s in sizes
    }
    return pd.DataFrame([{"Table": title, **{c: found.get(title, "–") for c, found in columns.items()}} for title in order])
