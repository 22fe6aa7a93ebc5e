"""The money of the small fictional release: eleven services, five agencies, two responsive demands, three effects."""

import pandas as pd

from rcs_core.release import Table

CSW, CED, CYL, NHS, POL, THI = (
    "council_social_work", "council_education", "council_cld_youth", "nhs_board", "police_scotland", "third_sector",
)  # fmt: skip
# id, name, group, agency, provider, reach, intensity, split (primary, secondary, tertiary, responsive, other), confidence,
# children, statutory basis, contract, end, notice, staff share, evidence, shanarri, domain, amount GBP
SERVICES = [
    ("S001", "Children's houses", "Looked after children", CSW, "Council", "indicated", "intensive", (0, 0, 0, 100, 0), "high",
     12, "demand_led", "in_house", "", 0, 78, "none", "safe", "family", 3_312_000.00),
    ("S002", "Foster care", "Looked after children", CSW, "Council", "indicated", "intensive", (0, 0, 10, 90, 0), "high",
     58, "demand_led", "in_house", "", 0, 35, "plausible", "nurtured", "family", 2_204_000.50),
    ("S003", "Intensive family support", "Family support", CSW, "Aberlea Trust", "indicated", "intensive", (0, 30, 70, 0, 0),
     "high", 64, "level_discretionary", "contract", "2027-03-31", 6, 81, "promising", "nurtured", "family", 486_250.25),
    ("S004", "Parenting programmes", "Family support", CED, "Council", "selective", "additional", (40, 60, 0, 0, 0), "medium",
     140, "discretionary", "in_house", "", 0, 70, "well_evidenced", "nurtured", "family", 172_400.00),
    ("S005", "Additional support for learning", "School support", CED, "Council", "indicated", "additional", (0, 45, 35, 20, 0),
     "medium", 690, "level_discretionary", "in_house", "", 0, 90, "plausible", "achieving", "learning", 4_918_700.10),
    ("S006", "Youth work", "Community learning", CYL, "Council", "universal", "universal", (80, 20, 0, 0, 0), "medium",
     820, "level_discretionary", "in_house", "", 0, 66, "promising", "included", "peers", 398_000.00),
    ("S007", "School counselling", "Mental wellbeing", CED, "Leven Counselling", "selective", "additional", (0, 80, 20, 0, 0),
     "high", 155, "discretionary", "contract", "2026-09-30", 3, 85, "promising", "healthy", "mental_wellbeing", 231_900.00),
    ("S008", "Child and adolescent mental health", "Mental wellbeing", NHS, "NHS Strathmere", "indicated", "intensive",
     (0, 10, 30, 60, 0), "low", 210, "level_discretionary", "in_house", "", 0, 88, "effective", "healthy", "mental_wellbeing",
     1_604_000.00),
    ("S009", "Health visiting", "Early years", NHS, "NHS Strathmere", "universal", "universal", (75, 25, 0, 0, 0), "medium",
     1_150, "level_discretionary", "in_house", "", 0, 92, "effective", "healthy", "physical_health", 1_287_000.00),
    ("S010", "Youth justice early help", "Community safety", POL, "Police Scotland", "selective", "additional", (0, 60, 40, 0, 0),
     "low", 46, "discretionary", "sla", "2027-06-30", 3, 95, "promising", "responsible", "local_area", 94_300.75),
    ("S011", "Befriending", "Family support", THI, "Strathmere Befrienders", "selective", "additional", (20, 80, 0, 0, 0), "low",
     38, "discretionary", "grant", "2026-12-31", 3, 60, "plausible", "included", "peers", 61_500.40),
]  # fmt: skip
LEVELS = ("primary", "secondary", "tertiary", "responsive", "other")
UNMAPPED = {"ledger_council": 412_380.20, "ledger_nhs": 150_000.00, "ledger_police": 0.0, "ledger_third_sector": 8_250.00}
LEDGER_OF = {CSW: "ledger_council", CED: "ledger_council", CYL: "ledger_council", NHS: "ledger_nhs"}
LEDGER_OF |= {POL: "ledger_police", THI: "ledger_third_sector"}
EFFECT_COLUMNS = (
    "service_id", "acts_on", "children_averted_per_100", "low", "high", "unit", "lag_years", "retention", "state", "source",
    "note",
)  # fmt: skip


def money_tables(year: str) -> list[Table]:
    """Services, spend by level, ledger totals that reconcile, demand, unit costs, effects and assumptions."""
    return [_services(), _spend(year), *_ledgers(year), _demand(), _unit_costs(), _effects(), _assumptions()]


