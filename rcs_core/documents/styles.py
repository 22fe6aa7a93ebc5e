"""How a document looks: its styles, page, bullets and table, written whole so that nothing of another template is left.

The letters are Arial's: every office has them, or letters of the same widths, so that pages break at the same words.
"""

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from docx.document import Document as Paper
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm

FONT = "Arial"
LANGUAGE = "en-GB"
INK, ACCENT, QUIET, RULE, SHADE, ALERT = "1A1A1A", "005F73", "4A4A4A", "8A97A3", "E8F1F3", "8A1C1C"
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 21.0, 29.7, 1.8
LINE = PAGE_WIDTH - 2 * MARGIN
"""Centimetres from margin to margin."""
BODY, COMPACT = 10.5, 9.5
"""Points of the letters of running text; compact where a page has to hold more."""
TABLE = "Workbench Table"
WARNING, LEAD, NOTE, PICTURE, CELL, FIGURE = "Warning", "Lead", "Note", "Picture", "Table Text", "Table Figure"
_BULLETS = 1
_TWIPS = 20


@dataclass(frozen=True, slots=True)
class Look:
    """One paragraph style. size: points more or less than running text; before, after: points of space; outline: of a heading."""

    name: str
    size: float = 0.0
    before: float = 0.0
    after: float = 0.0
    bold: bool = False
    colour: str = INK
    keep: bool = False
    bullet: bool = False
    frame: bool = False
    tab: bool = False
    right: bool = False
    outline: int | None = None

    @property
    def id(self) -> str:
        """The name as a style's id."""
        return self.name.title().replace(" ", "")


def _looks(gap: float) -> list[Look]:
    return [
        Look("Title", 8.5, 0, 3, True, ACCENT, keep=True),
        Look("Subtitle", 0.5, 0, 8 * gap, colour=QUIET),
        Look("heading 1", 3, 14 * gap, 4 * gap, True, ACCENT, keep=True, outline=0),
        Look("heading 2", 1.5, 10 * gap, 3 * gap, True, ACCENT, keep=True, outline=1),
        Look("heading 3", 0, 8 * gap, 2 * gap, True, keep=True, outline=2),
        Look("List Bullet", 0, 0, 3 * gap, bullet=True),
        Look("caption", -1.5, 3, 3, True, QUIET),
        Look(PICTURE, 0, 6 * gap, 0, keep=True),
        Look(LEAD, 2, 2, 8 * gap, True, ACCENT),
        Look(NOTE, -1.5, 2, 5 * gap, colour=QUIET),
        Look(WARNING, 0, 6, 12 * gap, True, ALERT, frame=True),
        Look(CELL, -1.25, 1.5 * gap, 1.5 * gap),
        Look(FIGURE, -1.25, 1.5 * gap, 1.5 * gap, right=True),
        Look("header", -2.5, colour=QUIET, tab=True),
        Look("footer", -2.5, colour=QUIET, tab=True),
    ]


def dress(paper: Paper, compact: bool = False) -> None:
    """Give a new document the house's page, styles and bullets, and drop what its maker's template brought."""
    size, gap = (COMPACT, 0.6) if compact else (BODY, 1.0)
    _replace(paper.styles.element, [_defaults(size), _normal(gap), *(_style(look, size) for look in _looks(gap)), *_others()])
    _replace(paper.part.numbering_part.element, _bullets())
    for owner, unwanted in ((paper.part, ("stylesWithEffects", "customXml")), (paper.part.package, ("thumbnail",))):
        for key in [key for key, link in owner.rels.items() if link.reltype.endswith(unwanted)]:
            owner.rels.pop(key)
    _settings(paper)
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(PAGE_WIDTH), Cm(PAGE_HEIGHT)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin, section.bottom_margin = Cm(2.0), Cm(1.8)
    section.header_distance = section.footer_distance = Cm(0.9)


def _replace(element: BaseOxmlElement, children: list[str]) -> None:
    for child in list(element):
        element.remove(child)
    for text in children:
        element.append(parse_xml(text))


def _defaults(size: float) -> str:
    return (
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{_fonts()}<w:color w:val='{INK}'/>{_size(size)}"
        f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )


def _fonts() -> str:
    return f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _normal(gap: float) -> str:
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:widowControl/><w:spacing w:after="{round(6 * gap * _TWIPS)}" w:line="{259 if gap == 1 else 247}" '
        'w:lineRule="auto"/></w:pPr></w:style>'
    )


