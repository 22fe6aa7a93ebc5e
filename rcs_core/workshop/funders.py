"""Who pays and who runs it: mapped money by the agency that pays against the agency that provides, each pound once.

Funder and provider are two views of the same money, so both add up to the same total.
"""

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import PreventionLevel
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
    short,
    source,
    spend,
    years,
)

NOT_ONE = "Several, or not said"
"""Who provides a merged group whose members differ."""
ALL = "All payers (£)"


def by_provider(release: Release, choice: Choice | None = None) -> View:
    """What the chosen money comes to by the agency that runs the services, and a table of payer against provider."""
    register, frame = big_screen.register(release), spend(release, choice)
    code = frame["service_id"].map(lambda sid: text(register[str(sid)]["provider_agency"]))
    frame = frame.assign(
        provider=[agency_label(c) if c else NOT_ONE for c in code], outside=(code != frame["agency"]) & (code != "")
    )
    runs = frame.groupby("provider")["pence"].sum().sort_values(ascending=False, kind="stable")
    rows = [
        (f"{provider} · {gbp(int(pence))}", short(level), int(own[level.value]) / 100)
        for provider, pence in runs.items()
        for own in [frame[frame["provider"] == provider].groupby("level")["pence"].sum()]
        for level in PreventionLevel
        if own.get(level.value)
    ]
    words = f"Spend by the agency that runs the services: {'; '.join(f'{p} {gbp(int(n))}' for p, n in runs.items())}."
    return View(_headline(frame, runs, release), points_frame(rows, "level"), _numbers(frame, runs), words)


def _numbers(frame: pd.DataFrame, runs: pd.Series) -> pd.DataFrame:
    grid = frame.pivot_table(index="provider", columns="agency", values="pence", aggfunc="sum", fill_value=0)
    paid = frame.groupby("agency")["pence"].sum().sort_values(ascending=False, kind="stable")
    rows = [
        {
            "Who runs the services": provider,
            ALL: int(runs[provider]) / 100,
            **{f"{agency_label(str(agency))} (£)": int(grid.loc[provider, agency]) / 100 for agency in paid.index},
        }
        for provider in runs.index
    ]
    return pd.DataFrame(rows)


def _headline(frame: pd.DataFrame, runs: pd.Series, release: Release) -> Headline:
    whole = int(runs.sum())
    if whole <= 0:
        return Headline("No money is mapped to these services.", source(release, frame))
    outside = int(frame.loc[frame["outside"], "pence"].sum())
    sentence = (
        f"{gbp(outside)} of {gbp(whole)} in {years(frame)} pays for services that another agency runs, "
        f"{percent(outside, whole):.0f}%; the largest provider is {runs.index[0]}, {gbp(int(runs.iloc[0]))}."
    )
    basis = f"Base: {exact(whole)}, the same money as by payer, by who runs the service. {source(release, frame)}"
    return Headline(sentence, basis)
