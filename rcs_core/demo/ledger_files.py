"""How each finance team lays its ledger out: headers, order, titles, sub-totals, brackets, separators, thousands."""

from collections.abc import Callable, Sequence
from itertools import groupby

from rcs_core.demo.ledgers import Ledgers, Line

YEAR = "2025-26"
AREA = {
    "council_education": "Education", "council_cld_youth": "Communities", "council_social_work": "Social Work",
    "council_housing": "Housing", "council_other": "Corporate", "sg_ring_fenced": "Specific grants",
    "nhs_board": "Women and children", "hscp": "Integrated services",
}  # fmt: skip
LAYOUTS = {
    "council": (
        "Council general ledger (fictional)", 4, "Outturn", ("Cost Centre", "Narrative", "Actual 2025/26 (GBP)"), "gbp",
        "sub-total; grand total",
    ),
    "nhs": (
        "NHS board finance system (fictional)", 2, "M12", ("CC Code", "Description", "Outturn 25/26 £000"), "gbp_thousand",
        "total",
    ),
    "police": ("Police divisional accounts (fictional)", 1, "", ("cost_code", "detail", "amount_gbp"), "gbp", "divisional total"),
    "third_sector": (
        "Voluntary interface return (fictional)", 1, "", ("Project code", "Project", "Spend (GBP)"), "gbp", "sub total",
    ),
}  # fmt: skip
"""How each ledger is to be read: system, header row, sheet, columns (cost centre, description, amount), unit, sub-total words."""
type Rows = list[list[object]]


def pounds(pence: int) -> str:
    """Pounds and pence with thousands separators, negatives in brackets, as an accountant writes them."""
    text = f"{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
    return f"({text})" if pence < 0 else text


def _thousands(pence: int) -> str:
    text = f"{abs(pence) / 100_000:,.3f}"
    return f"({text})" if pence < 0 else text


def _in_groups(lines: Sequence[Line], key: Callable[[Line], str]) -> list[tuple[str, list[Line]]]:
    return [(name, list(group)) for name, group in groupby(sorted(lines, key=key), key=key)]


def council_sheets(ledgers: Ledgers) -> dict[str, Rows]:
    """A cover sheet, then the ledger: two title rows, a blank one, headers in row 4, a sub-total a directorate."""
    rows: Rows = [["Strathmere Council (fictional): revenue and capital outturn, children"], [f"Financial year {YEAR}"], []]
    rows.append(["Directorate", "Cost Centre", "Narrative", "Subjective", "Actual 2025/26 (GBP)"])
    for directorate, lines in _in_groups(ledgers.lines["council"], lambda line: AREA[line.agency]):
        for k, line in enumerate(lines):
            # Text where an export had a format of its own, numbers elsewhere: both arrive in one column.
            amount: object = pounds(line.pence) if line.pence < 0 or k % 5 == 0 else line.pence / 100
            rows.append([directorate, line.cost_centre, line.text, line.heading, amount])
        rows.append([None, None, f"Sub-total {directorate}", None, sum(line.pence for line in lines) / 100])
        rows.append([])
    rows.append([None, None, "Grand total", None, pounds(ledgers.total("council"))])
    cover: Rows = [["Strathmere Council finance"], ["Fictional. Extract of the general ledger; see the sheet Outturn."]]
    return {"Cover": cover, "Outturn": rows}


def nhs_sheets(ledgers: Ledgers) -> dict[str, Rows]:
    """One title row, headers in row 2, GBP thousand with three decimals, the code in the third column."""
    rows: Rows = [["NHS Strathmere and Tarve (fictional): children's cost centres, GBP 000"]]
    rows.append(["Description", "Outturn 25/26 £000", "CC Code", "Directorate"])
    for directorate, lines in _in_groups(ledgers.lines["nhs"], lambda line: AREA[line.agency]):
        for k, line in enumerate(lines):
            amount: object = _thousands(line.pence) if line.pence < 0 or k % 4 == 0 else line.pence / 100_000
            rows.append([line.text, amount, line.cost_centre, directorate])
        rows.append([f"Total {directorate}", sum(line.pence for line in lines) / 100_000, None, None])
    rows.append(["TOTAL", _thousands(ledgers.total("nhs")), None, None])
    return {"M12": rows}


def police_rows(ledgers: Ledgers) -> Rows:
    """The amount first, a blank row before each budget holder, one total at the end."""
    rows: Rows = [["amount_gbp", "cost_code", "detail"]]
    for _, lines in _in_groups(ledgers.lines["police"], lambda line: line.agency):
        rows += [[pounds(line.pence), line.cost_centre, line.text] for line in lines]
        rows.append(["", "", ""])
    rows.append([pounds(ledgers.total("police")), "", "Divisional total"])
    return rows


def third_sector_rows(ledgers: Ledgers) -> Rows:
    """Plain numbers, as the interface of voluntary organisations collects them from each."""
    rows: Rows = [["Organisation", "Project code", "Project", "Spend (GBP)"]]
    lines = ledgers.lines["third_sector"]
    for line in lines:
        rows.append(["Strathmere Voluntary Interface", line.cost_centre, line.text, f"{line.pence / 100:.2f}"])
    rows.append(["", "", "Sub total all projects", f"{ledgers.total('third_sector') / 100:.2f}"])
    return rows


def column_description(ledgers: Ledgers) -> dict[str, dict[str, object]]:
    """`ledger_columns.yaml`: how to read each ledger, and the control total it must add up to."""
    described: dict[str, dict[str, object]] = {}
    for name, (system, header_row, sheet, columns, unit, words) in LAYOUTS.items():
        total = ledgers.total(name)
        described[f"ledger_{name}"] = {
            "agency_system": system,
            "header_row": header_row,
            "sheet": sheet,
            "columns": dict(zip(("cost_centre", "description", "amount"), columns, strict=True)),
            "amount_unit": unit,
            "financial_year": YEAR,
            "control_total_gbp": f"{total // 100}.{total % 100:02d}",
            "control_total_source": f"Draft annual accounts {YEAR}, children's services note (fictional)",
            "subtotal_words": words,
        }
    return described
