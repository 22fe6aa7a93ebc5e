"""The sixth official question: where contracting could improve. Contracts that are worth a second look, and why.

A chance is raised by a rule that anybody can check in the register: the dates, the kind of contract, the provider. Nothing
here says that a contract is bad, or a provider.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.vocab import Label
from rcs_core.workshop import big_screen
from rcs_core.workshop.big_screen import ContractType, contract_label
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.spend_map.money import Headline, View, gbp, source, spend, years
from rcs_core.workshop.spend_map.screen import Screen, screen


class Why(Label):
    """Why a contract is worth a second look."""

    ENDED = "ended", "The end date has passed"
    ENDS = "ends", "Ends within {months} months"
    NOTICE = "notice", "The last day for notice has passed"
    SEVERAL = "several", "Several contracts with one provider"
    SPOT = "spot", "Bought child by child"
    NO_END = "no_end", "No end date"


@dataclass(frozen=True, slots=True)
class Contract:
    """One bought service: its dates, what it is paid in a year (pence), and why it is worth a second look."""

    service: str
    name: str
    provider: str
    kind: str
    end: date | None
    notice: date | None
    pence: int
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Contracting:
    """The contracts as a view, the providers with several of them, the chances counted, and what to know."""

    view: View
    providers: pd.DataFrame
    counts: pd.DataFrame
    notes: tuple[str, ...]


@cache
def _policy() -> tuple[int, int]:
    """Months ahead, and contracts with one provider (`data_contracts/contracting.yaml`)."""
    content = read_yaml(CONTRACTS / "contracting.yaml")
    return int(content["months_ahead"]["value"]), int(content["contracts_with_one_provider"]["value"])


def contracting(release: Release, today: date, on_screen: bool = False) -> Contracting:
    """Every bought service with its chances as at a day; `on_screen` keeps providers' names and prices back."""
    found = sorted(contracts(release, today), key=lambda c: (not c.why, c.end or date.max, c.name))
    shown = screen(release, on_screen)
    view = View(_headline(found, today, release, shown), _points(found, today), _numbers(found, on_screen), _words(found, today))
    providers = pd.DataFrame() if on_screen else _providers(found)
    return Contracting(view, providers, _counts(found, release, shown), _notes(release, found))


def contracts(release: Release, today: date) -> list[Contract]:
    """The bought services that have money, each with its dates and chances."""
    paid = spend(release).groupby("service_id")["pence"].sum()
    bought = {s: about for s, about in big_screen.register(release).items() if big_screen.is_bought(about) and s in paid.index}
    providers = pd.Series([text(about.get("provider")) for about in bought.values()], dtype=str).value_counts()
    several = {str(name) for name in providers.index[providers >= _policy()[1]] if name}
    return [_contract(sid, about, int(paid[sid]), several, today) for sid, about in sorted(bought.items())]


def _contract(sid: str, about: dict[str, object], pence: int, several: set[str], today: date) -> Contract:
    end, months = _day(about.get("contract_end")), number(about.get("notice_months"))
    notice = earlier(end, round(months)) if end and months else None
    kind, provider = text(about.get("contract_type")), text(about.get("provider"))
    soon = end is not None and today <= end <= earlier(today, -_policy()[0])
    applies = {
        Why.ENDED: end is not None and end < today,
        Why.ENDS: soon,
        Why.NOTICE: soon and notice is not None and notice < today,
        Why.SEVERAL: provider in several,
        Why.SPOT: kind == ContractType.SPOT_PURCHASE.value,
        Why.NO_END: end is None,
    }
    why = tuple(reason for reason, true in applies.items() if true)
    return Contract(sid, text(about["service_name"]), provider, kind, end, notice, pence, why)


def _day(value: object) -> date | None:
    written = text(value)[:10]
    return date.fromisoformat(written) if written else None


