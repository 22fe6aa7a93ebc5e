"""The fifth official question: where departments and agencies could coordinate.

A chance is a combination of outcome, level of prevention and group of children for which two or more agencies decide on
different services. It is a reason to talk, not a finding that anything is done twice. Each service stands in one
combination only: its first outcome, the level of most of its money, and whom it is meant to reach.
"""

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Agency, Label, PreventionLevel
from rcs_core.workshop import big_screen
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.need_money.outcomes import Outcome, named
from rcs_core.workshop.spend_map.money import Headline, View, agency_label, exact, gbp, percent, short, source, spend, years
from rcs_core.workshop.spend_map.screen import Screen, screen

MOST_BARS = 10
"""Combinations in the picture; the table has all of them."""


class Reach(Label):
    """Whom a service is meant to reach."""

    UNIVERSAL = "universal", "all children"
    SELECTIVE = "selective", "groups at greater risk"
    INDICATED = "indicated", "children with signs of need"


class Key(NamedTuple):
    """What services have in common: an outcome, a level of prevention, a group of children."""

    outcome: str
    level: str
    reach: str


@dataclass(frozen=True, slots=True)
class Chance:
    """One combination with its services and the agencies that decide on them; `paid` is pence by service and agency."""

    key: Key
    label: str
    services: tuple[str, ...]
    agencies: tuple[str, ...]
    pence: int
    pairs: tuple[tuple[str, str], ...]

    @property
    def shared(self) -> bool:
        """Whether two agencies or more decide on two services or more."""
        return len(self.agencies) > 1 and len(self.services) > 1


@dataclass(frozen=True, slots=True)
class Coordination:
    """The chances as a view, how the money is paid together already, and what to know before using them."""

    view: View
    chances: tuple[Chance, ...]
    notes: tuple[str, ...]


def coordinate(release: Release, by: Outcome = Outcome.DOMAIN, on_screen: bool = False) -> Coordination:
    """The combinations on which two or more agencies decide, the most agencies first; `on_screen` keeps single prices back."""
    every = combinations(release, by)
    found = tuple(sorted((c for c in every if c.shared), key=lambda c: (-len(c.agencies), -len(c.services), c.label)))
    register, shown = big_screen.register(release), screen(release, on_screen)
    frame = spend(release)
    told = frozenset(c.key for c in found if shown.may(frame[frame["service_id"].isin(c.services)]))
    numbers = _numbers(found, register, by, told)
    view = View(_headline(found, len(every), by, release, told), _points(found), numbers, _words(found))
    return Coordination(view, found, _notes(release, by, shown))


def deciders(release: Release) -> pd.DataFrame:
    """Mapped money with the agency that decides on it (`decides`): who pays, or for a ring-fenced fund who commissions."""
    register, frame = big_screen.register(release), spend(release)
    commissioner = frame["service_id"].map(lambda sid: text(register[str(sid)].get("commissioner_agency")))
    fund = (frame["agency"] == Agency.SG_RING_FENCED.value) & (commissioner != "")
    return frame.assign(decides=frame["agency"].mask(fund, commissioner))


def combinations(release: Release, by: Outcome) -> tuple[Chance, ...]:
    """Every combination that has money; services of no outcome, no reach, or the level `other` are in none."""
    register, outcomes, frame = big_screen.register(release), named(release, by), deciders(release)
    levels = frame.groupby(["service_id", "level"])["pence"].sum().reset_index()
    main = levels.sort_values(["pence", "level"], ascending=[False, True]).drop_duplicates("service_id")
    level_of = {str(sid): str(level) for sid, level in zip(main["service_id"], main["level"], strict=True)}
    keys: dict[Key, list[str]] = {}
    for sid, level in sorted(level_of.items()):
        key = Key(next(iter(outcomes.get(sid, ())), ""), level, text(register[sid]["reach"]))
        if all(key) and level != PreventionLevel.OTHER.value:
            keys.setdefault(key, []).append(sid)
    return tuple(_chance(key, ids, frame, by) for key, ids in keys.items())


