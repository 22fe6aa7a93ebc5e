"""A view that can be found again: its link to copy, and the words with which a paper cites it."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from app import chosen, session, show
from app.navigation import Screen
from rcs_core import gate
from rcs_core.errors import RcsError
from rcs_core.release import Release


def offer(release: Release, screen: Screen) -> None:
    """At the foot of a page: the link that opens this very view, and how to cite it; each with a button that copies it."""
    try:
        address, cited = (gate.let_out_text(text, screen.title, None) for text in (link(), citation(release, screen)))
    except RcsError as problem:
        show.error(problem)
        return
    with st.container(key="on-paper"):
        st.caption(cited)
    with st.popover("Link to this view, and how to cite it", icon=":material/link:"):
        st.markdown("**Link.** It opens this page with the choices made here, on the machine that serves the workbench.")
        st.code(address, language=None, wrap_lines=True)
        st.markdown("**Cite this.** A release never changes: whoever opens it reads the same figures.")
        st.code(cited, language=None, wrap_lines=True)


def link() -> str:
    """The address of this page with every choice that is in its link."""
    address = urlsplit(st.context.url or "")
    return urlunsplit((address.scheme, address.netloc, address.path, urlencode(chosen.choices(), doseq=True), ""))


def citation(release: Release, screen: Screen) -> str:
    """Who, what, of when, from which release, seen on which day, with which choices."""
    about, today = release.manifest, session.today()
    invented = " Fictional data." if about.fictional else ""
    said = "; ".join(f"{key}: {', '.join(values)}" for key, values in sorted(chosen.choices().items()))
    choices = f" Choices: {said}." if said else ""
    return (
        f"{about.partnership}, {about.year}. {screen.title}. RCS workbench {about.code_version}, release {release.id} of "
        f"{about.built_at[:10]}, seen on {today.isoformat()}.{choices}{invented}"
    )
