"""The invest list beside the release list, in words: each increase with what pays for it, each release with what it goes to.

In: a shift and its books. Out: sentences whose parts add up as they are read, and a table of every pair in pounds.
"""

from collections.abc import Iterable, Sequence
from math import floor, log10

import pandas as pd

from rcs_core.workshop.evidence import listed
from rcs_core.workshop.inputs.assumed import rule
from rcs_core.workshop.scenario.explain.funding import Book, Funding, Line, Pair, Source, Use
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Figure, Sentence, Unit, count, money, say
from rcs_core.workshop.shift import THOUSAND, Shift

INVESTED = (Use.INVEST, Use.SETUP, Use.EXIT)
FREED = (Source.RELEASED, Source.CUT)
_NAMED = 3
"""Parts of one sentence that are named; the table has them all."""
_POUND = 100
_GIVES = {
    Source.RELEASED: "{amount} released from {what}",
    Source.CUT: "{amount} less for {what}",
    Source.HELD_LESS: "{amount} less for services that are held",
    Source.POOL: "{amount} from {what}, paid in by {by}",
    Source.BRIDGING: "{amount} of bridging money from outside",
    Source.RESERVES: "{amount} of reserves brought forward",
    Source.UNUSED: "{amount} of budget not used before",
    Source.GROWTH: "{amount} of growth of the budget",
    Source.OPEN: "{amount} from a purse that is not modelled",
}
_TAKES = {
    Use.INVEST: "{amount} more for {what}",
    Use.SETUP: "{amount} to set up more of {what}",
    Use.EXIT: "{amount} to run down {what}",
    Use.POOLED: "{amount} paid into {what}",
    Use.DEARER: "{amount} as {what} costs more",
    Use.HELD_MORE: "{amount} more for services that are held",
    Use.BUDGET_FALL: "{amount} for a budget below what was spent before",
    Use.LOST: "{amount} lost to the centre",
    Use.CARRIED: "{amount} carried forward",
    Use.UNSPENT: "{amount} left unspent",
    Use.OPEN: "{amount} left in a purse that is not modelled",
}
_GIVES_ALL = {
    Source.RELEASED: "is paid by what is released from {what}",
    Source.CUT: "is paid by spending less on {what}",
    Source.HELD_LESS: "is paid by spending less on services that are held",
    Source.POOL: "is paid from {what}, into which {by} paid",
    Source.BRIDGING: "is paid by bridging money from outside",
    Source.RESERVES: "is paid out of reserves brought forward",
    Source.UNUSED: "is paid out of budget not used before",
    Source.GROWTH: "is paid out of growth of the budget",
    Source.OPEN: "is paid from a purse that is not modelled",
}
_TAKES_ALL = {
    Use.INVEST: "goes to {what}",
    Use.SETUP: "goes to setting up more of {what}",
    Use.EXIT: "goes to running down {what}",
    Use.POOLED: "is paid into {what}",
    Use.DEARER: "goes to {what}, which costs more",
    Use.HELD_MORE: "goes to services that are held",
    Use.BUDGET_FALL: "meets a budget below what was spent before",
    Use.LOST: "is lost to the centre",
    Use.CARRIED: "is carried forward",
    Use.UNSPENT: "is left unspent",
    Use.OPEN: "stays in a purse that is not modelled",
}
_KINDS = {
    Source.RELEASED: "{amount} released from responsive services",
    Source.CUT: "{amount} less for other prevention",
    Source.POOL: "{amount} that partners paid into a pool",
}
_KINDS_ALL = {
    Source.RELEASED: "is paid by what is released from responsive services",
    Source.CUT: "is paid by spending less on other prevention",
    Source.POOL: "is paid by what partners paid into a pool",
}

_GOES = {
    Use.INVEST: "{amount} pays for more prevention",
    Use.SETUP: "{amount} sets up more prevention",
    Use.EXIT: "{amount} runs prevention down",
    Use.POOLED: "{amount} is paid into a pool",
    Use.DEARER: "{amount} pays for responsive services that cost more",
    Use.HELD_MORE: "{amount} pays for services that are held",
    Use.BUDGET_FALL: "{amount} meets budgets below what was spent before",
    Use.LOST: "{amount} is lost to the centre",
    Use.CARRIED: "{amount} is carried forward",
    Use.UNSPENT: "{amount} is left unspent",
    Use.OPEN: "{amount} stays in purses that are not modelled",
}
"""What a release does, over all agencies."""


def years_told(shift: Shift, funding: Funding) -> list[str]:
    """The years of the plan in which anything is paired, as people say them."""
    found = {book.year for book in funding.books if book.pairs}
    return [year_label(shift.scenario, year) for year in shift.scenario.years if year in found]


