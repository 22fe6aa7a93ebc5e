"""The profile of a place as a document: all that the core's profile holds, in its order, on its two pages, and nothing else.

What comes in is a `Profile` or a release and places; what goes out is a `Document`, or every document by its file name.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence

from rcs_core.documents.parts import Block, Document, Grid, Heading, PageBreak, Picture, Points, Text
from rcs_core.documents.write import docx_bytes
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.vocab import AreaLevel
from rcs_core.workshop.evidence import Area
from rcs_core.workshop.papers import pictures_needs
from rcs_core.workshop.profile import Look, Profile, Section, Table, places, profile
from rcs_core.workshop.profile import Picture as Drawn
from rcs_core.workshop.profile.second import READ

LARGER = (AreaLevel.COUNCIL, AreaLevel.CLUSTER)
_FIGURE = 12
"""Letters of the longest cell of a column of figures."""


def subject(found: Profile) -> str:
    """What the document is about, in its file's name."""
    return f"profile {found.asked} {found.whom}"


def profile_paper(found: Profile, stamp: Stamp) -> Document:
    """The profile as a document of two pages."""
    blocks: list[Block] = [Text(found.instead)] if found.instead else []
    for number in (1, 2):
        blocks += [PageBreak()] if number > 1 else []
        for section in found.page(number):
            blocks += _section(section)
    blocks.append(Text(found.source, "note"))
    return Document(found.title, stamp, blocks, found.beside, compact=True)


def wanted(release: Release, survey: str, levels: Sequence[AreaLevel] = tuple(AreaLevel)) -> list[Area]:
    """The places of a survey that have a profile, of these levels."""
    return [area for area in places(release, survey) if area.level in levels]


def every(release: Release, survey: str, areas: Sequence[Area], stamp: Stamp) -> Iterator[tuple[str, bytes]]:
    """Each place's profile as a docx, with its file name."""
    for area in areas:
        found = profile(release, survey, area)
        yield stamp.file_name(subject(found), "docx"), docx_bytes(profile_paper(found, stamp))


def together(release: Release, survey: str, areas: Sequence[Area], stamp: Stamp) -> bytes:
    """The profiles of these places in one zip, each under its own name."""
    raw = io.BytesIO()
    day = (stamp.taken.year, stamp.taken.month, stamp.taken.day, 0, 0, 0)
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in every(release, survey, areas, stamp):
            pack.writestr(zipfile.ZipInfo(name, day), content)
    return raw.getvalue()


def _section(section: Section) -> list[Block]:
    blocks: list[Block] = [Heading(section.heading)]
    blocks += [Text(" ".join(section.sentences))] if section.sentences else []
    if section.heading == READ:
        return [*blocks, Text(" ".join(section.points), "note")]
    blocks += [Points(section.points)] if section.points else []
    blocks += [_grid(section.table)] if section.table else []
    blocks += _pictures(section.pictures)
    return [*blocks, *(Text(note, "note") for note in section.notes)]


def _grid(table: Table) -> Grid:
    columns = range(table.keys, len(table.header))
    short = frozenset(k for k in columns if all(len(row[k]) <= _FIGURE for row in table.rows))
    return Grid(table.name, table.header, table.rows, short)


def _pictures(pictures: Sequence[Drawn]) -> list[Block]:
    """Each picture of every question by itself; those by group as one, side by side."""
    found: list[Block] = [
        Picture(pictures_needs.spine(p), f"{p.title}. {p.key}".strip(), p.words) for p in pictures if p.look is Look.SPINE
    ]
    small = [p for p in pictures if p.look is Look.GROUPS]
    if small:
        found.append(Picture(pictures_needs.groups(small), "By sex and stage.", " ".join(p.words for p in small)))
    return found
