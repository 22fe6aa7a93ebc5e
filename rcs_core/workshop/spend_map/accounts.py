"""How the money on the page ties back to what each agency's accounts say, and what the page does not show."""

from dataclasses import dataclass, replace

import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.spend_map.keys import keys, keys_frame, other_areas
from rcs_core.workshop.spend_map.money import (
    Choice,
    Headline,
    exact,
    excluded,
    gbp,
    ledger_label,
    pence_of,
    percent,
    roll,
    spend,
    unmapped,
)
from rcs_core.workshop.spend_map.views import Prevention

COLUMNS = {
    "control_total": "Control total (£)",
    "mapped": "Mapped (£)",
    "other_areas": "Other areas (£)",
    "excluded": "Left out (£)",
    "unmapped": "Not mapped (£)",
    "difference": "Difference (£)",
}


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The ledgers against their control totals: a headline, the table, and each ledger in a sentence."""

    headline: Headline
    numbers: pd.DataFrame
    lines: tuple[str, ...]


def reconciliation(release: Release) -> Reconciliation:
    """Every ledger: control total = mapped + left out + not mapped, to the penny, or the difference named."""
    frame = release.frame("ledger_totals")
    pence = {column: pence_of(frame[column]) for column in COLUMNS if column in frame}
    sums = {column: int(values.sum()) for column, values in pence.items()}
    off = [row for row in frame.to_dict("records") if round(float(row["difference"]) * 100)]
    sentence = (
        f"{_agree(len(off), len(frame))} to the penny: {exact(sums['control_total'])} = {exact(sums['mapped'])} mapped + "
        f"{_others(sums, '{} other areas’ share + ')}"
        f"{exact(sums['excluded'])} left out + {exact(sums['unmapped'])} not mapped."
    )
    if off:
        sentence = f"{_agree(len(off), len(frame))}: the difference is {exact(sums['difference'])}."
    years = listed(sorted({text(y) for y in frame["financial_year"]}))
    basis = f"Control totals are what each agency's accounts say for {years}; the difference is shown even when it is nothing."
    basis = f"{basis}{_by_keys(release)}"
    numbers = frame.assign(ledger=frame["ledger"].map(_title)).rename(
        columns={"ledger": "Ledger", "financial_year": "Financial year", **COLUMNS}
    )
    lines = tuple(_line(_title(name), {c: int(pence[c].iloc[k]) for c in pence}) for k, name in enumerate(frame["ledger"]))
    return Reconciliation(Headline(sentence, basis), numbers, lines)


def _by_keys(release: Release) -> str:
    """The keys that left money to other areas, named; nothing where none was used."""
    found = [key for key in keys(release) if key.elsewhere]
    return f" Other areas’ share is by {listed(key.words for key in found)}." if found else ""


def _others(pence: dict[str, int], words: str) -> str:
    """The other areas' share as a term of the sum; nothing where no key was used."""
    return words.format(exact(pence["other_areas"])) if pence.get("other_areas") else ""


def apportioned(release: Release) -> Reconciliation | None:
    """The keys by which money of several council areas was divided, each in a sentence; None where none was used."""
    found = keys(release)
    if not found:
        return None
    here, elsewhere = sum(key.here for key in found), sum(key.elsewhere for key in found)
    sentence = f"{exact(here)} of {exact(here + elsewhere)} that agencies spend over several council areas is counted here."
    many = "one key" if len(found) == 1 else f"{len(found)} keys"
    basis = f"Divided by {many}. A share by a key is an estimate of what is spent here, however exact its pennies are."
    return Reconciliation(Headline(sentence, basis), keys_frame(release), tuple(f"K{key.words[1:]}." for key in found))


def _agree(off: int, ledgers: int) -> str:
    if not off:
        return f"All {ledgers} ledgers agree with their control totals"
    return (
        f"{off} of {ledgers} ledgers {'does not agree with its control total' if off == 1 else 'do not agree with their totals'}"
    )


def _title(stem: str) -> str:
    name = ledger_label(stem)
    return f"{name[:1].upper()}{name[1:]}"


def _line(name: str, pence: dict[str, int]) -> str:
    others = _others(pence, "other areas’ share {} + ")
    return (
        f"{name} ledger: control total {exact(pence['control_total'])} = mapped {exact(pence['mapped'])} + {others}left out "
        f"{exact(pence['excluded'])} + not mapped {exact(pence['unmapped'])}; difference {exact(pence['difference'])}."
    )


