"""What every number of a scenario file is called, and in what it is counted: in words for a board, by the place it stands at.

A place is a path of keys, in which a thing of a list stands by its id. `*` stands for any id; `{0}`, `{1}` in the words are
the names of those ids, in their order.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rcs_core.vocab import Label
from rcs_core.workshop.couple.build import PACE
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.reading import plain
from rcs_core.workshop.scenario.wording import said

type Place = tuple[str, ...]
type Value = float | str | bool | tuple[float | None, ...] | tuple[str, ...] | None


class Kind(Label):
    """In what a number is counted."""

    MONEY = "money", "£"
    EACH = "each", "£ for each"
    SHARE = "share", "%"
    NEED = "need", "Children or cases a year"
    YEARS = "years", "Years"
    EFFECT = "effect", "Children or cases for each £1,000"
    PLAIN = "plain", "Number"
    WORDS = "words", "Words"


class Called(NamedTuple):
    """What a number is: the heading that it stands under, its words, and its kind."""

    group: str
    words: str
    kind: Kind


_PLAN, _PURSE, _PREVENT, _RESPOND = "The plan as a whole", "Purses", "Preventative services", "Responsive services"
_POOL, _RULE, _HELD, _KNOWN = "Pools", "Rules that partners set", "Services held as they are", "How well it is known"
GROUPS = ("Levers", _PLAN, _PURSE, _POOL, _RULE, _PREVENT, _RESPOND, _HELD, _KNOWN)
"""The headings in the order in which they are shown."""

_CALLED: dict[str, Called] = {
    "horizon": Called(_PLAN, "Years in the plan", Kind.YEARS),
    "first_year": Called(_PLAN, "First year", Kind.WORDS),
    "price_year": Called(_PLAN, "Prices of", Kind.WORDS),
    "money_unit": Called(_PLAN, "Unit of money", Kind.WORDS),
    "discount_rate": Called(_PLAN, "Discount rate", Kind.SHARE),
    "depth": Called(_PLAN, "How deep", Kind.WORDS),
    "cautious": Called(_PLAN, "Every effect at its low end", Kind.WORDS),
    "localities": Called(_PLAN, "Places", Kind.WORDS),
    "groups/*": Called(_PLAN, "{0} is a group of its own", Kind.WORDS),
    "groups/*/weight": Called(_PLAN, "Weight of {0} in the outcome", Kind.PLAIN),
    "objective/kind": Called(_PLAN, "What the plan is for", Kind.WORDS),
    "objective/outcome_target": Called(_PLAN, "Least outcome asked for", Kind.PLAIN),
    "objective/unmet": Called(_PLAN, "How unmet need counts", Kind.WORDS),
    "objective/terminal_credit_years": Called(_PLAN, "Years after the plan whose outcome counts", Kind.YEARS),
    "share_target": Called(_RULE, "Least share of spend that is prevention", Kind.SHARE),
    "share_penalty": Called(_RULE, "Price of missing that share", Kind.PLAIN),
    "agencies/*": Called(_PURSE, "{0} has a purse", Kind.WORDS),
    "agencies/*/budget": Called(_PURSE, "Budget of {0}", Kind.MONEY),
    "agencies/*/leak": Called(_PURSE, "Share of what {0} releases that is lost to its centre", Kind.SHARE),
    "agencies/*/reserve_max": Called(_PURSE, "Most that {0} may carry forward", Kind.MONEY),
    "pools/*": Called(_POOL, "There is {0}", Kind.WORDS),
    "pools/*/contrib_max/*": Called(_POOL, "Most that {1} may pay into {0}", Kind.MONEY),
    "pools/*/draw/*": Called(_POOL, "Services for which {1} may draw on {0}", Kind.WORDS),
    "pools/*/seed": Called(_POOL, "Money from elsewhere in {0}", Kind.MONEY),
    "ringfences/*": Called(_RULE, "There is the ring-fence {0}", Kind.WORDS),
    "ringfences/*/agency": Called(_RULE, "Who keeps the ring-fence {0}", Kind.WORDS),
    "ringfences/*/services": Called(_RULE, "Services of the ring-fence {0}", Kind.WORDS),
    "ringfences/*/amount": Called(_RULE, "Least spend of the ring-fence {0}", Kind.MONEY),
    "equity/*": Called(_RULE, "There is the fairness rule {0}", Kind.WORDS),
    "equity/*/kind": Called(_RULE, "Kind of the fairness rule {0}", Kind.WORDS),
    "equity/*/groups": Called(_RULE, "Groups of the fairness rule {0}", Kind.WORDS),
    "equity/*/min": Called(_RULE, "Least share of reach under {0}", Kind.SHARE),
    "equity/*/eps": Called(_RULE, "Leeway of {0}", Kind.SHARE),
    "equity/*/need_share/*": Called(_RULE, "Share of need of {1} under {0}", Kind.SHARE),
    "equity/*/per_child/*": Called(_RULE, "What an effect on {1} counts for under {0}", Kind.PLAIN),
    "equity/*/max": Called(_RULE, "Widest gap under {0}", Kind.PLAIN),
    "workforce/*": Called(_RULE, "There is a limit on {0}", Kind.WORDS),
    "workforce/*/per_pound/*": Called(_RULE, "What a pound of {1} takes of {0}", Kind.PLAIN),
    "workforce/*/available": Called(_RULE, "Limit on {0}", Kind.PLAIN),
    "prevention/*": Called(_PREVENT, "{0} can move", Kind.WORDS),
    "prevention/*/agencies/*/*": Called(_PREVENT, "{0}: spend today by {1} in {2}", Kind.MONEY),
    "prevention/*/segments/*/*/*/0": Called(_PREVENT, "{0}: spend on {1} in {2} with effect {3}", Kind.MONEY),
    "prevention/*/segments/*/*/*/1": Called(_PREVENT, "{0}: effect {3} on {1} in {2}", Kind.EFFECT),
    "prevention/*/base_reach/*/*": Called(_PREVENT, "{0}: spend that reaches {1} in {2} today", Kind.MONEY),
    "prevention/*/lag": Called(_PREVENT, "{0}: years until it acts", Kind.YEARS),
    "prevention/*/retention": Called(_PREVENT, "{0}: share of its effect kept a year later", Kind.SHARE),
    "prevention/*/acts_on/*": Called(_PREVENT, "{0}: part of its effect that is on {1}", Kind.SHARE),
    "prevention/*/outcome": Called(_PREVENT, "{0}: what a unit of its effect counts for", Kind.PLAIN),
    "prevention/*/q": Called(_PREVENT, "{0}: share that is prevention", Kind.SHARE),
    "prevention/*/ramp_up": Called(_PREVENT, "{0}: fastest growth a year", Kind.SHARE),
    "prevention/*/ramp_abs": Called(_PREVENT, "{0}: growth a year beyond that", Kind.MONEY),
    "prevention/*/ramp_down": Called(_PREVENT, "{0}: fastest cut a year", Kind.SHARE),
    "prevention/*/capacity": Called(_PREVENT, "{0}: most that may be spent", Kind.MONEY),
    "prevention/*/floor": Called(_PREVENT, "{0}: least that is spent", Kind.MONEY),
    "prevention/*/setup_cost": Called(_PREVENT, "{0}: cost of growing, for each pound", Kind.PLAIN),
    "prevention/*/exit_cost": Called(_PREVENT, "{0}: cost of cutting, for each pound", Kind.PLAIN),
    "prevention/*/min_scale": Called(_PREVENT, "{0}: least workable spend", Kind.MONEY),
    "acute/*": Called(_RESPOND, "{0} follows need", Kind.WORDS),
    "acute/*/unit_cost": Called(_RESPOND, "{0}: what one costs a year", Kind.EACH),
    "acute/*/payer/*": Called(_RESPOND, "{0}: share paid by {1}", Kind.SHARE),
    "acute/*/demand/*/*": Called(_RESPOND, "{0}: need of {2} in {1} if nothing changes", Kind.NEED),
    "acute/*/cashable": Called(_RESPOND, "{0}: share of its cost that is cash at once", Kind.SHARE),
    "acute/*/decommission_max": Called(_RESPOND, "{0}: share of its places that may close a year", Kind.SHARE),
    "acute/*/preventable": Called(_RESPOND, "{0}: share of its need that can be prevented", Kind.SHARE),
    "acute/*/penalty": Called(_RESPOND, "{0}: price of one that goes unmet", Kind.EACH),
    "acute/*/cap0/*": Called(_RESPOND, "{0}: places in {1} today", Kind.NEED),
    "acute/*/cap_max/*": Called(_RESPOND, "{0}: most places in {1}", Kind.NEED),
    "acute/*/new_cost": Called(_RESPOND, "{0}: cost of opening one", Kind.EACH),
    "acute/*/decommission_cost": Called(_RESPOND, "{0}: cost of closing one", Kind.EACH),
    "acute/*/floor": Called(_RESPOND, "{0}: least that it costs", Kind.MONEY),
    "held/*/*": Called(_HELD, "{0}, paid by {1}", Kind.MONEY),
}
_BY_PLACE = ("cap0", "cap_max")
"""Keys that hold a number for each place, or nothing at all."""
_ALIKE = ("provenance", "name", "description")
"""Keys that are text about the file, or are told of with the number that they are about."""


def called(place: Place) -> Called:
    """What the number at a place is. Raises KeyError for a place that no scenario has."""
    if place[0] == "provenance":
        return Called(_KNOWN, "", Kind.WORDS if place[-1].startswith("state") else called(place[1:-1]).kind)
    if place[:2] == ("workforce", PACE) and place[-1] == "available":
        return Called(_RULE, "Most that prevention may cost as a whole", Kind.MONEY)
    return _CALLED["/".join(_pattern(place))]


def words(place: Place, names: Mapping[str, str]) -> str:
    """What the number at a place is called, with the names of what it is about."""
    if place[0] == "provenance":
        end, _, year = place[-1].partition(" ")
        return f"{words(place[1:-1], names)}: {_ENDS[end]}{f' in year {year}' if year else ''}"
    ids = [step for step, pattern in zip(place, _pattern(place), strict=True) if pattern == "*"]
    told = called(place).words.format(*(_step(place, one, names) for one in ids))
    return told[:1].upper() + told[1:]


_ENDS = {"state": "how it is known", "low": "low end", "high": "high end"}


def about(place: Place) -> str:
    """The thing that a number is about: the id after its kind; of what is known, that of the number."""
    at = place[1:] if place[0] == "provenance" else place
    return at[1] if len(at) > 1 else ""


def _step(place: Place, one: str, names: Mapping[str, str]) -> str:
    if "segments" in place and one.isdecimal() and one == place[5]:
        return f"of its {_ORDER[int(one)]} pounds" if int(one) < len(_ORDER) else f"of step {int(one) + 1}"
    return said(one, names)


_ORDER = ("first", "next", "third", "fourth")


def _pattern(place: Place) -> tuple[str, ...]:
    """A place with its ids as stars."""
    if len(place) == 1 or place[0] == "objective":
        return place
    if place[0] == "held":
        return ("held", "*", "*")
    if len(place) == 2:
        return (place[0], "*")
    inner = ("*",) * (len(place) - 3)
    if place[2] == "segments":
        inner = ("*", "*", "*", place[-1])
    return (place[0], "*", place[2], *inner)


def flat(scenario: Scenario) -> dict[Place, Value]:
    """Every number of a scenario (and every word that is a choice) by its place; that a thing is there is told by True."""
    content, found = plain(scenario, whole=True), dict[Place, Value]()
    for key, value in content.items():
        if key not in _ALIKE:
            found.update(_walked((key,), value))
    for known in content["provenance"]:
        place, year = _place(content, known["path"])
        for end in _ENDS:
            if place and known[end] is not None:
                found["provenance", *place, f"{end} {year}".strip()] = known[end]
    return found


def _walked(place: Place, value: Any) -> Iterator[tuple[Place, Value]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walked((*place, key), inner)
    elif not isinstance(value, list):
        yield place, value
    elif any(isinstance(one, dict) for one in value):
        yield from _things(place, value)
    elif "segments" in place:
        for k, (width, slope) in enumerate(value):
            yield (*place, str(k), "0"), width
            yield (*place, str(k), "1"), slope
    elif value or len(place) > 1:
        yield place, _short(tuple(value))


def _things(place: Place, things: list[dict[str, Any]]) -> Iterator[tuple[Place, Value]]:
    """Things of a list by their ids; of one service held by several payers, by both."""
    for thing in things:
        if place == ("held",):
            yield (*place, thing["id"], thing["agency"]), _short(thing["amount"])
            continue
        here = (*place, thing["id"])
        yield here, True
        for key, value in thing.items():
            if key != "id" and not (key in _BY_PLACE and value is None):
                yield from _walked((*here, key), value)


def _short(value: Any) -> Value:
    """Numbers of all years as one where they are the same; words in one order."""
    if isinstance(value, list | tuple):
        if value and all(isinstance(one, str) for one in value):
            return tuple(sorted(value))
        return value[0] if value and len(set(value)) == 1 else tuple(value)
    found: Value = value
    return found


def _place(content: dict[str, Any], path: str) -> tuple[Place, str]:
    """A JSON pointer as a place, indices turned into ids, and the year where it names one; no place for what is no number."""
    at: Any = content
    found: list[str] = []
    for step in [s.replace("~1", "/").replace("~0", "~") for s in path.split("/")[1:]]:
        if isinstance(at, list) and step.isdecimal() and int(step) < len(at):
            at = at[int(step)]
            if isinstance(at, dict):
                found += [at["id"], at["agency"]] if found == ["held"] else [at["id"]]
                continue
            if "segments" not in found:
                return tuple(found), str(int(step) + 1)
        elif isinstance(at, dict) and step in at:
            at = at[step]
        else:
            return (), ""
        found.append(step)
    many = isinstance(at, dict) or (isinstance(at, list) and any(isinstance(one, dict | list) for one in at))
    return ((), "") if many else (tuple(found[:3] if found[:1] == ["held"] else found), "")
