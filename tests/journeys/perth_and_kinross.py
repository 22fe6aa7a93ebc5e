"""The published instance, made three ways: as records, as counts that a council sends, and as two totals.

Perth and Kinross, pupils aged 9 to 15: 8,459 of them, 2,176 with high need, 649 in contact with social work, 223 of both.
The publication's own survey ran over P5 to S4. Our two pupil surveys are never added, so here all its pupils are put in S1 to
S4, and high need is the composite of five needs or more (`multiple_risks`).
"""

from pathlib import Path

from tests.tiny_folder import PRIMARY_ITEMS, SDQ, pupil, write_lines, write_services, write_tiny

PUPILS, NEED, CONTACT, BOTH = 8459, 2176, 649, 223
SURVEY, INDICATOR = "pupil_s1_s4", "multiple_risks"
_SCHOOLS, _STAGES = ("9900102", "9900202"), ("S1", "S2", "S3", "S4")
_ITEMS = [*PRIMARY_ITEMS.split(","), "drank_alcohol_last_week", "regular_smoker"]
_NEED_IS_YES = {"bullied_last_year", "drank_alcohol_last_week", "regular_smoker"}
SCHOOLS = """school_code,school_name,cluster_code,cluster_name,sector
9900102,Ben Secondary,C01,Ardmore,secondary
9900202,Moor Secondary,C02,Brae,secondary
"""
PARTNERSHIP = """name: Perth and Kinross as published (invented records)
area_code: "999"
ons_code: S12999999
fictional: true
year: 2025-26
survey_wave: "2025"
simd_edition: 2020v2
price_year: 2025-26
linkage: {}
"""


def places(number: int) -> list[str]:
    """School and stage of a pupil: spread so that no group of the roll is small."""
    return [_SCHOOLS[number % 2], _STAGES[number // 2 % 4]]


def needs(number: int) -> bool:
    """The first pupils have the need."""
    return number < NEED


def in_contact(number: int) -> bool:
    """Contact begins among those with the need and goes on among those without it."""
    return NEED - BOTH <= number < NEED - BOTH + CONTACT


def answers(number: int) -> list[str]:
    """A pupil with the need has every need that is asked about but difficulties; any other has none."""
    with_need = [
        ("yes" if item in _NEED_IS_YES else "no") if needs(number) else ("no" if item in _NEED_IS_YES else "yes")
        for item in _ITEMS
    ]
    return [*with_need, *(["0"] * 25)]


def without_pupils(folder: Path, linkage: str) -> Path:
    """Everything of a folder but its pupils: services, ledgers, schools."""
    write_tiny(folder)
    for stem in (
        "pupil_census",
        "survey_pupil_p5_p7",
        "survey_pupil_s1_s4",
        "survey_parent_0_8",
        "social_work",
        "additional_support",
    ):
        (folder / f"{stem}.csv").unlink()
    (folder / "partnership.yaml").write_text(PARTNERSHIP.format(linkage), encoding="utf-8")
    (folder / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    write_services(folder)
    return folder


def as_records(folder: Path) -> Path:
    """One row a pupil: census, answers and social work's extract."""
    without_pupils(folder, "linked")
    everybody = range(PUPILS)
    sexes = ("female", "male")
    head = ["pupil_id", "school_code", "stage", "sex", "simd_quintile", "simd_edition", "urban_rural6"]
    roll = [[pupil(n), *places(n), sexes[n // 8 % 2], str(1 + n // 16 % 5), "2020v2", "other_urban"] for n in everybody]
    write_lines(folder / "pupil_census.csv", [head, *roll])
    forms = [[pupil(n), *places(n), *answers(n)] for n in everybody]
    write_lines(folder / "survey_pupil_s1_s4.csv", [["pupil_id", "school_code", "stage", *_ITEMS, *SDQ.split(",")], *forms])
    cases = [[pupil(n), places(n)[1], "open_case", "no"] for n in everybody if in_contact(n)]
    write_lines(folder / "social_work.csv", [["pupil_id", "stage", "social_work_status", "child_protection_register"], *cases])
    return folder


def counts(folder: Path, *rows: tuple[str, str, str, int, str, str]) -> Path:
    """A folder with counts alone; rows: indicator, contact, need, children, ages, year."""
    without_pupils(folder, "aggregate")
    head = ["survey", "indicator", "area", "contact", "need", "children", "ages", "year"]
    lines = [[SURVEY, what, "999", contact, need, str(n), ages, year] for what, contact, need, n, ages, year in rows]
    write_lines(folder / "need_contact_counts.csv", [head, *lines])
    return folder


def as_counts(folder: Path) -> Path:
    """Need by contact, counted by the council; the other side of each contact follows by a sum."""
    return counts(
        folder,
        (INDICATOR, "ALL", "yes", NEED, "9-15", "2025"),
        (INDICATOR, "ALL", "no", PUPILS - NEED, "9-15", "2025"),
        (INDICATOR, "social_work", "yes", BOTH, "9-15", "2025"),
        (INDICATOR, "social_work", "no", CONTACT - BOTH, "9-15", "2025"),
    )


def as_totals(folder: Path, ages: str = "9-15", year: str = "2025", total: int = PUPILS) -> Path:
    """Two totals that nobody linked: the need, and the contact (of these ages, year and children)."""
    return counts(
        folder,
        (INDICATOR, "ALL", "yes", NEED, "9-15", "2025"),
        (INDICATOR, "ALL", "no", PUPILS - NEED, "9-15", "2025"),
        ("", "social_work", "ALL", CONTACT, ages, year),
        ("", "ALL", "ALL", total, ages, year),
    )
