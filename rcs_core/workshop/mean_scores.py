"""Mean scores of an area in one line each: wellbeing, hours of sleep, whichever a survey brought.

A release comes in, sentences go out. A mean that the release does not tell is said to be hidden or unreliable, and nothing
is worked out in its stead. A score is told beside nothing: it has no cut, and means nothing by itself.
"""

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel, CellState
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import Area, number, text

TABLE = "scores"


def lines(release: Release, survey: str, area: Area) -> list[str]:
    """One sentence a score that the survey brought, for an area; a school is told of by none."""
    if TABLE not in release or area.level is AreaLevel.SCHOOL:
        return []
    info = evidence.survey(release, survey)
    frame = evidence.current(release, TABLE)
    rows = frame[(frame["survey"] == survey) & (frame["area"] == area.code)].to_dict("records")
    return [_line({str(k): v for k, v in row.items()}, info.children, area.name) for row in rows]


def _line(row: dict[str, object], children: str, place: str) -> str:
    of, state = f"{text(row['title'])}, {children} in {place}", CellState(text(row["state"]))
    mean, low, high = (number(row[name]) for name in ("mean", "low", "high"))
    if state is not CellState.SHOWN or mean is None or low is None or high is None:
        return f"{of}: the mean is not shown: {evidence.why(state)}."
    return f"{of}: a mean of {mean:.1f} {text(row['unit'])} (95% interval {low:.1f} to {high:.1f}, these children this year)."
