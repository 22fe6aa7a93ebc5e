"""What a document says of itself: on every page and in its properties; whose it is, of which day, and what it is not for."""

import datetime as dt
import io
import zipfile

from docx.document import Document as Paper
from docx.oxml.parser import OxmlElement
from docx.text.paragraph import Paragraph

from rcs_core.documents import plain, styles
from rcs_core.documents.parts import Document
from rcs_core.stamp import DISCUSSION_ONLY

_LONGEST = 84
"""Letters of area and title in the header, so that they stand on one line beside what the document is not."""


def properties(paper: Paper, document: Document) -> None:
    """Title, author, subject, keywords and language, as a library or a reader aloud finds them; the day is the stamp's."""
    stamp, about = document.stamp, paper.core_properties
    day = dt.datetime.combine(stamp.taken, dt.time())
    about.title = plain.clean(document.title)[:255]
    about.author = plain.clean(stamp.author or stamp.area)[:255]
    about.last_modified_by = about.author
    about.subject = plain.clean(stamp.citation(document.title))[:255]
    words = [stamp.area, stamp.year, f"release {stamp.release_id}", *(text for text in standing(document) if text)]
    about.keywords = plain.clean(", ".join(words))[:255]
    about.category, about.comments, about.language = "", f"RCS workbench {stamp.code_version}", styles.LANGUAGE
    about.created = about.modified = day
    about.revision = 1


def standing(document: Document) -> list[str]:
    """What the document is not: for a decision; about anybody."""
    stamp = document.stamp
    return [DISCUSSION_ONLY] * stamp.discussion + ["Fictional data"] * stamp.fictional


def header_and_footer(paper: Paper, document: Document) -> None:
    """The head and foot of every page; the foot counts the pages."""
    section, stamp = paper.sections[0], document.stamp
    head = section.header.paragraphs[0]
    plain.put(head, _cut(f"{stamp.area} · {document.title}"))
    if standing(document):
        head.add_run("\t")
        head.add_run(" · ".join(standing(document))).style = "Strong"
    foot = section.footer.paragraphs[0]
    said = (stamp.year, f"release {stamp.release_id}", stamp.taken.isoformat(), f"RCS workbench {stamp.code_version}")
    plain.put(foot, " · ".join(part for part in said if part))
    foot.add_run("\tPage ")
    _field(foot, "PAGE", "1")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES", "1")


def _cut(text: str) -> str:
    whole = plain.clean(text)
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1].rstrip()}…"


def _field(paragraph: Paragraph, code: str, shown: str) -> None:
    """A number that the reader's program works out."""
    for kind, text in (("begin", ""), ("code", code), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = text
            continue
        element = OxmlElement("w:instrText" if kind == "code" else "w:fldChar")
        if kind == "code":
            element.text = f" {text} "
            element.set(plain.say("xml:space"), "preserve")
        else:
            element.set(plain.say("w:fldCharType"), kind)
        run._r.append(element)


def dated(raw: bytes, day: dt.date) -> bytes:
    """The file with every part dated to one day, in one order, so that the same document is the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in _ordered(made.namelist()):
            entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            written.writestr(entry, made.read(name))
    return out.getvalue()


def _ordered(names: list[str]) -> list[str]:
    """The list of contents first, as programs that read a part of a file expect."""
    first = [name for name in ("[Content_Types].xml", "_rels/.rels") if name in names]
    return first + sorted(set(names) - set(first))
