"""Is the release safe to show, and who says so?"""

from pathlib import Path

import streamlit as st

from app import desk_jobs, desk_view, session, show, theme
from rcs_core import release as waist
from rcs_core.errors import RcsError, ReleaseError
from rcs_core.release import Release


def start(target: str) -> None:
    """Choose a folder and build a release from it."""
    st.subheader("Build a release", anchor=False)
    folder = desk_view.choose_folder()
    if folder is not None:
        _checked(folder)
        if st.button("Build the release", type="primary", icon=":material/play_arrow:"):
            desk_jobs.start_build(folder, desk_jobs.release_folder())
            st.rerun()
    st.caption(f"The release goes to {target}. Until the last step, the release that is served stays as it is.")


def _checked(folder: Path) -> None:
    """What is known of the folder before it is built from."""
    found = desk_jobs.checked(folder)
    if found is None:
        st.markdown("Not checked yet: a build checks first, and stops at the first table that is not fit.")
    elif not found.current:
        st.markdown("Its files have changed since they were checked.")
    else:
        st.markdown(f"Checked {desk_view.when(found.at)}, unchanged since. {desk_view.verdict(found.report)}")


@st.fragment(run_every=0.5)
def follow() -> None:
    """How far the build is, with a way to stop it; ends when the build does."""
    build = desk_jobs.last_build()
    if build is None or not build.running:
        st.rerun()
    st.progress(min(1.0, build.done), text=f"{build.text} ({build.done:.0%})")
    if st.button("Stop the build", icon=":material/stop:"):
        build.stop()
        st.rerun()


def outcome() -> None:
    """What became of the last build."""
    build = desk_jobs.last_build()
    if build is not None and build.stopped:
        again = "Nothing half-made is kept, since it would be a copy of records; press *Build the release* to begin again."
        st.info(f"The build was stopped. Nothing that is served has changed. {again}", icon=":material/info:")
    elif build is not None and build.failed:
        why = desk_jobs.what_went_wrong(build)
        show.error(
            RcsError(
                f"the build begun {desk_view.when(build.started)} made no release",
                build.folder.name,
                remedy="see *Prepare data*; what is served is unchanged",
            )
        )
        st.code(why, language=None, wrap_lines=True)
    elif build is not None and build.result.get("id"):
        st.success(f"Built from {build.folder.name}, begun {desk_view.when(build.started)}: release {build.result['id']}.")
        show.caveats(build.result.get("notes") or [], "To look at before the next build (for the desk only)")


def verdict(found: Release) -> None:
    """What is published, what is hidden, and whether the hidden can be worked out."""
    said = found.manifest.audit
    tables = desk_view.published(found)
    cells, hidden, leaks = int(tables["Cells"].sum()), int(tables["Hidden"].sum()), said.get("open")
    tried = "The audit could work out none of them" if leaks == 0 else "No audit is recorded for it"
    st.subheader("What is published, and what is hidden", anchor=False)
    show.headline(
        f"{hidden:,} of {cells:,} cells are hidden. {tried}.",
        f"Release {found.id} of {found.manifest.partnership}, {found.manifest.year}, built {found.manifest.built_at[:16]}",
    )
    show.table(tables, "Published and hidden", [f"A cell of fewer than {found.manifest.min_cell} children is never shown."])


def sign(found: Release) -> None:
    """Who takes responsibility for showing the release; the workbench shows nothing until somebody does."""
    st.subheader("Who says that it may be shown?", anchor=False)
    signed = session.sign_off(found)
    if signed:
        kind = " Fictional data sign themselves off." if signed.fictional else ""
        st.success(f"Signed off by **{signed.by}**, {signed.role}, on {signed.at[:10]}.{kind}", icon=":material/verified:")
        if signed.note:
            st.caption(f"Statement: {signed.note}")
        st.markdown(
            ":material/arrow_forward: **Next:** `rcs serve` shows it to a room. Carry the release folder and nothing else."
        )
        return
    st.markdown(":material/arrow_forward: **Next:** look at every table above, then say who takes responsibility.")
    # Keyed by the release, so that a press can never sign one that was put in place since the form was drawn.
    with st.form(f"sign_off_{found.id}", border=True):
        by, role = st.text_input("Your name"), st.text_input("Your role, for example data controller")
        note = st.text_area("Statement: what you looked at, and what you are content with")
        if st.form_submit_button("Sign off this release", type="primary"):
            session.store().sign_off(found.manifest.content_hash, by, role, note, found.manifest.fictional)
            st.rerun()


show.question("Is the release safe to show, and who says so?")
running = desk_jobs.last_build()
if running is not None and running.running:
    follow()
else:
    start(str(desk_jobs.release_folder()))
    outcome()
try:
    current = waist.load(waist.current_file(desk_jobs.release_folder()))
except ReleaseError:
    show.nothing("There is no release yet", "Build one from a folder that has been checked.")
theme.banner(current)
verdict(current)
sign(current)
