"""What nothing is said of, and what this tool does about it: every default by name, with its range, source and date."""

from collections.abc import Mapping

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import InputState
from rcs_core.workshop.big_screen import register
from rcs_core.workshop.couple.inputs import rows_of
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.inputs.assumed import Assumed, defaults, missing, rules
from rcs_core.workshop.inputs.release_dates import Terms


def gaps_table(release: Release) -> pd.DataFrame:
    """What is missing, in how many services or numbers, and what this tool does about it: never nought without saying so."""
    counts = {**_of_effects(release), **_of_costs(release), **_of_register(release)}
    rows = [(what, counts.get(name, ""), _done(name), _source(_all()[name])) for name, what in _WHAT.items()]
    return pd.DataFrame(
        rows, columns=["Where nothing is said of", "How often here", "What is done", "Whose assumption, and of when"]
    )


_WHAT = {
    "effect": "An effect",
    "transferred": "An effect here, but only of another place",
    "lag": "After how long an effect shows",
    "retention": "How long an effect lasts",
    "cashable": "How much of a cost is cash",
    "demand": "Need in years to come",
    "history": "A trend of need",
    "basis": "Whether there is a duty",
    "movable": "When money is free",
    "notice_months": "Notice",
    "staff_share": "The staff share of an own service",
    "redeployment_months": "When own staff can be redeployed",
    "capacity_in_house": "Places of an own responsive service in years to come",
    "capacity_bought": "Places of a bought responsive service",
}


def assumptions() -> list[dict[str, object]]:
    """Everything that this tool assumes for a scenario, as rows of the workbook's *Assumptions*."""
    state = InputState.PRODUCT_DEFAULT.label
    return [
        {
            "id": name,
            "text": one.note,
            "value": one.value,
            "unit": f"{one.unit}{_range(one)}",
            "state": state,
            "source": one.source,
            "low": one.low,
            "high": one.high,
            "date": one.date,
        }
        for name, one in {**_all(), **rules()}.items()
    ]


def _all() -> dict[str, Assumed]:
    return {**defaults(), **missing()}


def _source(one: Assumed) -> str:
    return f"{one.source} ({one.date})"


def _range(one: Assumed) -> str:
    return "" if one.low is None or one.high is None else f", from {one.low:g} to {one.high:g}"


def _done(name: str) -> str:
    one = _all()[name]
    return (
        f"{one.value:g}{_range(one)} ({one.unit}): {one.note}"
        if isinstance(one.value, int | float)
        else f"{one.value}: {one.note}"
    )


def _of_effects(release: Release) -> Mapping[str, str]:
    rows = rows_of(release, "effects")
    blank = sum(number(r["children_averted_per_100"]) is None for r in rows)
    elsewhere = sum(text(r["state"]) == InputState.PUBLISHED_ELSEWHERE.value for r in rows)
    silent = len(register(release)) - len({str(r["service_id"]) for r in rows}) if rows else len(register(release))
    return {
        "effect": f"{blank} of {len(rows)} effects; {silent} services have none",
        "transferred": f"{elsewhere} of {len(rows)} effects",
    }


def _of_costs(release: Release) -> Mapping[str, str]:
    rows = rows_of(release, "unit_costs")
    years: dict[str, int] = {}
    for row in rows_of(release, "demand"):
        years[str(row["service_id"])] = years.get(str(row["service_id"]), 0) + 1
    blank = sum(number(r.get("cashable_pct")) is None for r in rows)
    short = sum(count < int(missing()["history"].value) for count in years.values())
    return {
        "cashable": f"{blank} of {len(rows)} costs",
        "demand": f"{len(years)} of {len(years)} services",
        "history": f"{short} of {len(years)} services have too few years",
    }


def _of_register(release: Release) -> Mapping[str, str]:
    rows = [Terms.of(r) for r in register(release).values()]
    free = [t for t in rows if t.basis == "discretionary"]
    own = [t for t in free if t.contract_type == "in_house"]
    return {
        "basis": f"{sum(not t.basis for t in rows)} of {len(rows)} services",
        "movable": f"{sum(bool(t.contract_end) for t in free)} of {len(free)} services that may be cut have a contract end",
        "notice_months": f"{sum(t.notice_months is None for t in free)} of {len(free)} services that may be cut",
        "staff_share": f"{sum(t.staff_pct is None for t in own)} of {len(own)} own services that may be cut",
        "redeployment_months": f"{len(own)} own services that may be cut",
    }
