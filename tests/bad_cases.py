"""What may be wrong with an input folder, one thing a case: how to spoil it, and what the one message must hold."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rcs_core.contracts import MASK
from tests.fuzz.worst import CSV, XLSX
from tests.tiny_folder import edit, pupil, write_services, write_sheet, write_wave

Spoil = Callable[[Path], object]
HISTORY, CENSUS, MAP, NHS = "demand_history.csv", "pupil_census.csv", "ledger_map.csv", "ledger_nhs.csv"
PRIMARY, LAYOUT, SERVICES = "survey_pupil_p5_p7.csv", "ledger_columns.yaml", "services.xlsx"


@dataclass(frozen=True)
class Case:
    """says: what the message must hold, parts separated by ` | `; row and column where the message must name them."""

    name: str
    file: str
    spoil: Spoil
    says: str
    row: int | None = None
    column: str = ""


def swap(file: str, old: str, new: str) -> Spoil:
    """Replace the first occurrence of a text."""
    return lambda folder: edit(folder / file, lambda text: text.replace(old, new, 1))


def put(file: str, content: bytes) -> Spoil:
    """Put other bytes in a file's place."""
    return lambda folder: (folder / file).write_bytes(content)


def register(**changes: object) -> Spoil:
    """Change cells of the first service."""
    return lambda folder: write_services(folder, **changes)


def rename(file: str, name: str) -> Spoil:
    """Give a file another name."""
    return lambda folder: (folder / file).rename(folder / name)


def remove(file: str) -> Spoil:
    """Take a file away."""
    return lambda folder: (folder / file).unlink()


def column(file: str, header: str, value: str) -> Spoil:
    """Add a column with one value throughout."""

    def change(text: str) -> str:
        first, *rest = text.splitlines()
        return "\n".join([f"{first},{header}", *[f"{line},{value}" for line in rest]]) + "\n"

    return lambda folder: edit(folder / file, change)


def encoded(encoding: str) -> Spoil:
    """Write the demand history, an accent in it, in another encoding."""

    def change(folder: Path) -> None:
        text = (folder / HISTORY).read_text(encoding="utf-8").replace("LFR", "Préfecture")
        (folder / HISTORY).write_bytes(text.encode(encoding))

    return change


def bomb(folder: Path) -> None:
    """Put a workbook that unpacks to 200 MB in the register's place."""
    with zipfile.ZipFile(folder / SERVICES, "w", zipfile.ZIP_DEFLATED) as packed:
        with packed.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(200):
                part.write(bytes(1 << 20))
        packed.writestr("[Content_Types].xml", "<Types/>")


def cut(file: str, length: int) -> Spoil:
    """Keep only the first bytes of a file."""
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes()[:length])


def doubled_pupil(folder: Path) -> None:
    """Give the last pupil of the census the first one's pseudonym."""
    edit(folder / CENSUS, lambda text: text.replace(pupil(48), pupil(1)))


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 10)}]\n" for i in range(9)
)


def worst(file: str, write: Spoil) -> Spoil:
    """Put one of the worst files in a file's place."""
    return lambda folder: write(folder / file)


