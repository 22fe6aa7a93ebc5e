"""What is said of a scenario on the table and of a choice of its moves: sentences whose every number is a figure."""

from collections.abc import Sequence

from rcs_core.workshop import big_screen
from rcs_core.workshop.couple.compare import Part
from rcs_core.workshop.decide.moves import Move, OnTable, Way
from rcs_core.workshop.decide.parts import Decision, Standing, Verdict
from rcs_core.workshop.decide.rules import limits
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.sentence import Figure, Sentence, children, count, money, say
from rcs_core.workshop.why.names import told as sentence

NAMED = 3
"""Services named in one sentence."""
THOUSAND = 1000


def on_table(found: OnTable, veil: frozenset[str] = frozenset()) -> Sentence:
    """How many services grow and shrink, and by how much a year.

    veil: services whose price is not shown now; an amount of one of them alone is left out.
    """
    group, basis = found.of_group, _basis(found)
    if not found.moves:
        return say("Nothing moves in this scenario.", basis=basis)
    said, parts = [], dict[str, Figure | str]()
    for way, verb in ((Way.GROWS, "gain"), (Way.SHRINKS, "lose")):
        if group[way]:
            parts |= {f"{verb}_many": count(len(group[way]), "service"), **_much(verb, group[way], found.rough, veil)}
            said.append(f"{{{verb}_many}} {verb}{'s' if len(group[way]) == 1 else ''} {{{verb}_much}}")
    if group[Way.SWAPS]:
        parts["swap"] = count(len(group[Way.SWAPS]), "service changes who pays for it", "services change who pays for them")
        said.append("{swap}")
    return sentence(f"{listed(said)} by {{last}}.", {**parts, "last": found.last}, basis)


def _basis(found: OnTable) -> str:
    plan = found.plan
    prices = f"prices of {plan.price_year}" if plan.price_year else "prices as in the ledgers"
    prices = f"the cash of each year where budgets were given, else in {prices}" if plan.in_cash else prices
    rough = " For discussion only, so in two figures: half or more of what moves rests on guesses." if found.rough else ""
    own = " A plan of the room's own: nothing in it is optimised." if plan.own_plan else ""
    return (
        f"A year's spend in {found.last} against spend before the plan, in {prices}. Kept as ‘{found.kept.title}’ by "
        f"{found.kept.author} on {found.kept.at[:10]}, on release {found.kept.draft.release_id or 'not named'}.{rough}{own}"
    )


def who_pays(found: OnTable, veil: frozenset[str] = frozenset()) -> list[Sentence]:
    """Where the money of the last year comes from: what shrinks, what is left in purses, what comes from outside."""
    shown = [found.moves, *(moves for moves in found.of_group.values() if moves)]
    if not found.moves or not found.side.possible or any(hidden(moves, veil) for moves in shown):
        return []  # beside a sum that is shown, all together would give away one that is not
    net, outside = round(sum(m.change for m in found.moves), 2), round(_outside(found), 2)
    if abs(net) < 1:
        return [say("What grows is paid for by what shrinks, penny for penny in {last}.", last=found.last)]
    amount = money(net / THOUSAND, found.rough)
    if net < 0:
        return [say("All together, {amount} less is spent in {last}.", amount=amount, last=found.last)]
    lines = [say("All together, {amount} more is spent in {last} than before the plan.", amount=amount, last=found.last)]
    if outside >= 1:
        other = money(outside / THOUSAND, found.rough)
        return [*lines, say("Of the money of that year, {other} has to come from outside the purses.", other=other)]
    return [*lines, say("It comes from what purses hold unspent, or gain.")]


def _outside(found: OnTable) -> float:
    """Pounds that pools pay out in the last year beyond what agencies put in."""
    rows = found.side.found.bridging
    rows = rows[rows["year"] == found.last]
    return float(rows["draw"].sum() - rows["contribution"].sum()) * THOUSAND


