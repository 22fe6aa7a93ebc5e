"""The three tables out of a release: what may be seen, so small services stand merged and no cost centre is named."""

from collections.abc import Iterator

import pandas as pd

from rcs_core.errors import ReleaseError
from rcs_core.pbt.book import Book, plain_number, table_of
from rcs_core.pbt.layout import ORGANISE, OUTCOMES, PREVENTION, layouts
from rcs_core.pbt.tags import outcome_rows, prevention_row
from rcs_core.release import Release

KINDS = ("money_kind", "recurring", "revenue_or_capital", "fund", "key_id")


def book_of_release(release: Release) -> Book:
    """The released money as budget lines, with the tags of the register; raises ReleaseError where there is no money."""
    if missing := [name for name in ("services", "spend") if name not in release]:
        raise ReleaseError(
            "the release holds no services and money",
            str(release.path),
            f"without {', '.join(missing)}",
            "a release with the register and ledgers",
            "add them to the input folder and build it again",
        )
    services = [{str(k): _text(v) for k, v in row.items()} for row in release.frame("services").to_dict("records")]
    lines = [*_spent(release), *_set_aside(release)]
    return Book(
        table_of(ORGANISE, [{**row, "line": f"L{k:04d}"} for k, row in enumerate(lines, 1)]),
        table_of(PREVENTION, [prevention_row(service) for service in services]),
        table_of(OUTCOMES, [row for service in services for row in outcome_rows(service)]),
    )


def _spent(release: Release) -> Iterator[dict[str, str]]:
    frame = release.frame("spend")
    named = ["service_id", "service_name", "parent_group", "agency", "financial_year", *(c for c in KINDS if c in frame)]
    pence = frame.assign(pence=(frame["amount_gbp"].astype(float) * 100).round().astype("int64"))
    sums = pence.groupby(named, dropna=False)["pence"].sum().reset_index()
    source = f"Release {release.id}, ledgers reconciled to their control totals"
    for row in sums.to_dict("records"):
        yield {**_known(row), "amount_gbp": plain_number(str(row["pence"] / 100)), "status": "spent", "source": source}


def _set_aside(release: Release) -> Iterator[dict[str, str]]:
    for row in release.frame("budgets").to_dict("records") if "budgets" in release else []:
        amount = plain_number(str(round(float(row["amount_gbp"]), 2)))
        yield {**_known(row), "amount_gbp": amount, "status": _text(row["state"]), "source": _text(row["source"])}


def _known(row: dict[object, object] | dict[str, object]) -> dict[str, str]:
    columns = set(layouts()[ORGANISE].columns)
    return {str(k): _text(v) for k, v in row.items() if k in columns}


def _text(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    return plain_number(str(value)) if isinstance(value, int | float) else str(value)[:10] if _is_day(value) else str(value)


def _is_day(value: object) -> bool:
    return hasattr(value, "isoformat")