def _services() -> Table:
    rows = [
        {
            "service_id": sid, "service_name": name, "parent_group": group, "provider": provider, "provider_agency": agency,
            "funder_agency": agency, "commissioner_agency": agency, "childrens_or_related": "childrens", "reach": reach,
            "intensity": intensity, **{f"pct_{level}": share for level, share in zip(LEVELS, split, strict=True)},
            "tag_confidence": confidence, "tagged_by": "planning officer", "tagged_on": "2026-04-20", "children_served": children,
            "capacity": children, "unit_of_activity": "child a year", "statutory_basis": basis, "act_and_section": "",
            "contract_type": contract, "contract_end": end or None, "notice_months": notice, "staff_share_pct": staff,
            "evidence_rating": rating, "evidence_source": "local register", "shanarri": shanarri, "domain": domain,
        }
        for sid, name, group, agency, provider, reach, intensity, split, confidence, children, basis, contract, end, notice,
        staff, rating, shanarri, domain, _ in SERVICES
    ]  # fmt: skip
    return Table("services", "Services", pd.DataFrame(rows))


def _spend(year: str) -> Table:
    rows = []
    for sid, name, group, agency, _, _, _, split, confidence, *_rest, amount in SERVICES:
        pence, parts = round(amount * 100), [round(amount * s) for s in split]
        parts[max(range(5), key=lambda k: split[k])] += pence - sum(parts)
        rows += [
            (sid, name, group, agency, year, year, level, part / 100, "existing", confidence)
            for level, part in zip(LEVELS, parts, strict=True)
            if part
        ]
    columns = "service_id service_name parent_group agency financial_year price_year level amount_gbp money_kind confidence"
    return Table("spend", "Spend by service, payer and prevention level", pd.DataFrame(rows, columns=columns.split()))


def _ledgers(year: str) -> list[Table]:
    mapped = dict.fromkeys(UNMAPPED, 0)
    for _, _, _, agency, *_rest, amount in SERVICES:
        mapped[LEDGER_OF[agency]] += round(amount * 100)
    excluded = [
        ("ledger_council", "Not for children: adult services", 1_250_000.00),
        ("ledger_nhs", "Capital charges", 220_000.00),
    ]
    rows = []
    for ledger, unmapped in UNMAPPED.items():
        out = sum(amount for name, _, amount in excluded if name == ledger)
        total = (mapped[ledger] + round(out * 100) + round(unmapped * 100)) / 100
        rows.append((ledger, year, total, mapped[ledger] / 100, out, unmapped, 0.0))
    columns = ["ledger", "financial_year", "control_total", "mapped", "excluded", "unmapped", "difference"]
    return [
        Table("ledger_totals", "Ledgers against their control totals", pd.DataFrame(rows, columns=columns)),
        Table("ledger_excluded", "What was left out, and why", pd.DataFrame(excluded, columns=["ledger", "reason", "amount"])),
    ]


def _demand() -> Table:
    years = ["2021-22", "2022-23", "2023-24", "2024-25", "2025-26"]
    rows = [("S001", y, n, "child_years") for y, n in zip(years, (10, 11, 11, 12, 12), strict=True)]
    rows += [("S002", y, n, "child_years") for y, n in zip(years, (63, 61, 60, 59, 58), strict=True)]
    return Table(
        "demand",
        "Children in responsive services by year",
        pd.DataFrame(rows, columns=["service_id", "year", "children", "unit"]),
    )


def _unit_costs() -> Table:
    rows = [
        ("S001", 276_000.0, "spend over children-years", 40.0, "group_estimate", CSW),
        ("S002", 38_000.0, "spend over children-years", 80.0, "product_default", CSW),
    ]
    columns = ["service_id", "unit_cost_gbp", "source", "cashable_pct", "cashable_state", "payer_agency"]
    return Table("unit_costs", "What a year of a responsive service costs", pd.DataFrame(rows, columns=columns))


def _effects() -> Table:
    rows = [
        (
            "S003",
            "S001",
            6.0,
            0.0,
            9.0,
            "child_years",
            1,
            0.5,
            "published_elsewhere",
            "invented for tests",
            "per 100 children served",
        ),
        ("S003", "S002", 5.0, 2.0, 8.0, "child_years", 1, 0.5, "group_estimate", "invented for tests", ""),
        ("S004", "S002", 1.5, 0.0, 3.0, "child_years", 2, 0.6, "published_elsewhere", "invented for tests", ""),
    ]
    return Table("effects", "Evidence of effect", pd.DataFrame(rows, columns=list(EFFECT_COLUMNS)))


def _assumptions() -> Table:
    rows = [
        (
            "A1",
            "Share of a foster placement's cost that is released when it ends",
            80.0,
            "%",
            "product_default",
            "invented for tests",
        ),
        ("A2", "Years before family support acts on demand", 1.0, "years", "published_elsewhere", "invented for tests"),
    ]
    columns = ["id", "text", "value", "unit", "state", "source"]
    return Table("assumptions", "Assumptions", pd.DataFrame(rows, columns=columns))
