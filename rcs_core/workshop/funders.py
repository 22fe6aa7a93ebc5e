"""Who pays and who runs it: mapped money by the agency that pays against the agency that provides, each pound once.

Funder and provider are two views of the same money, so both add up to the same total.
"""

import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.evidence import text
from rcs_core.workshop.spend_map.money import (
    Choice,
    Headline,
    View,
    agency_label,
    exact,
    gbp,
    percent,
    points_frame,
    source,
    spend,
    years,
)
from rcs_core.workshop.spend_map.screen import Screen, screen

NOT_ONE = "Several, or not said"
"""Who provides a merged group whose members differ."""
ALL = "All payers (£)"


def by_provider(release: Release, choice: Choice | None = None, on_screen: bool = False) -> View:
    """What the chosen money comes to by the agency that runs the services, and a table of payer against provider.

    on_screen: providers and payers whose sums would give the price of one bought service away stand together.
    """
    register, frame, shown = big_screen.register(release), spend(release, choice), screen(release, on_screen)
    code = frame["service_id"].map(lambda sid: text(register[str(sid)]["provider_agency"]))
    frame = frame.assign(
        provider=[agency_label(c) if c else NOT_ONE for c in code], outside=(code != frame["agency"]) & (code != "")
    )
    runs = shown.agencies(frame, "provider")
    rows = [
        (f"{provider} · {gbp(_sum(own))}", level, pence / 100) for provider, own in runs for level, pence in shown.levels(own)
    ]
    words = f"Spend by the agency that runs the services: {'; '.join(f'{p} {gbp(_sum(own))}' for p, own in runs)}."
    return View(_headline(frame, runs, shown, release), points_frame(rows, "level"), _numbers(frame, runs, shown), words)


def _sum(rows: pd.DataFrame) -> int:
    return int(rows["pence"].sum())


def _numbers(frame: pd.DataFrame, runs: list[tuple[str, pd.DataFrame]], shown: Screen) -> pd.DataFrame:
    """One row a provider, one column a payer; a dash where a cell would give the price of one bought service away."""
    paid = shown.agencies(frame)
    rows = [
        {
            "Who runs the services": provider,
            ALL: shown.pounds(own),
            **{f"{payer} (£)": shown.pounds(own[own["agency"].isin(part["agency"])]) for payer, part in paid},
        }
        for provider, own in runs
    ]
    return pd.DataFrame(rows)


def _headline(frame: pd.DataFrame, runs: list[tuple[str, pd.DataFrame]], shown: Screen, release: Release) -> Headline:
    whole = _sum(frame)
    if whole <= 0 or not runs:
        return Headline("No money is mapped to these services.", source(release, frame))
    outside = frame[frame["outside"]]
    first, own = max(runs, key=lambda pair: _sum(pair[1]))
    largest = f"the largest provider is {first}" if own["provider"].nunique() == 1 else f"most is run by {first}"
    away = f"{gbp(_sum(outside))} of {gbp(whole)}" if shown.may(outside) else f"Some of {gbp(whole)}"
    share = f", {percent(_sum(outside), whole):.0f}%" if shown.may(outside) else ""
    sentence = f"{away} in {years(frame)} pays for services that another agency runs{share}; {largest}, {gbp(_sum(own))}."
    basis = f"Base: {exact(whole)}, the same money as by payer, by who runs the service. {source(release, frame)}"
    return Headline(sentence, basis)