WORST_CSV: list[tuple[str, str, int | None]] = [
    ("nothing but NULs", "not text | UTF-8", None),
    ("a lone quotation mark", "quotation mark that is never closed", None),
    ("a header of 300,000 letters", "field larger", None),
    ("a cell of 20 MB", "20,000,000 signs | 100,000 signs in a cell at most", None),
    ("20,000 columns", "20,000 columns | 400 columns", None),
    ("2,000,000 blank lines", "2,000,002 rows | 1,000,000 rows", None),
    ("300,000 rows of 400 blank cells", "300,002 rows and 400 columns | 50,000,000 cells at most", None),
    ("a blank first line", "a blank line | headers in row 1", None),
]
WORST_XLSX = [
    ("an empty zip", "damaged | save it again as .xlsx"),
    ("a zip of something else", "damaged"),
    ("a web page renamed", "damaged | not a zip file"),
    ("parts larger than told", "damaged"),
    ("entities within entities", "damaged | entity"),
    ("an outside entity", "damaged | entity"),
    ("shared strings cut off", "damaged"),
    ("shared strings gone", "damaged"),
    ("shared strings that count to the sky", "4,294,967,295 entries | 20,000,000 at most"),
    ("a cell in the last row and column", "row 1,048,576, column 16,384"),
    ("cells nested in cells", "damaged"),
    ("no workbook part", "damaged"),
    ("no sheets", "damaged"),
    ("not XML", "damaged"),
]
FILES = [
    Case("empty file", HISTORY, put(HISTORY, b""), "an empty file | export the file again"),
    Case("blank lines only", HISTORY, put(HISTORY, b"\n \n"), "an empty file"),
    Case("headers only", "schools.csv", lambda f: edit(f / "schools.csv", lambda t: t.splitlines()[0] + "\n"), "no rows"),
    Case("wrong encoding", HISTORY, encoded("cp1252"), "UTF-8 | 0xe9 | save it again as CSV UTF-8", 2),
    Case("UTF-16", HISTORY, encoded("utf-16"), "UTF-16 | save it again as CSV UTF-8"),
    Case("renamed header", HISTORY, swap(HISTORY, "service_id", "servce_id"), "`servce_id` to `service_id`", None, "service_id"),
    Case("renamed item", PRIMARY, swap(PRIMARY, "trusted_adult", "trusted_adlt"), "`trusted_adlt` to `trusted_adult`"),
    Case("missing column", HISTORY, swap(HISTORY, "unit,", "zzz,"), "a column `unit` | add the column", None, "unit"),
    Case("header twice", HISTORY, column(HISTORY, "children", "1"), "the column `children` once", None, "children"),
    Case("missing required file", CENSUS, remove(CENSUS), f"no such file | put {CENSUS} in the folder"),
    Case("row with too many cells", PRIMARY, swap(PRIMARY, "yes\n", "yes,yes\n"), "13 cells | 12 cells", 2),
    Case("unclosed quotation mark", HISTORY, swap(HISTORY, "LFR", '"LFR'), "quotation mark"),
    Case("csv cut off", HISTORY, lambda f: edit(f / HISTORY, lambda t: t[:-40]), "cut off", 3),
    Case("zip bomb", SERVICES, bomb, "too large | unpacked"),
    Case("corrupt workbook", SERVICES, put(SERVICES, b"PK\x03\x04 no workbook"), "damaged | save it again as .xlsx"),
    Case("workbook cut off", SERVICES, cut(SERVICES, 2000), "damaged"),
    Case("workbook with a password", SERVICES, put(SERVICES, b"\xd0\xcf\x11\xe0" + bytes(600)), "password"),
    Case("text named .xlsx", SERVICES, put(SERVICES, b"service_id,service_name\n"), "damaged"),
    Case("workbook named .csv", "services.csv", rename(SERVICES, "services.csv"), "rename it to end in .xlsx"),
    Case("old workbook", "services.xls", rename(SERVICES, "services.xls"), ".xls | save it as .xlsx"),
    *(Case(f"csv: {name}", HISTORY, worst(HISTORY, CSV[name]), says, row) for name, says, row in WORST_CSV),
    *(Case(f"workbook: {name}", SERVICES, worst(SERVICES, XLSX[name]), says) for name, says in WORST_XLSX),
    Case("two files for a table", HISTORY, lambda f: write_sheet(f / "demand_history.xlsx", [["x"]]), "out of date"),
    Case("date in no calendar", "partnership.yaml", swap("partnership.yaml", "2025-26", "2026-02-30"), "day is out of range"),
    Case("aliases for billions", "partnership.yaml", put("partnership.yaml", BOMB.encode()), "too many values"),
    Case("brackets without end", "partnership.yaml", put("partnership.yaml", b"a: " + b"[" * 9999), "nested too deeply"),
    Case("YAML of a megabyte", "partnership.yaml", put("partnership.yaml", b"# x\n" * 250_000), "500,000 are the most"),
    Case("layout is no YAML", "partnership.yaml", put("partnership.yaml", b"name: [unclosed"), "YAML"),
]
CELLS = [
    Case("text in a number", SERVICES, register(children_served="about 120"), "about 120 | a whole number", 2, "children_served"),
    Case("digits of another script", HISTORY, swap(HISTORY, ",40,", ",٤٠,"), "٤٠ | a number", 2, "children"),
    Case("formula never worked out", SERVICES, register(capacity="=100+30"), "#ERROR! | a number", 2, "capacity"),
    Case("date as a serial number", SERVICES, register(contract_end=46477), "46477 | 2027-03-31 | serial", 2, "contract_end"),
    Case("impossible date", SERVICES, register(contract_end="2027-02-30"), "2027-02-30 | yyyy-mm-dd", 2, "contract_end"),
    Case("number out of range", SERVICES, register(staff_share_pct=170), "170 | between 0 and 100", 2, "staff_share_pct"),
    Case("formula error in text", SERVICES, register(provider="#REF!"), "a formula's error", 2, "provider"),
    Case("formula error in a number", SERVICES, register(capacity="#N/A"), "#ERROR! | a number", 2, "capacity"),
    Case("code outside its list", SERVICES, register(reach="univrsal"), "univrsal | did you mean `universal`", 2, "reach"),
    Case("one of several codes", SERVICES, register(shanarri="safe; healty"), "safe; healty | nurtured", 2, "shanarri"),
    Case("required cell blank", SERVICES, register(statutory_basis=None), "(blank) | a filled cell", 2, "statutory_basis"),
    Case("prevention split", SERVICES, register(pct_other=5), "a sum of 105 | add up to 100", 2),
    Case("split as fractions", SERVICES, register(pct_primary=0.2, pct_secondary=0.5, pct_tertiary=0.3), "40 for 40 per cent", 2),
    Case("duplicate id", CENSUS, doubled_pupil, f"{MASK} (also in row 2) | only once", 49, "pupil_id"),
    Case("school not in schools", CENSUS, swap(CENSUS, "9900101", "9900109"), "9900109 | schools.csv", 2, "school_code"),
    Case("another SIMD edition", CENSUS, swap(CENSUS, "2020v2", "2016"), "2016 | 2020v2", 2, "simd_edition"),
    Case("two names of a cluster", "schools.csv", swap("schools.csv", "Ardmore,sec", "Ardmoor,sec"), "above Ardmore", 3),
    Case("low above likely", "evidence_of_effect.csv", swap("evidence_of_effect.csv", ",4,1,7,", ",4,5,7,"), "5, 4, 7", 2),
    Case("misspelt linkage", "partnership.yaml", swap("partnership.yaml", ": linked", ": linkd"), "did you mean `linked`"),
    Case("partnership key missing", "partnership.yaml", swap("partnership.yaml", 'area_code: "999"\n', ""), "a key `area_code`"),
]
MONEY = [
    Case("shares of a line", MAP, swap(MAP, ",40,", ",30,"), "a sum of 90 | add up to 100", 2, "pct"),
    Case("mapped and excluded", MAP, swap(MAP, "nhs_board,100,,", "nhs_board,100,no,"), "only one of `service_id` and", 5),
    Case("mapped without a payer", MAP, swap(MAP, "S002,nhs_board", "S002,"), "(blank) | name the agency", 5, "agency"),
    Case("service not in register", MAP, swap(MAP, "N1,S002", "N1,S009"), "S009 | services.xlsx", 5, "service_id"),
    Case("does not add up", NHS, swap(NHS, "2.500", "2.600"), "GBP 2,600.50 | GBP 2,500.50 | GBP 100.00 | Board return"),
    Case("amount beyond all bounds", NHS, swap(NHS, "0.0005", "9" * 40), "an amount such as", 3, "GBP 000"),
    Case("text in an amount", NHS, swap(NHS, "0.0005", "half a pound"), "half a pound | (1,234.56)", 3, "GBP 000"),
    Case("ledger header renamed", NHS, swap(NHS, "GBP 000", "GBP 00"), "`GBP 00` to `GBP 000`"),
    Case("sheet missing", "ledger_council.xlsx", swap(LAYOUT, "sheet: Outturn", "sheet: Outrun"), "no such sheet | Outturn"),
    Case("ledger missing", NHS, remove(NHS), "no such file"),
    Case("ledger not described", "ledger_fire.csv", put("ledger_fire.csv", b"a\n"), "describe it under ledger_fire"),
    Case("other prices", LAYOUT, swap(LAYOUT, "financial_year: 2025-26", "financial_year: 2024-25"), "2024-25 | prices"),
    Case("bare control total", LAYOUT, swap(LAYOUT, '"1234.56"', "1234.561"), "1234.561 | quotation marks"),
    Case("unknown key", LAYOUT, swap(LAYOUT, "agency_system: B", "subtotals: x\n  agency_system: B"), "unknown key"),
]
NAMED = [
    Case("SCN column", CENSUS, column(CENSUS, "SCN", "x"), "Scottish Candidate Number | remove the column", None, "SCN"),
    Case("SCN values", CENSUS, column(CENSUS, "ref", "123456789"), "Scottish Candidate Number", 2, "ref"),
    Case("SCN as pseudonym", "social_work.csv", swap("social_work.csv", pupil(5), "123456789"), "Candidate", 2, "pupil_id"),
    Case("CHI values", "social_work.csv", column("social_work.csv", "key", "0101101236"), "CHI number", 2, "key"),
    Case("names by value", "social_work.csv", column("social_work.csv", "ref", "Isla Campbell"), "name", 2, "ref"),
    Case("names by header", CENSUS, column(CENSUS, "Pupil Name", "x"), "a person's name", None, "Pupil Name"),
    Case("name for an answer", PRIMARY, swap(PRIMARY, "P5,yes", "P5,Isla Campbell"), "name", 2, "trusted_adult"),
    Case("postcodes", CENSUS, column(CENSUS, "area", "EH1 1AA"), "postcode", 2, "area"),
    Case("postcode in a ledger", NHS, swap(NHS, "Nurses", "Flat EH1 1AA"), "postcode", 2, "Text"),
    Case("births by header", CENSUS, column(CENSUS, "Date of birth", ""), "date of birth", None, "Date of birth"),
    Case("births by value", CENSUS, column(CENSUS, "d1", "2014-05-03"), "date of birth", 2, "d1"),
    Case("e-mail of a tagger", SERVICES, register(tagged_by="isla@example.org"), "e-mail", 2, "tagged_by"),
]


