"""Text as text: what a person typed is put on paper letter by letter, and nothing in it is read as anything else."""

import re
import unicodedata

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.text.paragraph import Paragraph
from docx.text.run import Run

_SPACES = re.compile(r"[\t\n\r\f\v\x85\u2028\u2029]+")
# Controls, halves of letters, places kept for programs; marks that turn the writing direction of what follows.
_GONE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """A text without what no paper can hold; line ends and tabs are spaces."""
    return _GONE.sub("", _SPACES.sub(" ", text)).strip(" ")


def put(paragraph: Paragraph, text: str, strong: str = "") -> None:
    """Write a text into a paragraph, after words in bold where there are any."""
    if strong:
        _run(paragraph, f"{clean(strong)} ").style = "Strong"
    _run(paragraph, _kept(text))
    if _from_the_right(strong or text):
        paragraph.paragraph_format.element.get_or_add_pPr().insert_element_before(
            OxmlElement("w:bidi"), "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing",
            "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap",
            "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
        )  # fmt: skip


def _kept(text: str) -> str:
    """Clean, but with the one space before or after it that a neighbour on the line needs."""
    left, right = " " if text[:1] == " " else "", " " if text[-1:] == " " else ""
    return f"{left}{clean(text)}{right}" if clean(text) else ""


def _run(paragraph: Paragraph, text: str) -> Run:
    run = paragraph.add_run(text)
    if _from_the_right(text):
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
    return run


def _from_the_right(text: str) -> bool:
    """Whether the first letter of a text is of a script that is written from the right."""
    first = next((kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return first != "L"


def say(element_name: str) -> str:
    """A name of the format in full."""
    return qn(element_name)
