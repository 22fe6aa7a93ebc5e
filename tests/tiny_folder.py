"""A complete input folder small enough to count by hand, and ways to spoil one thing in it."""

from collections.abc import Callable
from pathlib import Path

import openpyxl

SCHOOLS = """school_code,school_name,cluster_code,cluster_name,sector
9900101,Isla Primary,C01,Ardmore,primary
9900102,Ben Secondary,C01,Ardmore,secondary
9900201,Glen Primary,C02,Brae,primary
9900202,Moor Secondary,C02,Brae,secondary
"""
STAGES = {"9900101": ["P4", "P5", "P6", "P7"], "9900102": ["S1", "S2", "S3", "S4"]}
STAGES |= {"9900201": ["P4", "P5", "P6", "P7"], "9900202": ["S1", "S2", "S3", "S5"]}
PARTNERSHIP = """name: Tiny (fictional)
area_code: "999"
ons_code: S12999999
fictional: true
year: 2025-26
survey_wave: "2025"
simd_edition: 2020v2
price_year: 2025-26
linkage: linked
"""
PRIMARY_ITEMS = "trusted_adult,bullied_last_year,enjoys_learning,active_hour_yesterday,fruit_and_veg_daily,choice_in_learning,"
PRIMARY_ITEMS += "treated_fairly,positive_about_future,feels_safe_in_area"
SDQ = ",".join(f"sdq_{item:02d}" for item in range(1, 26))
LEDGER_COLUMNS = """ledger_council:
  agency_system: Council ledger
  header_row: 3
  sheet: Outturn
  columns: {cost_centre: Cost Centre, description: Narrative, amount: Actual}
  amount_unit: gbp
  financial_year: 2025-26
  control_total_gbp: "1234.56"
  control_total_source: Accounts note 7
  subtotal_words: sub-total; grand total
ledger_nhs:
  agency_system: Board ledger
  header_row: 1
  columns: {cost_centre: CC, description: Text, amount: GBP 000}
  amount_unit: gbp_thousand
  financial_year: 2025-26
  control_total_gbp: "2500.50"
  control_total_source: Board return
  subtotal_words: [total]
"""
LEDGER_MAP = """ledger,cost_centre,service_id,agency,pct,excluded_because,money_kind,recurring,revenue_or_capital
ledger_council,E100,S001,council_education,60,,existing,yes,revenue
ledger_council,E100,S002,council_education,40,,existing,yes,revenue
ledger_council,E200,,council_education,100,not for children,existing,yes,revenue
ledger_nhs,N1,S002,nhs_board,100,,existing,yes,revenue
"""
EFFECTS = """service_id,acts_on,children_averted_per_100,low,high,unit,lag_years,retention,state,source,note
S001,S002,4,1,7,child_years,1,0.8,published_elsewhere,A review (2024),
"""
DEMAND = """service_id,year,children,unit,unit_cost_gbp,unit_cost_source,cashable_pct,cashable_state
S002,2024-25,40,child_years,52000.50,LFR 2023-24,30,product_default
S002,2025-26,42,child_years,52000.50,LFR 2023-24,30,product_default
"""


def pupil(number: int) -> str:
    """The pseudonym of a pupil."""
    return f"p{number:012x}"


def census_rows() -> list[list[str]]:
    """Forty-eight pupils: three in each stage of each school, numbered from 1."""
    rows = []
    for school, stages in STAGES.items():
        for stage in stages:
            for sex in ("female", "male", "not_known"):
                number = len(rows) + 1
                rows.append([pupil(number), school, stage, sex, str(1 + number % 5), "2020v2", "other_urban"])
    return rows


def write_lines(path: Path, rows: list[list[str]]) -> None:
    """Write rows as csv."""
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")


