"""Verbs that write profiles of places and the method annex, as documents to take away."""

from typing import TYPE_CHECKING, Annotated

import typer

from rcs_core.cli.papers import Author, Out, Pdf, _stamp, put
from rcs_core.cli.shared import app, say

if TYPE_CHECKING:
    from rcs_core.release import Release
    from rcs_core.workshop.evidence import Area


@app.command()
def profile(
    area: Annotated[str, typer.Argument(metavar="AREA", help="a place by its name or code, or: all, council, cluster, school")],
    out: Out,
    survey: Annotated[str, typer.Option(help="the survey, by its code; without it, the first that has such places")] = "",
    pdf: Pdf = False,
    author: Author = "",
) -> None:
    """Write the two-page profile of a place, or those of many places into a folder."""
    from rcs_core.workshop.papers.profile_paper import profile_paper, subject
    from rcs_core.workshop.profile import profile as of_place

    release = _served()
    code, areas = _wanted(release, survey, area)
    if len(areas) > 1 or area in ("all", "council", "cluster", "school"):
        out.mkdir(parents=True, exist_ok=True)
    for one in areas:
        found = of_place(release, code, one)
        put(profile_paper(found, _stamp(release, author, False)), out, subject(found), release, pdf)
    if len(areas) > 1:
        say(f"{len(areas)} profiles")


@app.command()
def method(out: Out, pdf: Pdf = False, author: Author = "") -> None:
    """Write the method annex of the release: how its figures were worked out, kept back and weighed."""
    from rcs_core.workshop.papers.method_annex import SUBJECT, method_annex

    release = _served()
    put(method_annex(release, _stamp(release, author, False)), out, SUBJECT, release, pdf)


def _wanted(release: "Release", survey: str, asked: str) -> tuple[str, list["Area"]]:
    """The survey and the places that were asked for."""
    from rcs_core.errors import ReleaseError
    from rcs_core.vocab import AreaLevel
    from rcs_core.workshop import evidence
    from rcs_core.workshop.papers.profile_paper import wanted

    codes = [evidence.survey(release, survey).code] if survey else [one.code for one in evidence.surveys(release)]
    levels = tuple(AreaLevel) if asked == "all" else tuple(level for level in AreaLevel if level.value == asked)
    for code in codes:
        if levels and (several := wanted(release, code, levels)):
            return code, several
        if named := [one for one in wanted(release, code) if asked.casefold() in (one.code.casefold(), one.name.casefold())]:
            return code, named[:1]
    names = [one.name for code in codes for one in wanted(release, code)]
    raise ReleaseError(
        "no such place has a profile",
        f"release {release.id}",
        asked,
        ", ".join(dict.fromkeys(names)),
        "name one of these, or: all",
    )


def _served() -> "Release":
    from rcs_core.cli.scenarios import served
    from rcs_core.workshop.store import Store, store_place

    with Store.open(store_place()) as store:
        return served(store)