def waved(spoil: Spoil) -> Spoil:
    """Add a sound earlier wave, then spoil it."""
    return lambda folder: (write_wave(folder), spoil(folder))


THEN = f"wave_2023/{CENSUS}"
WAVES = [
    Case("damaged file in a wave", THEN, waved(put(THEN, bytes(100))), "not text | UTF-8"),
    Case("earlier wave without a roll", THEN, waved(remove(THEN)), "no such file | the roll of the wave"),
    Case("earlier wave without a survey", f"wave_2023/{PRIMARY}", waved(remove(f"wave_2023/{PRIMARY}")), "a pupil survey"),
    Case("wave that is no year", "wave_old", waved(rename("wave_2023", "wave_old")), '"old" | such as wave_2023'),
    Case("wave not earlier", "wave_2026", waved(rename("wave_2023", "wave_2026")), '"2026" | survey_wave | 2025'),
    Case("closed school in no list", THEN, waved(swap(THEN, "9900101", "9900190")), "list the school in wave_2023/", 2),
    Case("two editions in a wave", THEN, waved(swap(THEN, "2020v2", "2016")), "one edition a wave", 2, "simd_edition"),
]
OUTLINES = "clusters.geojson"
ONE = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"cluster_code":"C01"},'
    b'"geometry":{"type":"Polygon","coordinates":[[[0,0],[900,0],[900,900],[0,0]]]}}]}'
)
"""A map of one cluster."""
MAPS = [
    Case("map: cut off", OUTLINES, put(OUTLINES, ONE[:60]), "GeoJSON | line 1"),
    Case("map: not all clusters", OUTLINES, put(OUTLINES, ONE), "none of C02 | an outline of every cluster"),
    Case("map: larger than any map", OUTLINES, put(OUTLINES, b"[" * 200_001), "200,001 | 200,000 positions or fewer"),
]
CASES = [*FILES, *CELLS, *MONEY, *NAMED, *WAVES, *MAPS]