def headline(shift: Shift, funding: Funding, year: int) -> Sentence:
    """What pays for all increases of prevention in a year, over all agencies."""
    when = year_label(shift.scenario, year)
    found: dict[Source, int] = {}
    for _, pair in funding.pairs(year):
        if pair.use.kind in INVESTED:
            found[Source(pair.source.kind)] = found.get(Source(pair.source.kind), 0) + pair.pence
    basis = f"Change of a year's money against what is spent before the plan; {_prices(shift)}."
    total = sum(found.values())
    if total < _POUND:
        return say("Nothing more is spent on prevention in {when}.", basis=basis, when=when)
    told: list[_Told] = [(_KINDS.get(kind, _GIVES[kind]), {}, found[kind]) for kind in Source if kind in found]
    whole, template, figures = _listed(shift, funding, total, told, len(told))
    tail = f"is paid by {template}"
    if len(figures) == 1:
        most = max(found, key=lambda kind: found[kind])
        tail, figures = _KINDS_ALL.get(most, _GIVES_ALL[most]), {}
    parts: _Parts = {"when": when, "whole": whole, **figures}
    return say("In {when}, {whole} more for prevention " + tail + ".", basis=basis, confidence="", **parts)


def released(shift: Shift, funding: Funding, year: int) -> Sentence:
    """All that responsive services with less cost release in a year, and what becomes of it."""
    when = year_label(shift.scenario, year)
    found: dict[Use, int] = {}
    for _, pair in funding.pairs(year):
        if pair.source.kind is Source.RELEASED:
            found[Use(pair.use.kind)] = found.get(Use(pair.use.kind), 0) + pair.pence
    total = sum(found.values())
    if total < _POUND:
        return say("No responsive service costs less in {when}.", when=when)
    told: list[_Told] = [(_GOES[use], {}, found[use]) for use in Use if use in found]
    whole, template, figures = _listed(shift, funding, total, told, len(told))
    parts: _Parts = {"when": when, "whole": whole, **figures}
    return say("Of {whole} that responsive services cost less in {when}, " + template + ".", basis="", confidence="", **parts)


def invest_list(shift: Shift, funding: Funding, year: int) -> list[Sentence]:
    """Each increase of a year with what pays for it, the largest first."""
    chosen = [(b, line) for b in _of(funding, year) for line in b.uses if line.kind in INVESTED and line.pence >= _POUND]
    chosen.sort(key=lambda one: (-one[1].pence, one[1].key, one[0].agency))
    return [_line(shift, funding, b, line, "is paid by", [p for p in b.pairs if p.use == line]) for b, line in chosen]


def release_list(shift: Shift, funding: Funding, year: int) -> list[Sentence]:
    """Each release, and each cut of other prevention, of a year with what it goes to, the largest first."""
    chosen = [(b, line) for b in _of(funding, year) for line in b.sources if line.kind in FREED and line.pence >= _POUND]
    chosen.sort(key=lambda one: (-one[1].pence, one[1].key, one[0].agency))
    return [_line(shift, funding, b, line, "goes to", [p for p in b.pairs if p.source == line]) for b, line in chosen]


def _of(funding: Funding, year: int) -> Iterable[Book]:
    return (book for book in funding.books if book.year == year)


def _line(shift: Shift, funding: Funding, book: Book, line: Line, verb: str, pairs: Sequence[Pair]) -> Sentence:
    """One line of a book with the other side of its pairs."""
    others = sorted(((p.source if p.use == line else p.use, p.pence) for p in pairs), key=_order)
    told: list[_Told] = [(_template(other), {**_names(shift, other)}, pence) for other, pence in others]
    whole, template, figures = _listed(shift, funding, line.pence, told, _NAMED)
    tail = f"{verb} {template}"
    if len(figures) == len(told[0][1]) + 1:
        tail = _all(others[0][0]).replace("{what}", "{what_a}").replace("{by}", "{by_a}")
        figures.pop("amount_a")
    head = _template(line).replace("{amount}", "{whole}").replace("{what}", "{what_of}").replace("{by}", "{by_of}")
    own = {f"{name}_of": value for name, value in _names(shift, line).items()}
    when, who = year_label(shift.scenario, book.year), named(book.agency, shift.names)
    parts: _Parts = {"when": when, "who": who, "whole": whole, **own, **figures}
    return say(f"{head} ({{who}}, {{when}}) {tail}.", basis="", confidence="", **parts)


def _order(other: tuple[Line, int]) -> tuple[int, int, tuple[str, str, str]]:
    """Sources in the order in which they are used, uses by their size; the largest first."""
    line, pence = other
    return list(Source).index(line.kind) if isinstance(line.kind, Source) else 0, -pence, line.key


