"""The register with its money: what each service costs, serves and prevents, the largest first."""

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Label
from rcs_core.workshop import big_screen
from rcs_core.workshop.evidence import listed, number, text
from rcs_core.workshop.spend_map.money import (
    PREVENTATIVE,
    Choice,
    Headline,
    View,
    agency_label,
    chosen,
    exact,
    gbp,
    percent,
    points_frame,
    source,
    spend,
    years,
)
from rcs_core.workshop.spend_map.screen import Screen, screen

LARGEST = 10
"""How many services have a bar of their own; the table has all of them."""


PER_CHILD = "Spend per child served (£)"
BOUGHT = "bought"
"""The id of the row in which bought services stand together on the big screen."""


class Basis(Label):
    """How free the partnership is to change a service."""

    DEMAND_LED = "demand_led", "Demand-led duty"
    LEVEL_DISCRETIONARY = "level_discretionary", "Duty, level is discretionary"
    DISCRETIONARY = "discretionary", "Discretionary"


def services(release: Release, choice: Choice | None = None, on_screen: bool = False) -> View:
    """Every service the chosen money goes to: spend by level for the largest, and the table of all of them.

    on_screen: what one bought service costs is kept off the big screen; bought services stand together as one.
    """
    choice = choice or Choice()
    frame = spend(release, choice)
    if on_screen:
        return _together(release, frame, choice)
    return _view(release, frame.assign(row=frame["service_id"]), _register(release), choice, screen(release, False))


def _view(release: Release, frame: pd.DataFrame, register: dict[str, dict[str, object]], choice: Choice, shown: Screen) -> View:
    paid = frame.groupby("row")["pence"].sum().sort_values(ascending=False, kind="stable")
    rows = [_row(register[str(sid)], int(pence), frame[frame["row"] == sid]) for sid, pence in paid.items()]
    numbers = pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"Children served": "Int64"})
    if choice.sided:
        # A part of a service's money over all of its children would be no cost of anything.
        numbers = numbers.drop(columns=PER_CHILD)
    points = _points(frame, paid, register, shown)
    largest = [f"{register[str(sid)]['service_name']} {gbp(int(pence))}" for sid, pence in paid.head(LARGEST).items()]
    words = f"The largest services by spend: {'; '.join(largest)}."
    return View(_headline(paid, rows, choice, frame, release), points, numbers, words)


def _together(release: Release, frame: pd.DataFrame, choice: Choice) -> View:
    """The same with all bought services as one row, named with how many they are; a single one is left out."""
    veil, register, shown = big_screen.kept_back(release), _register(release), screen(release, True)
    kept = frame["service_id"].isin(veil)
    hidden = set(frame.loc[kept, "service_id"])
    if len(hidden) > 1 and shown.may(frame):
        frame = frame.assign(row=frame["service_id"].mask(kept, BOUGHT))
        blank: dict[str, object] = dict.fromkeys(next(iter(register.values())), None)
        beside = len(hidden - big_screen.bought(release))
        more = f", and {beside} beside them," if beside else ","
        name = f"Services bought from providers{more} together ({len(hidden)})"
        register = {**register, BOUGHT: {**blank, "service_name": name, "parent_group": ""}}
    else:
        frame = frame[~kept]
        frame = frame.assign(row=frame["service_id"])
    return _view(release, frame, register, choice, shown)


def _register(release: Release) -> dict[str, dict[str, object]]:
    rows = release.frame("services").to_dict("records")
    return {str(row["service_id"]): {str(k): v for k, v in row.items()} for row in rows}


_COLUMNS = (
    "Service", "Group", "Payer", "Spend (£)", "Prevention as tagged (%)", "Tag confidence", "Children served",
    PER_CHILD, "Statutory basis",
)  # fmt: skip


def _row(about: dict[str, object], pence: int, own: pd.DataFrame) -> tuple[object, ...]:
    served = number(about["children_served"])
    prevents = int(own.loc[own["level"].isin(PREVENTATIVE), "pence"].sum())
    basis = text(about["statutory_basis"])
    return (
        text(about["service_name"]),
        text(about["parent_group"]),
        listed(agency_label(str(code)) for code in sorted(own["agency"].unique())),
        pence / 100,
        percent(prevents, pence),
        text(about["tag_confidence"]),
        None if served is None else int(served),
        round(pence / 100 / served, 2) if served else None,
        Basis(basis).label if basis in set(Basis) else basis,
    )


def _points(frame: pd.DataFrame, paid: pd.Series, register: dict[str, dict[str, object]], shown: Screen) -> pd.DataFrame:
    rows = []
    for sid, pence in paid.head(LARGEST).items():
        label = f"{register[str(sid)]['service_name']} · {gbp(int(pence))}"
        rows += [(label, level, part / 100) for level, part in shown.levels(frame[frame["row"] == sid])]
    return points_frame(rows, "level")


def _headline(paid: pd.Series, rows: list[tuple[object, ...]], choice: Choice, frame: pd.DataFrame, release: Release) -> Headline:
    whole = int(paid.sum())
    if not whole:
        return Headline("No money is mapped to these services.", source(release, frame))
    first = int(paid.iloc[0])
    top = int(paid.head(LARGEST).sum())
    counted = f"{len(paid) - 1} services and those taken together," if BOUGHT in paid.index else f"{len(paid)} services"
    largest = "The only service" if len(paid) == 1 else f"The largest of {counted}"
    share = f"{percent(first, whole):.0f}% of {chosen(choice)}"
    sentence = f"{largest} is {rows[0][0]}, with {gbp(first)} in {years(frame)}: {share}."
    most = f"The {LARGEST} largest take {percent(top, whole):g}%. " if len(paid) > LARGEST else ""
    return Headline(sentence, f"{most}Base: {exact(whole)}, {chosen(choice)}. {source(release, frame)}")
