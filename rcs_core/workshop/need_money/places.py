"""Spend by school cluster and by age group: only where the register says whom a service is for; else that it is not known."""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import text
from rcs_core.workshop.need_money.outcomes import parts
from rcs_core.workshop.spend_map.money import PREVENTATIVE, gbp, percent, spend
from rcs_core.workshop.spend_map.screen import Screen, screen

AREAS, AGES = "areas", "ages"
"""Columns of the register: where a service is, and for which ages; several separated by semicolons."""
WHOLE, MANY, UNSAID = "The whole area", "Several of them", "The register does not say"


@dataclass(frozen=True, slots=True)
class Split:
    """Spend by place or age in a sentence, and as a table; the table is empty where the register does not say."""

    sentence: str
    numbers: pd.DataFrame

    @property
    def known(self) -> bool:
        """Whether the register says it for any service."""
        return bool(len(self.numbers))


def by_cluster(release: Release, on_screen: bool = False) -> Split:
    """What is spent in each school cluster, where the register says where a service is.

    on_screen: leaves out an amount that is the price of one bought service.
    """
    names = {a.code: a.name for a in _places(release)}
    return _split(release, AREAS, "school cluster", names, on_screen)


def by_age(release: Release, on_screen: bool = False) -> Split:
    """What is spent on each age group, where the register says for whom a service is; on_screen as for clusters."""
    return _split(release, AGES, "age group", {}, on_screen)


def _places(release: Release) -> list[evidence.Area]:
    rows = release.frame("areas").to_dict("records") if "areas" in release else []
    found = [evidence.Area(str(r["area"]), text(r["name"]), AreaLevel(str(r["level"])), text(r["parent"])) for r in rows]
    return [evidence.Area(a.code, WHOLE, a.level, "") if a.level is AreaLevel.COUNCIL else a for a in found]


def _split(release: Release, column: str, what: str, names: dict[str, str], on_screen: bool) -> Split:
    services = release.frame("services")
    said = {str(r["service_id"]): parts(r.get(column)) for r in services.to_dict("records")}
    if not any(said.values()):
        return Split(
            f"What is spent on each {what} is not known: the register does not say which {what} a service is for.", _none()
        )
    money = spend(release)
    groups = money["service_id"].map(lambda sid: _group(said.get(str(sid), ()), names))
    shown = screen(release, on_screen)
    numbers = _numbers(money, groups, what, shown)
    whole, alone = int(money["pence"].sum()), money[~groups.isin([WHOLE, MANY, UNSAID])]
    one = int(alone["pence"].sum())
    part = percent(one, whole)
    share = f"{gbp(one)}, {'under 1' if 0 < part < 1 else f'{part:.0f}'}% of what is mapped"
    if not shown.may(alone):
        share = "A sum that would tell the price of one bought service, and is not on the big screen"
    return Split(f"{share}, is of services for one {what}; the rest is for several, for all, or not said.", numbers)


def _group(codes: tuple[str, ...], names: dict[str, str]) -> str:
    if not codes:
        return UNSAID
    return names.get(codes[0], codes[0]) if len(codes) == 1 else MANY


def _numbers(money: pd.DataFrame, groups: pd.Series, what: str, shown: Screen) -> pd.DataFrame:
    prevents = money["pence"].where(money["level"].isin(PREVENTATIVE), 0)
    sums = pd.DataFrame({"whole": money["pence"], "prevents": prevents, "services": money["service_id"]}).groupby(groups)
    found = sums.agg({"whole": "sum", "prevents": "sum", "services": "nunique"}).reset_index(names="group")
    own = {group: money[groups == group] for group in found["group"]}
    kept = found["group"].map({group: not shown.may(rows) for group, rows in own.items()}).astype(bool)
    prevented = {group: not shown.may(rows[rows["level"].isin(PREVENTATIVE)]) for group, rows in own.items()}
    less = found["group"].map(prevented).astype(bool)
    last = found["group"].isin([WHOLE, MANY, UNSAID])
    order = found["group"].str.replace(r"\b(\d)\b", r"0\1", regex=True)  # 5-11 stands before 11-18
    found = found.assign(last=last, kept=kept, less=less, order=order).sort_values(["last", "order"], ignore_index=True)
    return pd.DataFrame(
        {
            what.capitalize(): found["group"],
            "Spend (£)": (found["whole"] / 100).mask(found["kept"]),
            "Prevention as tagged (£)": (found["prevents"] / 100).mask(found["less"]),
            "Services": found["services"],
        }
    )


def _none() -> pd.DataFrame:
    return pd.DataFrame()
