"""The worst files we could think of, each made to exhaust or confuse a reader, and a process that looks at them under limits.

As a module it is that process: python -m tests.fuzz.worst FOLDER CASE ... prints one JSON line a case. Its address space is
limited, so that a reader which asks for too much fails here and not on somebody's machine.
"""

import json
import os
import re
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.tiny_folder import write_sheet

MEMORY = 3 << 30
"""Bytes of address space; a bare start of Python with its packages reserves about 1.2 GB of it."""
ROWS = [["service_id", "year", "children", "unit"], ["S002", "2024-25", "40", "child_years"]]
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
BILLION = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "' + b"l" * 1000 + b'">'
BILLION += b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 20) for i in range(8)) + b"]>"


def put(content: bytes) -> Callable[[Path], object]:
    """A file of these bytes."""
    return lambda path: path.write_bytes(content)


def book(change: Callable[[openpyxl.Workbook], object], rows: Iterable[list[str]] = ()) -> Callable[[Path], object]:
    """A workbook of two plain rows, changed by way of openpyxl."""

    def write(path: Path) -> None:
        write_sheet(path, [*ROWS, *rows])
        made = openpyxl.load_workbook(path)
        change(made)
        made.save(path)

    return write


def part(name: str, change: Callable[[bytes], bytes | None]) -> Callable[[Path], object]:
    """A workbook in which one part was changed by hand; None takes it out."""

    def write(path: Path) -> None:
        write_sheet(path, ROWS)
        with zipfile.ZipFile(path) as packed:
            parts = {n: packed.read(n) for n in packed.namelist()}
        if name == STRINGS:
            share_strings(parts)
        if (content := change(parts[name])) is None:
            del parts[name]
        else:
            parts[name] = content
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for n, data in parts.items():
                packed.writestr(n, data)

    return write


def share_strings(parts: dict[str, bytes]) -> None:
    """Keep the texts of a workbook in a part of their own, as the usual programs do."""
    texts = re.findall(rb'<c r="(\w+)" t="inlineStr"><is><t>(.*?)</t></is></c>', parts[SHEET])
    for number, (at, text) in enumerate(texts):
        old = b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (at, text)
        parts[SHEET] = parts[SHEET].replace(old, b'<c r="%s" t="s"><v>%d</v></c>' % (at, number))
    items = b"".join(b"<si><t>%s</t></si>" % text for _, text in texts)
    kind, main = (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    )
    parts[STRINGS] = b'<?xml version="1.0"?><sst xmlns="%s" count="%d" uniqueCount="%d">%s</sst>' % (
        main,
        len(texts),
        len(texts),
        items,
    )
    rels = "xl/_rels/workbook.xml.rels"
    link = b'<Relationship Id="rId99" Type="%s/sharedStrings" Target="sharedStrings.xml"/></Relationships>' % kind
    parts[rels] = parts[rels].replace(b"</Relationships>", link)
    form = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    told = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % form
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", told)


def in_sheet(old: bytes, new: bytes) -> Callable[[Path], object]:
    """A workbook whose sheet has one piece of text for another."""

    def change(data: bytes) -> bytes:
        assert old in data, old
        return data.replace(old, new, 1)

    return part(SHEET, change)


def encoded(encoding: str) -> Callable[[Path], object]:
    """A csv file in another encoding."""
    text = "service_id,year,children,unit\nS002,2024-25,40,é\n"
    return lambda path: path.write_bytes(text.encode(encoding))