def _style(look: Look, size: float) -> str:
    """One paragraph style; its parts stand in the order that the format asks for."""
    edge = f'w:val="single" w:sz="8" w:space="4" w:color="{ALERT}"'
    sides = "".join(f"<w:{side} {edge}/>" for side in ("top", "left", "bottom", "right"))
    paragraph = [
        "<w:keepNext/>" if look.keep else "",
        "<w:keepLines/>" if look.keep or look.frame else "",
        f'<w:numPr><w:numId w:val="{_BULLETS}"/></w:numPr>' if look.bullet else "",
        f'<w:pBdr>{sides}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="FBF3F3"/>' if look.frame else "",
        f'<w:tabs><w:tab w:val="right" w:pos="{Cm(LINE).twips}"/></w:tabs>' if look.tab else "",
        f'<w:spacing w:before="{round(look.before * _TWIPS)}" w:after="{round(look.after * _TWIPS)}"/>',
        '<w:ind w:left="113" w:right="113"/>' if look.frame else "",
        '<w:jc w:val="right"/>' if look.right else "",
        "" if look.outline is None else f'<w:outlineLvl w:val="{look.outline}"/>',
    ]
    letters = ["<w:b/><w:bCs/>" if look.bold else "", f'<w:color w:val="{look.colour}"/>', _size(size + look.size)]
    follows = look.id if look.bullet or look.tab else "Normal"
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:styleId="{look.id}"><w:name w:val={quoteattr(look.name)}/>'
        f'<w:basedOn w:val="Normal"/><w:next w:val="{follows}"/><w:qFormat/>'
        f"<w:pPr>{''.join(paragraph)}</w:pPr><w:rPr>{''.join(letters)}</w:rPr></w:style>"
    )


def _others() -> list[str]:
    """The styles of letters and of tables: a bare one, and the house's with rules between rows and a shaded header."""
    rule = f'w:val="single" w:sz="4" w:space="0" w:color="{RULE}"'
    space = '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>' \
        '<w:right w:w="70" w:type="dxa"/></w:tblCellMar>'  # fmt: skip
    return [
        f'<w:style {nsdecls("w")} w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>',
        f'<w:style {nsdecls("w")} w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:qFormat/>'
        "<w:rPr><w:b/><w:bCs/></w:rPr></w:style>",
        f'<w:style {nsdecls("w")} w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        f'<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{space}</w:tblPr></w:style>',
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="WorkbenchTable"><w:name w:val="{TABLE}"/>'
        f'<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders><w:top {rule}/><w:bottom {rule}/>'
        f"<w:insideH {rule}/></w:tblBorders>{space}</w:tblPr>"
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr><w:shd w:val="clear" w:color="auto" '
        f'w:fill="{SHADE}"/></w:tcPr></w:tblStylePr>'
        f'<w:tblStylePr w:type="lastRow"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr></w:style>',
    ]


def _bullets() -> list[str]:
    return [
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/><w:lvlText w:val="•"/>'
        '<w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="340" w:hanging="255"/></w:pPr><w:rPr>{_fonts()}</w:rPr></w:lvl></w:abstractNum>',
        f'<w:num {nsdecls("w")} w:numId="{_BULLETS}"><w:abstractNumId w:val="0"/></w:num>',
    ]


def _settings(paper: Paper) -> None:
    """The language, and that it is a document of today's kind and not one to be opened as of an older program."""
    kind = 'w:uri="http://schemas.microsoft.com/office/word"'
    _replace(
        paper.settings.element,
        [
            f'<w:zoom {nsdecls("w")} w:percent="100"/>',
            f'<w:defaultTabStop {nsdecls("w")} w:val="720"/>',
            f'<w:characterSpacingControl {nsdecls("w")} w:val="doNotCompress"/>',
            f'<w:compat {nsdecls("w")}><w:compatSetting w:name="compatibilityMode" {kind} w:val="15"/></w:compat>',
            f'<w:themeFontLang {nsdecls("w")} w:val="{LANGUAGE}"/>',
            f'<w:decimalSymbol {nsdecls("w")} w:val="."/>',
            f'<w:listSeparator {nsdecls("w")} w:val=","/>',
        ],
    )
