"""Who is at this browser: somebody who signed in, whoever is at this machine, or a visitor on its network.

Three ways to serve. With a hosting file (`RCS_HOSTED`) everybody signs in. On loopback whoever is at the machine may do
everything. On a network without a hosting file everybody reads and takes part, and the rest comes with the key that `rcs serve`
printed (`RCS_KEY`): read from the address once, then kept as a cookie of that browser until it is closed.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rcs_core.access import AccessError, Hosting, Person, Right, at_this_machine, read_hosting, visitor
from rcs_core.access.key import LOOPBACK, NAMED_BY, fits_key
from rcs_core.errors import SettingsError
from rcs_core.settings import ROOT
from rcs_core.workshop.store import Event, EventKind, Store, store_place

HOSTED = "RCS_HOSTED"
KEY = "key"
"""The word of an address behind which the facilitator's key stands."""
_OPENED, _COOKIE, _SCRIPT = "signed_key", "rcs_key", ROOT / "app" / "keep_key.js"


class SignedOutError(AccessError):
    """Nobody has signed in at this browser."""


def person() -> Person:
    """Who is at this browser.

    Raises SignedOutError where nobody signed in, AccessError where whoever did is not known, SettingsError where the hosting
    file has a fault.
    """
    found = hosting()
    if found is None:
        return at_this_machine() if _owner() else visitor(_browser())
    claims = _claims()
    if not claims.get("is_logged_in"):
        raise SignedOutError("nobody is signed in", "sign-in", "", "somebody who is in the hosting file", "sign in")
    return found.person(claims)


def may(right: Right) -> bool:
    """Whether whoever is at this browser may do something: to leave out what would be refused."""
    return person().may(right)


def name() -> str:
    """The name of who signed in, for a field that asks for it; blank where nobody signs in."""
    found = person()
    return "" if found.local else found.name


def hosting() -> Hosting | None:
    """The hosting file as it stands now; None where nobody signs in. Raises SettingsError where it has a fault."""
    named = os.environ.get(HOSTED)
    if not named:
        return None
    try:
        written = Path(named).stat().st_mtime_ns
    except OSError as error:
        raise SettingsError("the hosting file cannot be read", named, error.strerror or "", "the file of rcs serve") from error
    return _hosting(named, written)


def whole_store() -> Store:
    """The store of all partnerships, opened once per process: for what the workbench keeps by itself, never for a page."""
    return _store(store_place())


def keep(kind: EventKind, who: Person, body: Mapping[str, Any], release_id: str = "") -> None:
    """Keep for the audit trail what somebody who signed in did; nothing where nobody signs in."""
    if not who.local:
        event = Event(kind, who.name, {**body, "person": who.id}, who.agency, release_id)
        whole_store().of(who.partnership).append(event)


def arrive() -> None:
    """Take the facilitator's key out of the address, or out of this browser's cookie, before anything is drawn."""
    key = os.environ.get(NAMED_BY, "")
    given = st.query_params.get(KEY, "")
    if KEY in st.query_params:
        del st.query_params[KEY]
    if key and not st.session_state.get(_OPENED) and any(fits_key(one, key) for one in (given, _cookie())):
        st.session_state[_OPENED] = True


def remember() -> None:
    """Let this browser keep the key that it came with, so that a reload of the page keeps it too."""
    key = os.environ.get(NAMED_BY, "")
    if key and runtime.exists() and st.session_state.get(_OPENED) and not fits_key(_cookie(), key):
        _keeper()(key="keep_key", data={"name": _cookie_name(), "value": key}, height=1)


def _owner() -> bool:
    if not os.environ.get(NAMED_BY) and (not runtime.exists() or st.get_option("server.address") in LOOPBACK):
        return True
    return bool(st.session_state.get(_OPENED))


def _browser() -> str:
    """What tells one visitor's browser from another's while the server runs; it is kept nowhere."""
    context = get_script_run_ctx()
    return st.context.ip_address or (context.session_id if context else "")


def _claims() -> Mapping[str, Any]:
    """What the provider said of who signed in."""
    return st.user.to_dict()


def _cookie_name() -> str:
    return f"{_COOKIE}_{st.get_option('server.port')}"


def _cookie() -> str:
    found = st.context.cookies.get(_cookie_name()) if runtime.exists() else ""
    return found if isinstance(found, str) else ""


@lru_cache(maxsize=2)
def _hosting(named: str, written: int) -> Hosting:
    del written  # what tells one state of the file from another
    return read_hosting(Path(named))


@st.cache_resource(max_entries=3, show_spinner=False)
def _store(place: str) -> Store:
    return Store.open(place)


@st.cache_resource(show_spinner=False)
def _keeper() -> Any:
    return st.components.v2.component("rcs_keep_key", js=_SCRIPT.read_text(encoding="utf-8"))