def title(moves: Sequence[Move], last: str, rough: bool, veil: frozenset[str] = frozenset()) -> str:
    """A title for a choice of moves, from their figures: what gains and what loses, by when.

    veil: services whose price is not shown now; an amount of one of them alone is left out.
    """
    if not moves:
        return ""
    said, parts = [], dict[str, Figure | str]()
    if swaps := [m for m in moves if m.way is Way.SWAPS]:
        parts["swap"] = _names(swaps)
    for way, verb, plural in ((Way.GROWS, "gains", "gain"), (Way.SHRINKS, "loses", "lose")):
        group = [m for m in moves if m.way is way]
        if not group:
            continue
        parts |= {f"{verb}_who": _names(group), **_much(verb, group, rough, veil)}
        said.append(f"{{{verb}_who}} {verb if len(group) == 1 else plural} {{{verb}_much}}")
    said += [f"{{swap}} {'changes' if len(swaps) == 1 else 'change'} payer"] if swaps else []
    found = sentence(f"{', and '.join(said)} by {{last}}", {**parts, "last": last}).text
    return found if len(found) <= limits()["title"] else found[: limits()["title"] - 1].rstrip() + "…"


def _names(moves: Sequence[Move]) -> str:
    """Services by name; of many the first, and how many more."""
    first = [m.name for m in moves[:NAMED]]
    more = len(moves) - len(first)
    return listed([*first, f"{count(more).said} more services"[: None if more > 1 else -1]] if more else first)


def _much(verb: str, moves: Sequence[Move], rough: bool, veil: frozenset[str]) -> dict[str, Figure | str]:
    """The amount of some moves a year; `money` where it would be the price of one bought service."""
    if hidden(moves, veil):
        return {f"{verb}_much": "money"}
    amount = money(round(sum(m.change for m in moves), 2) / THOUSAND, rough)
    return {f"{verb}_much": Figure(amount.value, amount.unit, f"{amount.said} a year")}


def hidden(moves: Sequence[Move], veil: frozenset[str]) -> bool:
    """Whether a sum over these moves would be the price of one bought service."""
    return big_screen.pounds(0, [m.service_id for m in moves], veil) is None


def summary(found: Sequence[Decision]) -> Sentence:
    """How many decisions there are, and how they stand."""
    agreed = [d for d in found if d.standing is Standing.AGREED]
    kinds = {
        "go": (sum(d.verdict is Verdict.GO for d in agreed), "to go ahead with"),
        "explore": (sum(d.verdict is Verdict.EXPLORE for d in agreed), "to explore"),
        "stop": (sum(d.verdict is Verdict.STOP for d in agreed), "not to be done"),
        "waiting": (len(found) - len(agreed), "still a proposal" if len(found) - len(agreed) == 1 else "still proposals"),
    }
    parts: dict[str, Figure | str] = {name: count(many) for name, (many, _) in kinds.items() if many}
    text = listed(f"{{{name}}} {kinds[name][1]}" for name in parts)
    every = count(len(found), "decision")
    return sentence(f"{{every}}: {text}.", {**parts, "every": every}, _dissent(found))


def _dissent(found: Sequence[Decision]) -> str:
    """How many decisions somebody disagrees with."""
    agencies = {one.agency for d in found for one in d.dissent}
    if not agencies:
        return "Nobody's dissent is recorded."
    many = count(sum(bool(d.dissent) for d in found), "decision")
    return say("{many} with dissent, of {agencies}.", many=many, agencies=count(len(agencies), "agency", "agencies")).text


def who_loses(moves: Sequence[Move], rough: bool) -> str:
    """Who would lose, from the figures: how many fewer children a service could serve at today's spend for each."""
    return "\n".join(_loses(m, rough).text for m in moves if m.loses)


def _loses(m: Move, rough: bool) -> Sentence:
    if m.part is Part.RESPONSIVE:
        return say("Children who need {name}, if need does not fall as the plan takes it to.", name=m.name)
    if not m.children or m.before <= 0:
        return say("Children who use {name}; how many is not known.", name=m.name)
    fewer = m.children * m.worst / m.before
    if fewer > -1:
        return say("{name}: less than one child fewer in its worst year, at today's spend for each.", name=m.name)
    amount = children(fewer, rough)
    many = "child" if amount.said.split()[-1] == "1" else "children"
    return say(f"{{name}}: {{amount}} {many} fewer in its worst year, at today's spend for each.", name=m.name, amount=amount)