def left_out(release: Release) -> pd.DataFrame:
    """What was left out of each ledger and why, and what is not mapped."""
    frame = release.frame("ledger_excluded")
    rows = [(_title(str(r["ledger"])), text(r["reason"]), float(r["amount"])) for r in frame.to_dict("records")]
    totals = release.frame("ledger_totals")
    rows += [
        (_title(str(r["ledger"])), "Not mapped to a service yet", float(r["unmapped"]))
        for r in totals.to_dict("records")
        if r["unmapped"]
    ]
    rows += [
        (_title(str(r["ledger"])), "Other council areas’ share, by key", float(r["other_areas"]))
        for r in totals.to_dict("records")
        if r.get("other_areas")
    ]
    return pd.DataFrame(rows, columns=["Ledger", "Why it is not in the figures", "Amount (£)"])


def left_out_headline(release: Release) -> Headline:
    """The money that is in no figure of the page, in one sentence."""
    out, left = excluded(release), unmapped(release)
    whole = int(pence_of(release.frame("ledger_totals")["control_total"]).sum())
    sentence = f"{gbp(left)} is not mapped to any service yet, and {gbp(out)} was left out with a reason."
    shares = f"{percent(left, whole):g}% and {percent(out, whole):g}% of the {exact(whole)} in the ledgers."
    others = other_areas(release)
    more = f" In them is {exact(others)} of other council areas.{_by_keys(release)}" if others else ""
    return Headline(sentence, f"{exact(left)} and {exact(out)}: {shares}{more}")


def caveats(release: Release, choice: Choice, found: Prevention) -> list[str]:
    """What the page does not show, each with its figure where there is one."""
    return [line for line in (*_tags(found), *_services(release, choice), *_scope(release, choice)) if line]


def _tags(found: Prevention) -> list[str]:
    meaning = "Levels are by main purpose and target population (*Defining Prevention*, Scottish Government, 2026)."
    if round(found.widest_high) == round(found.high):
        return [meaning]
    return [
        "Tags can be wrong both ways: if all that was tagged with medium or low confidence turned out to be prevention, the "
        f"high figure would be {found.widest_high:.0f}%, not {found.high:.0f}%. {meaning}"
    ]


def _services(release: Release, choice: Choice) -> list[str]:
    services = release.frame("services")
    merged = services[services["services_merged"] > 1] if "services_merged" in services else services.iloc[:0]
    least = release.manifest.min_cell
    lines = [
        "Children served are as each service counts them in a year; a child helped by two services is counted by both, so they "
        "are not added up. Spend per child served is not what one more child would cost."
    ]
    if len(merged):
        members = int(merged["services_merged"].sum())
        lines.append(
            f"{members} services with fewer than {least} children, or whose figures would give such a number away, are shown "
            f"as {len(merged)} merged group{'' if len(merged) == 1 else 's'} and keep no unit cost."
        )
    kept = services["price_confidential"].eq("yes").sum() if "price_confidential" in services else 0
    if kept:
        lines.append(
            f"Children served are not shown for {kept} service{'' if kept == 1 else 's'} of a confidential price: "
            "over the spend they are the price."
        )
    both = services.loc[services["childrens_or_related"].map(text) == "", "service_id"]
    if choice.relation and len(both):
        money = spend(release, replace(choice, relation=""))
        pence = int(money.loc[money["service_id"].isin(both), "pence"].sum())
        lines.append(f"Merged groups of both kinds of service (£{pence / 100:,.2f}) are left out of this choice.")
    return lines


def _scope(release: Release, choice: Choice) -> list[str]:
    frame = spend(release, choice)
    prices = sorted({text(y) for y in frame["price_year"]})
    return [
        "Prices of different years are added here: restate them before comparing." if len(prices) > 1 else "",
        "" if choice.whole else "Unmapped money belongs to no payer or kind of service yet, so it is not in this choice.",
        "" if roll(release) else "Spend per pupil: the release does not hold the number of pupils on the roll of every stage.",
        "Only money in the ledgers that were sent: not what families, volunteers or agencies without a ledger here give.",
    ]