def bomb(path: Path) -> None:
    """A workbook of 200 kB whose sheet unpacks to 200 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        with packed.open(SHEET, "w") as sheet:
            for _ in range(200):
                sheet.write(bytes(1 << 20))
        packed.writestr("[Content_Types].xml", "<Types/>")


def within(path: Path) -> None:
    """Workbooks within a workbook."""
    write_sheet(path, ROWS)
    for _ in range(5):
        inner = path.read_bytes()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/embeddings/inner.xlsx", inner)


def lying(path: Path) -> None:
    """A workbook whose list of parts tells a smaller size than the parts have."""
    write_sheet(path, [*ROWS, *[["S002"] * 4] * 5000])
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = (10).to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(data)


def cut(share: float) -> Callable[[Path], object]:
    """A workbook of which only a part arrived."""

    def write(path: Path) -> None:
        write_sheet(path, ROWS)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])

    return write


def _nothing(_: object) -> None:
    """Change nothing, or take a part out."""


def merged(made: openpyxl.Workbook) -> None:
    """Join the first two headers and some cells of a row."""
    made.active.merge_cells("A1:B1")
    made.active.merge_cells("A2:D2")


def hidden(made: openpyxl.Workbook) -> None:
    """Put a hidden sheet before the table."""
    made.create_sheet("Notes", 0).sheet_state = "veryHidden"


def protected(made: openpyxl.Workbook) -> None:
    """Lock the sheet and the workbook without a password to open it."""
    made.active.protection.sheet = True
    made.security = openpyxl.workbook.protection.WorkbookProtection(workbookPassword="x", lockStructure=True)


def old_dates(made: openpyxl.Workbook) -> None:
    """Count days from 1904, as older Macs do."""
    made.epoch = CALENDAR_MAC_1904


def formulas(made: openpyxl.Workbook) -> None:
    """Write formulas that no program has worked out."""
    made.active["C2"] = "=20+20"
    made.active["D2"] = '=HYPERLINK("file:///etc/passwd","child_years")'


LONG = b"x" * 100_000
CSV: dict[str, Callable[[Path], object]] = {
    "nothing but NULs": put(bytes(100_000)),
    "NULs between": put(b"service_id,year\nS0\x0002,2024-25\n"),
    "UTF-8 with its mark twice": put(b"\xef\xbb\xbf\xef\xbb\xbfservice_id,year\nS002,2024-25\n"),
    "UTF-16, odd": put(b"\xff\xfes\x00e"[:-1]),
    "UTF-32": encoded("utf-32"),
    "EBCDIC": encoded("cp500"),
    "a lone quotation mark": put(b'service_id,year\n"S002,2024-25\n' + b"S002,2024-25\n" * 1000),
    "a quotation mark never closed, long": put(b'service_id,year\n"' + b"S002,2024-25\n" * 200_000),
    "headers in an open quotation mark": put(b'"service_id,year\nS002,2024-25\n'),
    "only quotation marks": put(b'"' * 200_001),
    "a cell of 100,000 letters": put(b"service_id,year\n" + LONG + b",2024-25\n"),
    "a header of 300,000 letters": put(LONG * 3 + b",year\nS002,2024-25\n"),
    "a cell of 20 MB": put(b"service_id,year\n" + LONG * 200 + b",2024-25\n"),
    "20,000 columns": put(b",".join(b"c%d" % i for i in range(20_000)) + b"\n" + b"1," * 19_999 + b"1\n"),
    "20,000 columns below two headers": put(b"service_id,year\n" + b"1," * 19_999 + b"1\n"),
    "2,000,000 blank lines": put(b"service_id,year\n" + b"\n" * 2_000_000),
    "300,000 rows of 400 blank cells": put((b"a" + b",a" * 399 + b"\n") + (b"," * 399 + b"\n") * 300_000),
    "lines that end in a carriage return": put(b"service_id,year\rS002,2024-25\rS002,2025-26\r"),
    "line ends mixed": put(b"service_id,year\r\nS002,2024-25\nS002,2025-26\rS002,2026-27\n\r"),
    "a return inside the headers": put(b"service_id,ye\rar\nS002,2024-25\n"),
    "a blank first line": put(b"\nservice_id,year\nS002,2024-25\n"),
    "one long line": put(LONG * 10),
    "a web page": put(b"<!DOCTYPE html><html><table><tr><td>service_id</td></tr></table></html>"),
    "JSON": put(b'{"service_id": ["S002"], "year": ["2024-25"]}'),
    "a separator line for a spreadsheet": put(b"sep=;\nservice_id;year\nS002;2024-25\n"),
    "digits of other scripts": put("service_id,year,children\nS002,2024-25,٤٠\n".encode()),
    "half of a pair of surrogates": put(b"service_id,year\n\xed\xa0\x80,2024-25\n"),
    "numbers beyond all bounds": put(b"service_id,year,children\nS002,2024-25," + b"9" * 4000 + b"\nS002,2025-26,1e999\n"),
}
XLSX: dict[str, Callable[[Path], object]] = {
    "plain": book(_nothing),
    "merged cells": book(merged),
    "formulas without values": book(formulas),
    "a hidden sheet in front": book(hidden),
    "protected sheet and workbook": book(protected),
    "dates from 1904": book(old_dates),
    "csv renamed": put(b"service_id,year\nS002,2024-25\n"),
    "old form renamed": put(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)),
    "a web page renamed": put(b"<html><table><tr><td>service_id</td></tr></table></html>"),
    "an empty zip": put(b"PK\x05\x06" + bytes(18)),
    "a zip of something else": lambda path: zipfile.ZipFile(path, "w").writestr("word/document.xml", "<w/>"),
    "a zip bomb": bomb,
    "workbooks within workbooks": within,
    "parts larger than told": lying,
    "half of it": cut(0.5),
    "all but the end": cut(0.98),
    "entities within entities": part(STRINGS, lambda d: BILLION + d.split(b"?>", 1)[-1].replace(b"service_id", b"&i;", 1)),
    "entities in the sheet": part(SHEET, lambda d: BILLION + d.replace(b"<t>service_id", b"<t>&i;", 1)),
    "an outside entity": part(
        STRINGS, lambda d: b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + d.replace(b"service_id", b"&e;", 1)
    ),
    "shared strings cut off": part(STRINGS, lambda d: d[: len(d) // 2]),
    "shared strings gone": part(STRINGS, _nothing),
    "shared strings that count to the sky": part(
        STRINGS, lambda d: d.replace(b'uniqueCount="', b'count="4294967295" uniqueCount="9999999')
    ),
    "a shared string that is not there": in_sheet(b't="inlineStr"><is><t>service_id</t></is>', b't="s"><v>4294967295</v>'),
    "a negative shared string": in_sheet(b't="inlineStr"><is><t>service_id</t></is>', b't="s"><v>-1</v>'),
    "a style that is not there": in_sheet(b'r="A1"', b's="4294967295" r="A1"'),
    "a size told that is all of a sheet": in_sheet(b'ref="A1:D2"', b'ref="A1:XFD1048576"'),
    "a size told that is none": in_sheet(b'ref="A1:D2"', b'ref="ZZZZZZZZ99999999999:A0"'),
    "a cell in the last row and column": in_sheet(b'r="D2"', b'r="XFD1048576"'),
    "a cell beyond the last": in_sheet(b'r="D2"', b'r="ZZZZZZ99999999"'),
    "a row beyond the last": in_sheet(b'<row r="2"', b'<row r="4294967295"'),
    "a row of no number": in_sheet(b'<row r="2"', b'<row r="two"'),
    "a cell without a place": in_sheet(b'r="D2"', b""),
    "cells out of order": in_sheet(b'r="A1"', b'r="D9"'),
    "cells nested in cells": in_sheet(b"<is><t>service_id", b"<c><v>" * 20_000),
    "merged to the last cell": in_sheet(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "no workbook part": part("xl/workbook.xml", _nothing),
    "no relations": part("xl/_rels/workbook.xml.rels", _nothing),
    "a sheet elsewhere": part(
        "xl/_rels/workbook.xml.rels", lambda d: d.replace(b"worksheets/sheet1.xml", b"../../../etc/passwd")
    ),
    "no sheets": part("xl/workbook.xml", lambda d: d.replace(b"<sheet ", b"<shoot ")),
    "no styles": part("xl/styles.xml", _nothing),
    "styles that count to the sky": part(
        "xl/styles.xml", lambda d: d.replace(b'<cellXfs count="1"', b'<cellXfs count="4294967295"')
    ),
    "not XML": part(SHEET, lambda _: bytes(range(256)) * 100),
    "UTF-16 inside": part(SHEET, lambda d: d.decode().encode("utf-16")),
    "a cell of 5 MB": book(_nothing, [["S002", "2024-25", "1", "x" * 32_000]] * 150),
}
CASES = {f"{name}.csv": write for name, write in CSV.items()} | {f"{name}.xlsx": write for name, write in XLSX.items()}


def look(path: Path) -> dict[str, object]:
    """What comes of one file: how the readers end, CPU seconds, and megabytes that the process grew by."""
    from rcs_core.contracts import contracts, read_table
    from rcs_core.contracts.as_sent import as_sent

    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        frame, findings = read_table(contracts()["demand_history"], path)
        as_sent(path)
        ended = next((f.text() for f in findings if f.severity.value == "error"), f"{len(frame)} rows")
    except BaseException as trouble:
        ended = f"TROUBLE {type(trouble).__name__}: {trouble}"[:300]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"case": path.name, "ended": ended, "seconds": round(time.process_time() - began, 2), "megabytes": round(grown)}


def main(folder: Path, names: list[str]) -> None:
    """Make and look at each of the files."""
    from rcs_core.contracts import contracts

    contracts()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name in names or list(CASES):
        path = folder / name
        CASES[name](path)
        sys.stdout.write(json.dumps({"case": name, "began": True}) + "\n")
        sys.stdout.flush()
        sys.stdout.write(json.dumps(look(path)) + "\n")
        sys.stdout.flush()
        os.unlink(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
