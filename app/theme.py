"""The look that the theme file cannot say: reading width, the fictional banner, the footer."""

import streamlit as st

from rcs_core.release import Release

MARK = ":material/family_restroom:"
STYLE = """<style>
.stMainBlockContainer { max-width: 1180px; margin: 0 auto; }
.stMainBlockContainer h1 { text-wrap: balance; }
.stMainBlockContainer p, .stMainBlockContainer li { max-width: 46rem; }
[class*="st-key-headline"] { border-left-width: 6px; border-left-color: #2a8ea3; }
[class*="st-key-headline"] h3 { padding: 0.2rem 0; line-height: 1.35; text-wrap: pretty; }
</style>"""


def apply() -> None:
    """Set the reading width and the mark of a headline."""
    st.html(STYLE)


def banner(release: Release) -> None:
    """Say on every page when the data are invented."""
    if release.manifest.fictional:
        st.markdown(
            f":orange-background[**Fictional data.** {release.manifest.partnership} is an invented partnership: "
            "no figure here describes real children, staff or money.]"
        )


def footer(release: Release) -> None:
    """Which release, code and day a page rests on: what a decision cites."""
    about = release.manifest
    st.divider()
    st.caption(
        f"{about.partnership}, {about.year} · release `{release.id}` · code {about.code_version} · built {about.built_at[:10]} · "
        f"no figure for fewer than {about.min_cell} children"
    )
