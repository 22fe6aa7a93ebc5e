"""Which source pays for which use: a stated rule, worked through in pennies, so that nothing is lost or counted twice.

The rule, in order; within a step the largest amounts first, and ids where amounts are the same:
held services are set against the budget that they follow; what is lost to the centre comes off what is released; an increase
is paid by a release that it can have caused, then by other releases of the same agency, by its own cuts, by what partners
paid into a pool, by bridging money, by reserves, and by budget not used before; then set-up and exit cost, what is
paid into pools, dearer care, a falling budget, what is carried, and what is left, in the same order of sources.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from rcs_core.vocab import Label


class Source(Label):
    """Where money of a year comes from, in the order in which it is used."""

    RELEASED = "released", "Released from responsive services"
    CUT = "cut", "Less for other prevention"
    HELD_LESS = "held_less", "Less for services held as they are"
    POOL = "pool", "Paid into a pool by a partner"
    BRIDGING = "bridging", "Bridging money from outside"
    RESERVES = "reserves", "Reserves brought forward"
    UNUSED = "unused", "Budget not used before"
    GROWTH = "growth", "Growth of the budget"
    OPEN = "open_source", "A purse that is not modelled"


class Use(Label):
    """Where money of a year goes, in the order in which it is paid for."""

    INVEST = "invest", "More for prevention"
    SETUP = "setup", "Set-up cost"
    EXIT = "exit", "Cost of running down"
    POOLED = "pooled", "Paid into a pool"
    DEARER = "dearer", "More for responsive services"
    HELD_MORE = "held_more", "More for services held as they are"
    BUDGET_FALL = "budget_fall", "A budget below what was spent before"
    LOST = "lost", "Lost to the centre"
    CARRIED = "carried", "Carried forward"
    UNSPENT = "unspent", "Left unspent"
    OPEN = "open_use", "Left in a purse that is not modelled"


@dataclass(frozen=True, slots=True)
class Line:
    """One source or use. about: the service or pool (blank where neither). by: who paid a pool's pound in. pence: over nought."""

    kind: Source | Use
    about: str
    by: str
    pence: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What the line is, whatever its amount."""
        return self.kind.value, self.about, self.by

    def of(self, pence: int) -> "Line":
        """The same line with another amount."""
        return replace(self, pence=pence)


@dataclass(frozen=True, slots=True)
class Pair:
    """So much of a use is paid by so much of a source. caused: the use can have brought the release about itself."""

    use: Line
    source: Line
    pence: int
    caused: bool = False


type Links = frozenset[tuple[str, str]]
type _Fits = Callable[[Line, Line], bool]

_SOURCES = tuple(Source)
_FIRST: tuple[tuple[tuple[Use, ...], tuple[Source, ...]], ...] = (
    ((Use.HELD_MORE,), (Source.GROWTH, Source.UNUSED)),
    ((Use.BUDGET_FALL,), (Source.HELD_LESS,)),
    ((Use.LOST,), (Source.RELEASED,)),
)
_AFTER = ((Use.SETUP,), (Use.EXIT,), (Use.POOLED,), (Use.DEARER,), (Use.HELD_MORE,), (Use.BUDGET_FALL,), (Use.LOST,))
_LAST = ((Use.CARRIED,), (Use.OPEN,), (Use.UNSPENT,))


def paired(sources: list[Line], uses: list[Line], causes: Links, funded: Links) -> tuple[Pair, ...]:
    """Pairs that use up both sides. causes: (service, release) that it can have caused. funded: (pool, service) that it may pay.

    Raises ValueError where the two sides do not add up to the same.
    """
    desk = _Desk(sources, uses, causes, {service for _, service in funded})
    for wants, gives in _FIRST:
        desk.step(wants, gives)
    desk.step((Use.INVEST, Use.SETUP), (Source.RELEASED,), lambda use, of: (use.about, of.about) in causes)
    for gives in ((Source.RELEASED,), (Source.CUT,), (Source.HELD_LESS,)):
        desk.step((Use.INVEST,), gives)
    for kind in (Source.POOL, Source.BRIDGING):
        desk.step((Use.INVEST,), (kind,), lambda use, of: (of.about, use.about) in funded)
    for wants in ((Use.INVEST,), *_AFTER, *_LAST):
        for give in _SOURCES:
            desk.step(wants, (give,))
    return desk.done()


class _Desk:
    """What is still to be paid and still to be used, in pennies."""

    def __init__(self, sources: list[Line], uses: list[Line], causes: Links, fundable: set[str]) -> None:
        self.sources, self.uses = _once(sources), _once(uses)
        self.give = {line: line.pence for line in self.sources}
        self.want = {line: line.pence for line in self.uses}
        self.causes, self.fundable = causes, fundable
        self.found: dict[tuple[Line, Line], int] = {}

    def step(self, wants: tuple[Use, ...], gives: tuple[Source, ...], fits: _Fits | None = None) -> None:
        """Pay uses of some kinds out of sources of some kinds, the largest first; what no pool may pay for comes before."""
        uses = [u for u in self.uses if u.kind in wants and self.want[u]]
        order = list(Use)
        uses.sort(key=lambda u: (order.index(Use(u.kind)), u.about in self.fundable, -self.want[u], u.key))
        for use in uses:
            sources = [s for s in self.sources if s.kind in gives and self.give[s] and (fits is None or fits(use, s))]
            sources.sort(key=lambda s: (gives.index(Source(s.kind)), -self.give[s], s.key))
            for source in sources:
                self._pay(use, source)

    def _pay(self, use: Line, source: Line) -> None:
        pence = min(self.want[use], self.give[source])
        if pence:
            self.want[use] -= pence
            self.give[source] -= pence
            self.found[use, source] = self.found.get((use, source), 0) + pence

    def done(self) -> tuple[Pair, ...]:
        """All pairs, in the order in which they were made."""
        if any(self.want.values()) or any(self.give.values()):
            raise ValueError("sources and uses do not add up to the same")
        return tuple(
            Pair(use, source, pence, source.kind is Source.RELEASED and (use.about, source.about) in self.causes)
            for (use, source), pence in self.found.items()
        )


def _once(lines: list[Line]) -> list[Line]:
    if len({line.key for line in lines}) < len(lines):
        raise ValueError("a line stands twice in one book")
    return lines


def split(paid: Mapping[str, int], drawn: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Whose pennies each agency draws from a pool: of partners by what they paid in, and of nobody (blank) the rest.

    Partners' money goes out before money from elsewhere. A pool does not know whose pound it pays out, so each draw
    holds its contributors' pennies in the proportion in which they paid in. What they paid beyond what is drawn stays.
    """
    left = {by: pence for by, pence in paid.items() if pence > 0}
    outside = max(0, sum(drawn.values()) - sum(left.values()))
    if outside:
        left[""] = outside
    found: dict[str, dict[str, int]] = {}
    for agency in sorted((a for a in drawn if drawn[a] > 0), key=lambda a: (-drawn[a], a)):
        shares = _shares(drawn[agency], left)
        found[agency] = {by: pence for by, pence in shares.items() if pence}
        left = {by: pence - shares[by] for by, pence in left.items()}
    return found


def _shares(amount: int, held: Mapping[str, int]) -> dict[str, int]:
    """An amount shared out in proportion to what is held, in whole pennies; the largest remainders are rounded up."""
    total = sum(held.values())
    if not total:
        return dict.fromkeys(held, 0)
    found = {by: amount * pence // total for by, pence in held.items()}
    rest = amount - sum(found.values())
    for by in sorted(held, key=lambda b: (-(amount * held[b] % total), b)):
        if rest and found[by] < held[by]:
            found[by], rest = found[by] + 1, rest - 1
    return found
