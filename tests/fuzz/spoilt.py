"""Spoilt inputs for the fuzz: bytes changed anywhere, cells and values changed where it hurts, parts of a workbook damaged."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import yaml
from hypothesis import strategies as st

LONG = "x" * 100_000
WORDS = [
    "", " ", '"', '""', '"a', "'", ",", ";", "\t", "|", "\n", "\r", "\r\n", "\x00", "\x0b", "\x0c", "\x1a", "\x85",
    "\u2028", "\ufeff", "\u200b", "\u202e", "\ufffe", "nan", "NaN", "NA", "None", "inf", "-inf", "1e999", "-1e999",
    "1e-999", "1e5", "-0", "0", "-1", "1.5", "00", "1_000", "0x10", "1,000", "1,00", "(1)", "(-1)", "-", "--1", "1-", "CR",
    "1CR", "%", "150%", "\u0663", "\uff11\uff12", "\u00b2", "\u00bd", "9" * 18, "9" * 19, "9" * 400, "9" * 5000,
    "1." + "9" * 400, "1E99", "46477", "2027-02-30", "0000-00-00", "99/99/9999", "31/02/2026", "2026-04-01T00:00:00",
    "#REF!", "#N/A", "=1+1", "@x", "+1", "true", "TRUE", "yes", "No", "Y", "none", "p000000000001", "P000000000001",
    "9900101", "9900101.0", "S001", "P5", "S1", "2020v2", "wave", "é", "\U0001f600", "e\u0301", "İ", "ß", "a" * 300,
    "safe; ; ;",
]  # fmt: skip
"""What stands in cells that make readers fall over."""
BYTES = [
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"\x00", b"\xff", b"\xc3",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xa0", b"PK", b"PK\x03\x04", b"\x1a", b",", b"," * 500, b";" * 40,
    b'"', b'"""', b"\r", b"\n", b"\n\n\n", b"\r\r\n", b"'", b"-- ", b"\\", b"\x1b[2J", b"<", b"&", b"%", b"{", b"[", b"&a ",
    b"*a ", b"!!", b": ", b"- ", b"? ", b"| ", b"<<: ", b"---\n", b"...\n",
]  # fmt: skip
XML = [
    b"<c", b"</c>", b"<c r='XFD1048576'/>", b"<c r=\"A0\"/>", b'<c r="AAAAAAAA1"/>', b'<c t="s"><v>999999</v></c>',
    b'<c t="s"><v>-1</v></c>', b'<c t="e"><v>#REF!</v></c>', b'<c t="b"><v>x</v></c>', b'<c t="d"><v>2026-99-99</v></c>',
    b"<v>1e999</v>", b"<v>nan</v>", b'<row r="0">', b'<row r="4294967296">', b'<row r="-1">', b"</sheetData>",
    b"<sheetData>", b"&#0;", b"&#x110000;", b"&undefined;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<![CDATA[", b"<!--", b"<?",
    b"\x00", b"\xff", b'count="4294967295"', b'uniqueCount="18446744073709551615"', b's="4294967295"', b't="zzz"',
    b'ref="A1:XFD1048576"', b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>', b"<f>1+1</f>",
    b'<f t="shared" si="0" ref="A1:A9"/>', b'date1904="1"', b'state="veryHidden"', b"_x0000_", b"_xD800_", b"<is><t>",
    b"<si>", b"</si>", b"<t/>",
]  # fmt: skip


@st.composite
def changed(draw: st.DrawFn, sound: bytes, tokens: list[bytes]) -> bytes:
    """The same bytes with one to five things done to them: cut, doubled, moved, overwritten, put in."""
    data = bytearray(sound)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(data)))
        to = min(len(data), at + draw(st.sampled_from([1, 1, 2, 7, 60, 500, 5000])))
        kind = draw(st.sampled_from(["put", "put", "put", "cut", "double", "flip", "zero", "end", "move"]))
        if kind == "put":
            data[at:at] = draw(st.sampled_from(tokens))
        elif kind == "cut":
            del data[at:to]
        elif kind == "double":
            data[at:at] = data[at:to] * draw(st.sampled_from([1, 2, 30]))
        elif kind == "flip" and at < len(data):
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif kind == "zero":
            data[at:to] = bytes(to - at)
        elif kind == "end":
            del data[at:]
        elif kind == "move":
            piece = data[at:to]
            del data[at:to]
            where = draw(st.integers(0, len(data)))
            data[where:where] = piece
    return bytes(data)


