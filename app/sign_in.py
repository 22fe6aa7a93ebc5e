"""Signing in and out: the only page that somebody sees who is not known, and the door with one's own account."""

from functools import partial

import streamlit as st

from app import leaving, show, signed
from app.typed_words import typed
from rcs_core import gate
from rcs_core.access import AccessError, Person, Right
from rcs_core.errors import RcsError, SettingsError
from rcs_core.release import Release
from rcs_core.workshop.allowed import trail_of
from rcs_core.workshop.store import Event, EventKind, Store, StoreError

_KEPT = "signed_in_kept"
"""Where this browser's session keeps that its sign-in, or refusal, stands in the audit trail."""


def passed() -> bool:
    """Whether whoever is at this browser may see pages; if not, the one page for them is drawn, and no other is there."""
    signed.arrive()
    try:
        who = signed.person()
    except (AccessError, SettingsError) as error:
        problem = error
    else:
        _keep(EventKind.SIGNED_IN, who)
        return True
    only = st.Page(lambda: _refused(problem), title="Sign in", url_path="sign-in", default=True)
    st.navigation([only], position="hidden").run()
    return False


def _refused(problem: RcsError) -> None:
    """Why nobody gets in here, and the way in."""
    if isinstance(problem, SettingsError):
        st.title("The workbench is closed just now", anchor=False)
        st.markdown("Whoever hosts it has to mend its settings first; the server's log, or `rcs serve`, says what is wrong.")
        return
    if isinstance(problem, signed.SignedOutError):
        st.title("Sign in", anchor=False)
        st.markdown("This workbench shows each partnership its own figures. Sign in with the address that yours has put in.")
        st.button("Sign in", type="primary", icon=":material/login:", key="sign_in", on_click=st.login)
        return
    _keep(EventKind.REFUSED, None, problem)
    st.title("There is nothing here for this address", anchor=False)
    show.error(RcsError(*(typed(part) for part in (problem.what, problem.where, problem.got, problem.expected, problem.remedy))))
    with st.container(horizontal=True):
        st.button("Sign in again", type="primary", icon=":material/login:", key="sign_in_again", on_click=st.login)
        _out()


def account(release: Release) -> None:
    """Who is signed in, as what, and the way out; the audit trail for who may see it. Nothing where nobody signs in."""
    signed.remember()
    who = signed.person()
    if who.local:
        return
    with st.popover("Signed in", icon=":material/account_circle:"):
        st.markdown(f"**{typed(who.name)}**, {typed(who.id)}")
        st.caption(f"{', '.join(role.label for role in who.roles)} of {typed(release.manifest.partnership)}")
        if who.may(Right.TRAIL):
            make = partial(_trail, signed.whole_store(), who)
            leaving.button("Audit trail as csv", "audit trail", "csv", make, leaving.stamp(release), "trail-csv")
        _out()


def _trail(store: Store, who: Person) -> bytes:
    """Who did what and when, without what was typed or sent."""
    return gate.csv_bytes(trail_of(store, who))


def _out() -> None:
    st.button("Sign out", icon=":material/logout:", key="sign_out", on_click=st.logout)


def _keep(kind: EventKind, who: Person | None, why: RcsError | None = None) -> None:
    """Keep once a session that somebody came in, or was refused; a store that is away is told by the page itself."""
    if st.session_state.get(_KEPT) == kind or (who is not None and who.local):
        return
    try:
        if who is not None:
            signed.keep(kind, who, {"roles": list(who.roles)})
        elif why is not None:
            signed.whole_store().append(Event(kind, "", {"what": why.what, "address": why.got}))
    except StoreError:
        return
    st.session_state[_KEPT] = kind
