"""Is the release safe to show, and who says so?"""

from pathlib import Path

import streamlit as st

from app import desk_jobs, desk_preview, desk_release, desk_view, show, theme
from rcs_core import release as waist
from rcs_core.errors import RcsError, ReleaseError


def start(target: str) -> None:
    """Choose a folder and build a release from it."""
    st.header("Build a release", anchor=False)
    folder = desk_view.choose_folder()
    if folder is not None:
        _checked(folder)
        if desk_preview.draw(folder):
            return
        if st.button("Build the release", type="primary", icon=":material/play_arrow:"):
            desk_jobs.start_build(folder, desk_jobs.release_folder())
            st.rerun()
    st.caption(f"The release goes to {target}. Until the last step, the release that is served stays as it is.")


def _checked(folder: Path) -> None:
    """What is known of the folder before it is built from."""
    found = desk_jobs.checked(folder)
    if found is None:
        st.markdown("Not checked yet: a build checks first, and stops if anything is not fit.")
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
last = desk_jobs.last_build()
told = last.result if last is not None and last.result.get("id") == current.id else {}
desk_release.verdict(current, told)
desk_release.sign(current)