def write_sheet(path: Path, rows: list[list[object]], title: str = "Sheet") -> None:
    """Write rows as the one sheet of a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)


SERVICE: dict[str, object] = {
    "service_id": "S001",
    "service_name": "Family Link",
    "parent_group": "Family support",
    "provider": "Isla Trust",
    "provider_agency": "third_sector",
    "funder_agency": "council_education",
    "commissioner_agency": "council_education",
    "childrens_or_related": "childrens",
    "reach": "selective",
    "intensity": "additional",
    "pct_primary": 20,
    "pct_secondary": 50,
    "pct_tertiary": 30,
    "pct_responsive": 0,
    "pct_other": 0,
    "tag_confidence": "medium",
    "tagged_by": "Planning team",
    "tagged_on": "2026-04-01",
    "children_served": 120,
    "capacity": 130,
    "unit_of_activity": "families",
    "statutory_basis": "discretionary",
    "act_and_section": "",
    "contract_type": "grant",
    "contract_end": "2027-03-31",
    "notice_months": 3,
    "staff_share_pct": 70,
    "evidence_rating": "promising",
    "evidence_source": "A review (2024)",
    "shanarri": "nurtured; safe",
    "domain": "family",
}
RESPONSIVE = {"service_id": "S002", "pct_primary": 0, "pct_secondary": 0, "pct_tertiary": 0, "pct_responsive": 100}


def write_services(folder: Path, **changes: object) -> None:
    """Write the register: S001, sound unless changed, and S002, wholly responsive."""
    rows = [SERVICE | changes, SERVICE | RESPONSIVE]
    write_sheet(folder / "services.xlsx", [list(SERVICE), *[list(row.values()) for row in rows]])


def write_tiny(folder: Path) -> Path:
    """Write a sound folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "partnership.yaml": PARTNERSHIP, "schools.csv": SCHOOLS, "ledger_columns.yaml": LEDGER_COLUMNS,
        "ledger_map.csv": LEDGER_MAP, "evidence_of_effect.csv": EFFECTS, "demand_history.csv": DEMAND,
        "ledger_nhs.csv": 'CC,Text,GBP 000\nN1,Nurses,"2.500"\nN2,Rent,0.0005\n,Total,2.5005\n',
        "survey_parent_0_8.csv": "respondent_id,stratum,psu,weight,child_age,child_sex,simd_quintile,general_health_good,"
        "sdq_parent_raised,has_parenting_support\nr1,C01,C01-1,12.5,3,female,1,yes,,no\n",
        "additional_support.csv": f"pupil_id,stage,asn_reason\n{pupil(4)},P5,dyslexia\n{pupil(4)},P5,other\n",
        "social_work.csv": f"pupil_id,stage,social_work_status,child_protection_register\n{pupil(5)},P5,open_case,no\n",
    }  # fmt: skip
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    census = census_rows()
    header = ["pupil_id", "school_code", "stage", "sex", "simd_quintile", "simd_edition", "urban_rural6"]
    write_lines(folder / "pupil_census.csv", [header, *census])
    primary = [[*row[:3], *["yes"] * 9] for row in census if row[2] in ("P5", "P6", "P7")]
    write_lines(folder / "survey_pupil_p5_p7.csv", [["pupil_id", "school_code", "stage", *PRIMARY_ITEMS.split(",")], *primary])
    secondary = [[*row[:3], *["no"] * 11, *["1"] * 25] for row in census if row[2] in ("S1", "S2", "S3", "S4")]
    items = f"{PRIMARY_ITEMS},drank_alcohol_last_week,regular_smoker,{SDQ}"
    write_lines(folder / "survey_pupil_s1_s4.csv", [["pupil_id", "school_code", "stage", *items.split(",")], *secondary])
    write_services(folder)
    ledger: list[list[object]] = [["Tiny Council"], [], ["Cost Centre", "Narrative", "Actual"]]
    ledger += [
        ["E100", "Youth work", "1,500.00"],
        ["E200", "Roads", "(300.44)"],
        [None, "Sub-total", 1199.56],
        ["E300", "Halls", 35],
    ]
    write_sheet(folder / "ledger_council.xlsx", [*ledger, [None, "Grand total", "1,234.56"]], "Outturn")
    return folder


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Change a text file in place; the change must change something."""
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before, f"nothing changed in {path.name}"
    path.write_text(after, encoding="utf-8")


def write_wave(folder: Path, label: str = "2023") -> Path:
    """Add an earlier wave to a tiny folder: the same schools, pupils numbered from 1001, primary forms only; return it."""
    wave = folder / f"wave_{label}"
    wave.mkdir()
    census = [[pupil(1000 + number), *row[1:]] for number, row in enumerate(census_rows(), start=1)]
    header = ["pupil_id", "school_code", "stage", "sex", "simd_quintile", "simd_edition", "urban_rural6"]
    write_lines(wave / "pupil_census.csv", [header, *census])
    primary = [[*row[:3], *["no"] * 9] for row in census if row[2] in ("P5", "P6", "P7")]
    write_lines(wave / "survey_pupil_p5_p7.csv", [["pupil_id", "school_code", "stage", *PRIMARY_ITEMS.split(",")], *primary])
    return wave