def _template(line: Line) -> str:
    return _GIVES[Source(line.kind)] if isinstance(line.kind, Source) else _TAKES[Use(line.kind)]


def _all(line: Line) -> str:
    return _GIVES_ALL[Source(line.kind)] if isinstance(line.kind, Source) else _TAKES_ALL[Use(line.kind)]


def _names(shift: Shift, line: Line) -> dict[str, str]:
    template = _template(line)
    found = {"what": named(line.about, shift.names), "by": named(line.by, shift.names)}
    return {name: value for name, value in found.items() if f"{{{name}}}" in template}


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
type _Parts = dict[str, Figure | str]
type _Told = tuple[str, _Parts, int]
"""A part of a sentence: its template, its names and its pennies."""


def _listed(shift: Shift, funding: Funding, total: int, told: Sequence[_Told], most: int) -> tuple[Figure, str, _Parts]:
    """A sum with its parts in one breath, the first few by name and the rest in one; their names carry a letter."""
    if len(told) > most + 1:
        rest = told[most:]
        told = [*told[:most], ("{amount} in {others}", {"others": count(len(rest), "other part")}, sum(p for *_, p in rest))]
    amounts = [funding.money(pence) for *_, pence in told]
    whole, figures = adding(funding.money(total), amounts, shift.found.discussion_only)
    parts: _Parts = {}
    phrases = []
    for letter, (text, names, _), figure in zip(_LETTERS, told, figures, strict=False):
        if figure.said != _NOUGHT or len(told) == 1:
            for name in ("amount", *names):
                text = text.replace(f"{{{name}}}", f"{{{name}_{letter}}}")
            phrases.append(text)
            parts |= {f"amount_{letter}": figure, **{f"{name}_{letter}": value for name, value in names.items()}}
    return whole, listed(phrases), parts


_NOUGHT = "£0"


def adding(total: float, parts: Sequence[float], rough: bool = False) -> tuple[Figure, list[Figure]]:
    """A sum and its parts (GBP thousand) as one sentence says them: parts in the last place of the sum, so that they add up."""
    pounds = [THOUSAND * part for part in parts]
    step = _step(THOUSAND * total, rough)
    spoken = [round(p / step) * step for p in pounds]
    whole = round(THOUSAND * total / step) * step
    if spoken:
        largest = max(range(len(spoken)), key=lambda k: abs(pounds[k]))
        spoken[largest] += whole - sum(spoken)
    said = [Figure(p, Unit.POUNDS, _pounds(s, rough)) for p, s in zip(pounds, spoken, strict=True)]
    return money(total, rough), said


def _pounds(amount: float, rough: bool) -> str:
    """An amount that is rounded already; of a million and more in millions where sums are rough."""
    return f"£{amount / 1e6:.2g}m" if rough and 1e6 <= amount < 1e8 else f"£{amount:,.0f}"


def _step(pounds: float, rough: bool) -> float:
    """The last place in which a sum is said: a pound, or that of its second figure where it rests on guesses."""
    if not rough or abs(pounds) < 1:
        return 1.0
    return max(1.0, 10.0 ** (floor(log10(abs(pounds))) - int(rule("figures")) + 1))


def _prices(shift: Shift) -> str:
    return f"prices of {shift.scenario.price_year}" if shift.scenario.price_year else "prices as in the ledgers"


def table(shift: Shift, funding: Funding, hidden: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Every pair of every year in pounds and pence; an amount of a service that is hidden on the big screen is left out."""
    rows = [_row(shift, book, pair, hidden) for book, pair in funding.pairs()]
    columns = ["Year", "Agency", "For", "Service", "Paid by", "From", "It can have caused the release", "Amount (£)"]
    return pd.DataFrame(rows, columns=columns)


def _row(shift: Shift, book: Book, pair: Pair, hidden: frozenset[str]) -> tuple[object, ...]:
    def name(identity: str) -> str:
        return named(identity, shift.names) if identity else ""

    source = " from ".join(filter(None, [name(pair.source.about), name(pair.source.by)]))
    amount = None if {pair.use.about, pair.source.about} & hidden else pair.pence / _POUND
    return (
        year_label(shift.scenario, book.year), name(book.agency), Use(pair.use.kind).label, name(pair.use.about),
        Source(pair.source.kind).label, source, "Yes" if pair.caused else "", amount,
    )  # fmt: skip


RULE = (
    "Which source pays for which increase is a rule, not a fact of the ledgers: first a release that the increase can have "
    "caused, then other releases of the same agency, then its own cuts, then partners' pool money, then bridging money, then "
    "reserves and budget not used before; the largest first. Money crosses purses only through a pool."
)