def earlier(day: date, months: int) -> date:
    """The same day some months earlier (later where negative), or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def why_label(why: Why) -> str:
    """A reason in words, with the months that policy chose."""
    return why.label.format(months=_policy()[0])


def _headline(found: list[Contract], today: date, release: Release, shown: Screen) -> Headline:
    frame, day = spend(release), said_day(today)
    if not found:
        return Headline("No service of the register is bought from a provider.", source(release, frame))
    ended, ends, notice = ([c for c in found if why in c.why] for why in (Why.ENDED, Why.ENDS, Why.NOTICE))
    sentence = (
        f"As at {day}, {len(ends)} of {len(found)} bought services end within {_policy()[0]} months"
        f"{_worth(ends, release, shown)}; {len(ended)} are past their end date"
        f"{f', and for {len(notice)} the last day for notice has passed' if notice else ''}."
    )
    basis = f"Base: {len(found)} services that a provider is paid for{_worth(found, release, shown)}, in {years(frame)}. "
    return Headline(sentence, f"{basis}A reason to look, not a finding. {source(release, frame)}")


def _worth(own: list[Contract], release: Release, shown: Screen) -> str:
    """What the contracts come to in a year; nothing where it would tell one price on the big screen."""
    return f", {gbp(sum(c.pence for c in own))} a year" if own and _may(own, release, shown) else ""


def _may(own: list[Contract], release: Release, shown: Screen) -> bool:
    frame = spend(release)
    return shown.may(frame[frame["service_id"].isin([c.service for c in own])])


def _points(found: list[Contract], today: date) -> pd.DataFrame:
    """A bar from the last day for notice to the end of each dated contract; `when` says where it stands."""
    rows = [
        (c.name, (c.notice or c.end).isoformat(), c.end.isoformat(), _when(c), f"{c.name}: {_dates(c)}", today.isoformat())
        for c in sorted(found, key=lambda c: (c.end or date.max, c.name))
        if c.end
    ]
    frame = pd.DataFrame(rows, columns=["label", "notice", "end", "when", "says", "today"])
    return frame.assign(order=range(len(frame)))


def _when(contract: Contract) -> str:
    for why in (Why.ENDED, Why.NOTICE, Why.ENDS):
        if why in contract.why:
            return why_label(why)
    return LATER


LATER = "Ends later"


def _dates(contract: Contract) -> str:
    said = f"ends {said_day(contract.end)}" if contract.end else "no end date"
    return f"{said}, notice by {said_day(contract.notice)}" if contract.notice else said


def said_day(day: date | None) -> str:
    """A day as people say it; blank where there is none."""
    return f"{day.day} {day:%B %Y}" if day else ""


def _numbers(found: list[Contract], on_screen: bool) -> pd.DataFrame:
    rows = [
        {
            "Service": c.name,
            "Why look again": "; ".join(map(why_label, c.why)) or "No reason found",
            "How it is bought": contract_label(c.kind),
            "Ends": c.end.isoformat() if c.end else "",
            "Last day for notice": c.notice.isoformat() if c.notice else "",
            **({} if on_screen else {"Provider": c.provider, "Spend (£)": c.pence / 100}),
        }
        for c in found
    ]
    return pd.DataFrame(rows)


def _providers(found: list[Contract]) -> pd.DataFrame:
    several = [c for c in found if Why.SEVERAL in c.why]
    rows = []
    for name in sorted({c.provider for c in several}):
        own = [c for c in several if c.provider == name]
        ends = sorted(c.end for c in own if c.end)
        rows.append((name, len(own), "; ".join(c.name for c in own), sum(c.pence for c in own) / 100, _ends(ends)))
    return pd.DataFrame(rows, columns=["Provider", "Contracts", "Services", "Spend (£)", "Ends"])


def _ends(ends: list[date]) -> str:
    return "; ".join(sorted({day.isoformat() for day in ends})) or "No end date"


def _counts(found: list[Contract], release: Release, shown: Screen) -> pd.DataFrame:
    rows = []
    for why in Why:
        own = [c for c in found if why in c.why]
        worth = sum(c.pence for c in own) / 100 if _may(own, release, shown) else None
        rows += [(why_label(why), len(own), worth)] if own else []
    return pd.DataFrame(rows, columns=["Why look again", "Services", "Spend (£)"])


def _words(found: list[Contract], today: date) -> str:
    said = [f"{c.name} {_dates(c)}" for c in found if c.end]
    return f"Contracts by their end, as at {said_day(today)}: {'; '.join(said)}."


def _notes(release: Release, found: list[Contract]) -> tuple[str, ...]:
    noticed = sum(1 for c in found if c.notice)
    groups = sum(1 for about in big_screen.register(release).values() if big_screen.merged(about))
    return (
        "A service may stand under several reasons, so the counts are not added up.",
        "Whether a contract can be extended, or was since this release, the register does not say.",
        f"{groups} merged groups of small services keep no contract, and are not here." if groups else "",
        f"Last day for notice: the months of notice before the end, where the register gives both ({noticed} services).",
    )
