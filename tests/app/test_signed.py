"""Through the pages: signed out there is only the sign-in, signed in only one's own partnership; a phone may not do all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import session, signed
from rcs_core.access import AccessError, Person, Role
from rcs_core.access.key import NAMED_BY
from rcs_core.release import load
from rcs_core.settings import ROOT
from rcs_core.workshop.kept import Draft, Shelf
from rcs_core.workshop.store import EventKind, Store
from tests.access.hosted import NAMES, ONE, OTHER, claims, content, mail, release_of, written

ENTRY = str(ROOT / "app" / "main.py")


class Provider:
    """Stands for the provider: whom it says has signed in at every browser now."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}

    def signs_in(self, address: str, **more: object) -> AppTest:
        """Open the workbench as somebody who has just signed in."""
        self.said = claims(address, **more)
        return AppTest.from_file(ENTRY, default_timeout=60).run()


@pytest.fixture(name="folder", scope="module")
def both_partnerships(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hosting file with a signed-off release of each partnership, and a scenario that the first one kept."""
    folder = tmp_path_factory.mktemp("hosted")
    written(folder, content(folder))
    with Store.open(folder / "store.sqlite") as store:
        for code in NAMES:
            store.sign_off(release_of(folder / code, code), "Kay", "Controller", "", True)
        Shelf(store.of(ONE)).keep("Strathmere alone", "Ann", Draft({"secret": "of Strathmere"}))
    return folder


@pytest.fixture(name="provider")
def hosted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A hosted workbench at which nobody has signed in yet."""
    found = Provider()
    monkeypatch.setenv(signed.HOSTED, str(folder / "hosting.yaml"))
    monkeypatch.setenv("RCS_STORE", str(folder / "store.sqlite"))
    monkeypatch.setenv("RCS_HOME", str(folder))
    monkeypatch.setattr(signed, "_claims", lambda: found.said)
    monkeypatch.setattr("rcs_core.access.hosting.time.time", lambda: claims("")["iat"])
    yield found
    st.cache_resource.clear()


def shown(app: AppTest) -> str:
    """All the words of a page."""
    assert not app.exception, app.exception
    return " ".join(str(one.value) for kind in (app.title, app.markdown, app.caption, app.error) for one in kind)


def test_signed_out_there_is_the_sign_in_and_no_page_by_whatever_address(provider: Provider) -> None:
    app = AppTest.from_file(ENTRY, default_timeout=60)
    app.query_params["kept"] = "strathmere-alone-123456.1"
    said = shown(app.run())
    assert [t.value for t in app.title] == ["Sign in"]
    assert not any(name in said for name in NAMES.values())
    assert [b.label for b in app.button] == ["Sign in"]
    assert provider.said == {}


def test_each_sees_the_own_partnership_and_what_is_refused_is_kept_for_the_trail(provider: Provider, folder: Path) -> None:
    for code, name in NAMES.items():
        said = shown(provider.signs_in(mail("viewer", code)))
        assert name in said
        assert not any(other in said for other in NAMES.values() if other != name)
    said = shown(provider.signs_in("nobody@else.example"))
    assert "There is nothing here for this address" in said
    assert not any(name in said for name in NAMES.values())
    with Store.open(folder / "store.sqlite") as store:
        kept = [(e.kind, e.partnership, e.body.get("person", e.body.get("address"))) for e in store.events()]
    assert (EventKind.SIGNED_IN, OTHER, mail("viewer", OTHER)) in kept
    assert (EventKind.REFUSED, "", "nobody@else.example") in kept


def test_nothing_that_was_made_for_one_partnership_is_given_to_another_out_of_a_cache(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import plan_read

    monkeypatch.setattr(plan_read, "work_out", lambda kept: kept.draft.scenario["secret"])
    provider.said = claims(mail("analyst"))
    link = Shelf(session.store()).latest()[0].link
    assert plan_read.scenario(link) == "of Strathmere"
    mine = session.served().manifest
    provider.said = claims(mail("analyst", OTHER))
    assert plan_read.scenario(link) is None
    assert Shelf(session.store()).latest() == []
    assert session.served().manifest.area_code == OTHER
    with pytest.raises(Exception, match="not here any more"):
        session.of_hash(mine.content_hash)


def test_a_release_path_in_the_environment_opens_nothing_to_who_signed_in(
    provider: Provider, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCS_RELEASE", str(folder / ONE))
    provider.said = claims(mail("viewer", OTHER))
    assert session.release_path() == (folder / OTHER).resolve()
    provider.said = {}
    with pytest.raises(AccessError, match="nobody is signed in"):
        session.release_path()


def test_a_fault_in_the_hosting_file_closes_the_workbench(provider: Provider, folder: Path, tmp_path: Path) -> None:
    provider.said = claims(mail("viewer"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(signed.HOSTED, str(written(tmp_path, {**content(folder), "colour": "blue"})))
        said = shown(AppTest.from_file(ENTRY, default_timeout=60).run())
    assert "closed just now" in said
    assert "colour" not in said


def test_a_file_is_taken_away_by_who_may_and_the_trail_says_who_took_which(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app import leaving

    monkeypatch.setenv("RCS_STORE", str(folder / "store.sqlite"))
    release = load(next((folder / ONE).glob("release-*.duckdb")))
    ann = Person("ann@a.example", "Ann", "fire", ONE, (Role.ANALYST,))
    vic = Person("vic@a.example", "Vic", "", ONE, (Role.VIEWER,))
    assert leaving._through(lambda: b"a,b\r\n1,2\r\n", "csv", "two columns", release, False, ann) == b"a,b\r\n1,2\r\n"
    with pytest.raises(AccessError, match="take a file away"):
        leaving._through(lambda: b"", "csv", "nothing", release, False, vic)
    with Store.open(folder / "store.sqlite") as store:
        [kept] = store.events(EventKind.TAKEN_AWAY)
    assert (kept.author, kept.partnership, kept.release_id) == ("Ann", ONE, release.id)
    assert kept.body == {"file": "two columns", "kind": "csv", "person": "ann@a.example"}


def test_on_a_network_the_rest_comes_with_the_key_which_leaves_the_address(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCS_RELEASE", str(folder / ONE))
    monkeypatch.setenv("RCS_STORE", str(folder / "store.sqlite"))
    monkeypatch.setenv(NAMED_BY, "the-right-key")

    def asked(key: str) -> tuple[bool, bool]:
        def page() -> None:
            import streamlit as st

            from app import signed
            from rcs_core.access import Right

            signed.arrive()
            st.session_state["may"] = signed.may(Right.DECIDE), signed.may(Right.TAKE_PART)
            st.session_state["left"] = signed.KEY in st.query_params

        app = AppTest.from_function(page, default_timeout=60)
        if key:
            app.query_params["key"] = key
        app.run()
        assert not app.session_state["left"]
        found: tuple[bool, bool] = app.session_state["may"]
        return found

    assert asked("") == asked("the-wrong-key") == (False, True)
    assert asked("the-right-key") == (True, True)
