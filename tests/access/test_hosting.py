"""The hosting file is read strictly, and a sign-in leads to one partnership or nowhere."""

from pathlib import Path
from typing import Any

import pytest

from rcs_core import release as waist
from rcs_core.access import AccessError, Person, Right, Role, open_release, read_hosting, rights_of
from rcs_core.access.provider import read_provider
from rcs_core.access.roles import limit
from rcs_core.errors import SettingsError
from rcs_core.settings import ROOT
from tests.access.hosted import NOW, ONE, OTHER, claims, content, hosting, mail, release_of, written


def test_an_address_is_found_whatever_its_case_and_leads_to_its_own_partnership(tmp_path: Path) -> None:
    found = hosting(tmp_path)
    for code in (ONE, OTHER):
        person = found.person(claims(mail("viewer", code).upper()), NOW)
        assert (person.partnership, person.roles, found.folder(person)) == (code, (Role.VIEWER,), (tmp_path / code).resolve())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (claims("somebody@else.example"), "in no partnership here: got somebody@else.example"),
        (claims(mail("viewer"), email_verified=False), "is not verified"),
        (claims(mail("viewer"), email_verified="false"), "is not verified"),
        (claims(""), "names no address"),
        (claims("x" * 300 + "@a.example"), "names no address"),
        (claims(mail("viewer"), iat=NOW - limit("signed_in") * 3600 - 1), "too long ago"),
        (claims(mail("viewer"), iat=NOW + 3600), "too long ago"),
        (claims(mail("viewer"), iat=None), "too long ago"),
    ],
)
def test_whoever_is_unknown_unverified_or_came_long_ago_is_nobody(said: dict[str, object], why: str, tmp_path: Path) -> None:
    with pytest.raises(AccessError, match=why):
        hosting(tmp_path).person(said, NOW)


def test_every_fault_of_the_file_is_told_at_once_and_nobody_gets_in(tmp_path: Path) -> None:
    wanted: dict[str, Any] = content(tmp_path)
    wanted |= {"colour": "blue", "secrets": "nowhere.toml"}
    wanted["partnerships"] |= {"997": {"releases": "not here"}, "996": {"releases": ONE}, 995: {"releases": ONE}}
    wanted["people"] |= {
        "no address": {"name": " ", "partnership": "1", "roles": ["king"]},
        mail("viewer").upper(): {"name": "Twice", "partnership": ONE, "roles": ["viewer"]},
        "a@b.example": {"name": "A", "partnership": ONE, "roles": ["participant"]},
        "c@d.example": {"name": "C", "partnership": ONE, "roles": ["viewer"], "agency": "bank", "password": "x"},
        "e@f.example": {"name": "E", "partnership": ONE, "roles": ["viewer"], "agency": "bank"},
    }
    with pytest.raises(SettingsError) as told:
        read_hosting(written(tmp_path, wanted))
    for word in (
        "unknown: colour", "secrets: there is no", "997: there is no folder", "996: its folder is that of 999",
        "995: an area code",
        "no address: no address", "no address: no name", "a partnership that is not above: 1", "no such role: king",
        "stands twice", "a@b.example: takes part, and speaks for no agency", "c@d.example: name, partnership",
        "no such agency: bank",
    ):  # fmt: skip
        assert word in str(told.value)


def test_a_release_of_another_partnership_in_ones_folder_is_not_opened(tmp_path: Path) -> None:
    found = hosting(tmp_path)
    release_of(tmp_path / ONE, ONE)
    release_of(tmp_path / OTHER, ONE)
    mine, theirs = (found.person(claims(mail("viewer", code)), NOW) for code in (ONE, OTHER))
    assert open_release(mine, found).manifest.area_code == ONE
    with pytest.raises(AccessError, match="of another partnership") as told:
        open_release(theirs, found)
    assert "Strathmere" not in str(told.value)
    assert waist.current_file(tmp_path / OTHER).exists()


def test_nobody_can_be_made_who_signed_in_and_sees_every_partnership() -> None:
    with pytest.raises(AccessError, match="of no partnership sees nothing"):
        Person("a@b.example", "Ann", roles=(Role.FACILITATOR,))


def test_a_file_of_secrets_is_looked_at_whole_and_none_of_it_is_told(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    good = {
        "redirect_uri": "https://rcs.example/oauth2callback", "cookie_secret": "s3cret" * 8, "client_id": "rcs",
        "client_secret": "hush-hush", "server_metadata_url": "https://login.example/.well-known/openid-configuration",
    }  # fmt: skip

    def write(auth: dict[str, str]) -> None:
        file.write_text("[auth]\n" + "\n".join(f'{k} = "{v}"' for k, v in auth.items()), encoding="utf-8")

    write(good)
    assert read_provider(file).host == "rcs.example"
    write(
        {**good, "redirect_uri": "http://rcs.example/back", "cookie_secret": "hush-hush", "client_id": "", "expose_tokens": "id"}
    )
    with pytest.raises(SettingsError) as told:
        read_provider(file)
    said = str(told.value)
    assert all(w in said for w in ("redirect_uri: not https", "does not end", "under 32", "missing: client_id", "expose_tokens"))
    assert "hush-hush" not in said


def test_the_hosting_file_of_the_guide_is_one_that_is_read(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "how-to" / "host.md").read_text(encoding="utf-8")
    example = guide.split("```yaml\n")[1].split("```")[0].replace("/srv/rcs/", "")
    content(tmp_path)
    file = tmp_path / "guide.yaml"
    file.write_text(example, encoding="utf-8")
    found = read_hosting(file)
    assert {p.partnership for p in found.people.values()} == {ONE, OTHER}
    for role in Role:
        for right in Right:
            [line] = [row for row in guide.splitlines() if row.startswith(f"| {right.label} |")]
            said = line.split("|")[2:-1][list(Role).index(role)].strip()
            assert (said == "yes") == (right in rights_of(role)), (role, right)