def _chance(key: Key, ids: list[str], frame: pd.DataFrame, by: Outcome) -> Chance:
    own = frame[frame["service_id"].isin(ids)]
    paid = own.groupby("decides")["pence"].sum().sort_values(ascending=False, kind="stable")
    pairs = sorted({(str(sid), str(agency)) for sid, agency in zip(own["service_id"], own["decides"], strict=True)})
    level = short(PreventionLevel(key.level))
    label = f"{by.codes.get(key.outcome, key.outcome)}, {level[:1].lower()}{level[1:]}, for {_reach(key.reach)}"
    return Chance(key, label, tuple(ids), tuple(map(str, paid.index)), int(paid.sum()), tuple(pairs))


def _reach(code: str) -> str:
    return Reach(code).label if code in set(Reach) else code


def _headline(found: tuple[Chance, ...], every: int, by: Outcome, release: Release, told: frozenset[Key]) -> Headline:
    frame = spend(release)
    basis = source(release, frame)
    if not found:
        sentence = f"No {by.one}, level and group of children has services that two agencies or more decide on."
        return Headline(sentence, f"{every} combinations have money. {basis}")
    pence, whole = sum(c.pence for c in found), int(frame["pence"].sum())
    services = sum(len(c.services) for c in found)
    shown = all(c.key in told for c in found)
    worth = f"{gbp(pence)} " if shown else ""
    sentence = (
        f"In {len(found)} of {every} combinations of {by.one}, level and group of children two agencies or more decide on "
        f"different services: {services} services, {worth}in {years(frame)}, are a chance to coordinate."
    )
    share = f"{exact(pence)} is {percent(pence, whole):g}% of what is mapped. " if shown else ""
    return Headline(sentence, f"A chance, not a finding. {share}Each service stands in one combination. {basis}")


def _points(found: tuple[Chance, ...]) -> pd.DataFrame:
    """Services by the agency that decides: counts, as amounts would show the price of a single service."""
    rows = [
        (
            f"{chance.label} · {len(chance.services)} services",
            agency_label(agency),
            sum(1 for _, a in chance.pairs if a == agency),
            k,
        )
        for k, chance in enumerate(found[:MOST_BARS])
        for agency in chance.agencies
    ]
    return pd.DataFrame(rows, columns=["label", "agency", "services", "order"])


def _numbers(
    found: tuple[Chance, ...], register: dict[str, dict[str, object]], by: Outcome, told: frozenset[Key]
) -> pd.DataFrame:
    rows = [
        {
            by.one.capitalize(): by.codes.get(chance.key.outcome, chance.key.outcome),
            "Level": short(PreventionLevel(chance.key.level)),
            "For whom": _reach(chance.key.reach),
            "Agencies": len(chance.agencies),
            "Who decides": "; ".join(agency_label(agency) for agency in chance.agencies),
            "Services": "; ".join(text(register[sid]["service_name"]) for sid in chance.services),
            "Spend (£)": chance.pence / 100 if chance.key in told else None,
        }
        for chance in found
    ]
    return pd.DataFrame(rows)


def _words(found: tuple[Chance, ...]) -> str:
    said = [f"{c.label}: {listed(agency_label(a) for a in c.agencies)}" for c in found[:MOST_BARS]]
    return f"Services on which two or more agencies decide. {'; '.join(said)}." if said else "There is no such combination."


def _notes(release: Release, by: Outcome, shown: Screen) -> tuple[str, ...]:
    frame = deciders(release)
    payers = frame.groupby("service_id")["decides"].nunique()
    joint = payers[payers > 1].index
    own = frame[frame["service_id"].isin(joint)]
    amount = f" ({gbp(int(own['pence'].sum()))})" if shown.may(own) else ""
    return (
        f"{len(joint)} services{amount} are paid by two agencies or more already: they may be where to begin."
        if len(joint)
        else "",
        "A service on which two agencies decide is in the picture once for each: a bar can be longer than its number."
        if len(joint)
        else "",
        "Money of a ring-fenced fund counts with the agency that commissions, as it decides.",
        f"The {by.one} is the first that the register names, the level that of most of the money. Services alike in all three "
        "can still be of different places and ages, and several services for one need can be what children want.",
        "Services merged because few children use them keep only what all their members share, and may be missing here.",
    )