@st.composite
def recelled(draw: st.DrawFn, sound: str) -> str:
    """A csv file with one to six of its cells, headers among them, changed; rows sometimes doubled, shortened or taken out."""
    rows = list(csv.reader(io.StringIO(sound)))
    for _ in range(draw(st.integers(1, 6))):
        row = rows[draw(st.integers(0, len(rows) - 1))]
        kind = draw(st.sampled_from(["cell", "cell", "cell", "cell", "double", "short", "long", "out", "column"]))
        if kind == "double":
            rows.append(list(row))
        elif kind == "short":
            del row[draw(st.integers(0, len(row))) :]
        elif kind == "long":
            row.append(draw(st.sampled_from(WORDS)))
        elif kind == "out" and len(rows) > 1:
            rows.remove(row)
        elif row:
            place = draw(st.integers(0, len(row) - 1))
            word = draw(st.sampled_from(WORDS) | st.text(max_size=8))
            for one in rows[1:] if kind == "column" else [row]:
                one[place : place + 1] = [word]
    out = io.StringIO()
    csv.writer(out, lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"]))).writerows(rows)
    return out.getvalue()


@st.composite
def repacked(draw: st.DrawFn, sound: bytes) -> bytes:
    """A workbook with one or two of its parts damaged, taken out, doubled or renamed, and packed again."""
    with zipfile.ZipFile(io.BytesIO(sound)) as packed:
        parts = [(name, packed.read(name)) for name in packed.namelist()]
    for _ in range(draw(st.integers(1, 2))):
        number = draw(st.integers(0, len(parts) - 1))
        name, content = parts[number]
        kind = draw(st.sampled_from(["inside"] * 8 + ["out", "double", "rename", "other"]))
        if kind == "inside":
            parts[number] = (name, draw(changed(content, XML)))
        elif kind == "out" and len(parts) > 1:
            del parts[number]
        elif kind == "double":
            parts.append((name, content))
        elif kind == "rename":
            parts[number] = (name.upper(), content)
        else:
            parts[number] = (name, parts[draw(st.integers(0, len(parts) - 1))][1])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", draw(st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED]))) as packed:
        for name, content in parts:
            packed.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.binary(max_size=4)
    | st.sampled_from(WORDS)
)
ANY = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN, inner, max_size=3), max_leaves=8)


@st.composite
def revalued(draw: st.DrawFn, sound: str) -> bytes:
    """A YAML file with one to three of its values changed for anything that YAML can say."""
    content = yaml.safe_load(sound)
    for _ in range(draw(st.integers(1, 3))):
        place, key = content, draw(st.sampled_from(list(content)))
        while isinstance(place[key], dict) and place[key] and draw(st.booleans()):
            place = place[key]
            key = draw(st.sampled_from(list(place)))
        place[key] = draw(ANY)
    return yaml.safe_dump(content, allow_unicode=True).encode("utf-8", "surrogatepass")


def spoilt(name: str, sound: bytes) -> st.SearchStrategy[bytes]:
    """Any of the ways for a file of that name."""
    ways: dict[str, Callable[[], st.SearchStrategy[bytes]]] = {
        ".csv": lambda: recelled(sound.decode()).map(lambda text: text.encode("utf-8", "surrogatepass")),
        ".xlsx": lambda: repacked(sound),
        ".yaml": lambda: revalued(sound.decode()),
    }
    tokens = [*BYTES, *(word.encode() for word in WORDS)]
    return ways[Path(name).suffix]() | changed(sound, tokens)
