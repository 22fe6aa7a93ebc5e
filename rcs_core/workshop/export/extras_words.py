"""What the columns of the sheets beside the plan mean, with their units, and what must be known before they are used."""

from collections.abc import Mapping

from rcs_core.workshop.explore.strains import Strain
from rcs_core.workshop.export.extras_found import Extras
from rcs_core.workshop.why.strained import label

ABSENT = "Not worked out"
type Words = Mapping[str, tuple[str, str]]

_WHEN: Words = {
    "Year": ("The year of the plan, from 1.", ""),
    "Financial year": ("The same year by its name.", ""),
}
_LEVERS: Words = {
    "What it is about": (
        "What the lever is a promise about, or whether it is a number of the group or a change of the room.",
        "",
    ),
    "Lever": ("What can be set.", ""),
    "Value": ("What it is set to in this scenario.", "as its row says"),
    "Unit": ("The unit of the value; the answer in words has none.", ""),
    "Usual value": (
        "What it is where nobody moves it: that of the starting point; of a change of the room, what stood there.",
        "as its row says",
    ),
    "Low": ("The least that it may be set to; of a number of the group, the low end of its range.", "as its row says"),
    "High": ("The most that it may be set to; of a number of the group, the high end of its range.", "as its row says"),
    "State": (
        "How well the value is known: measured here, published elsewhere, estimate of the group, assumption of this tool.",
        "",
    ),
    "Moved by the room": ("Whether the room set it to something else than the usual value.", ""),
    "Owner": ("Whose wish a moved lever is.", ""),
    "Reason": ("Why it was moved.", ""),
    "Source": ("Where the value comes from.", ""),
    "Date": ("Of when the source is.", ""),
    "In use": ("Whether the lever does anything on this release at this depth.", ""),
}
_MOVES: Words = {
    "Service": ("A service that has more or less than before in the year.", ""),
    "What happens": (
        "More or less for prevention; capacity that is released from responding, or responding that costs more.",
        "",
    ),
    "Who pays": ("The agency whose money it is.", ""),
    **_WHEN,
    "Before": ("What is spent before the plan, from Allocation.", "{money} a year"),
    "After": ("What the plan spends in the year, from Allocation.", "{money} a year"),
    "Change": ("After less before. A fall of a responsive service is capacity released, not cash.", "{money} a year"),
    "Change %": ("The change as a share of what is spent before.", "per cent"),
    "Acts on": ("The responsive services whose need the money keeps down.", ""),
    "Shows from": ("The year from which what is spent in this year shows.", ""),
    "Cashable from": ("The year from which the released capacity is cash, as far as it is at all.", ""),
}
_PAIRS: Words = {
    **_WHEN,
    "Whose purse": ("The agency whose money it is.", ""),
    "What is paid for": ("What the money goes to.", ""),
    "Of which service": ("The service or pool that it goes to.", ""),
    "Paid by": ("Where the money comes from.", ""),
    "From": ("The service or pool that it comes from, and who paid into the pool.", ""),
    "It can have caused the release": (
        "Whether what is paid for acts on the service that releases, and grew early enough to.",
        "",
    ),
    "Amount": ("So much of the one is paid by so much of the other, in whole pennies.", "{money} in the year"),
}
_PRICES: Words = {
    "Promise": ("A promise as the room says it.", ""),
    "Whose": ("Whose promise it is; [z] where it is everybody's.", ""),
    "What was found": ("Whether it costs the plan anything, and how that is known.", ""),
    "What it costs the plan": (
        "What the plan would do more without it, solved again with every other promise kept.",
        "as its row says",
    ),
    "Unit": ("In what the price is.", ""),
    "Need that goes unmet because of it": ("Need over all years that would be met without it.", "{need}, all years together"),
    "Most of it in": ("The responsive service from which most would be kept away.", ""),
    "Places or cases kept away without it, all years": (
        "Need that would not arise there without the promise.",
        "{need}, all years together",
    ),
    "A step of easing": ("By how much the promise is eased and tightened, in every year.", ""),
    "A step gains": ("What the plan would gain by that step.", "as the price"),
    "A step tighter loses": ("What the plan would lose if the promise were as much tighter.", "as the price"),
    "Binds": ("The years in which the plan stands at the promise.", ""),
    "In words": ("The price as the screen says it.", ""),
}
_TESTS: Words = {
    "Test": ("What goes otherwise than planned.", ""),
    "Every promise can hold": ("Whether a plan worked out anew can keep every promise.", ""),
    "Moves that remain": (
        "Moves that go the same way in the plan worked out anew, with money found where it has to be.",
        "services",
    ),
    "Moves in the plan": ("Services that gain or lose materially by the last year.", "services"),
    "Has to be found": ("The least money with which every promise can hold.", "{money}, all years together"),
    "Plan as it is lacks": ("What purses are short of where nobody reacts.", "{money}, all years together"),
    "Nothing moved lacks": ("What purses would be short of if nothing had moved at all.", "{money}, all years together"),
    "First short in": ("The first year in which a purse is short.", ""),
    "Need unmet, worst year": ("The most need that goes unmet in one year where nobody reacts.", "{need}"),
    "Released over the plan": ("What responding costs less than if nothing moved.", "{money}, all years together"),
    "A purse is short from this part of the test": (
        "The part of the test at which a purse is first short; the whole is 100%.",
        "per cent",
    ),
    "Breaks first": ("The test that leaves a purse short at the least of it, in the earliest year.", ""),
    "In words": ("The test as the screen says it.", ""),
}
_SURVIVING: Words = {
    "Service": ("A service that the plan moves.", ""),
    "In the plan": ("Whether it gains or loses.", ""),
    **{label(strain): ("What the service does in the plan worked out anew under this test.", "") for strain in Strain},
}
_SWITCHING: Words = {
    "Input": ("What kind of number it is.", ""),
    "Service": ("The service that it is about.", ""),
    "Unit": ("The unit of the values.", ""),
    "Now": ("What the service does in the plan.", ""),
    "Turns below": ("The value below which the plan is another.", "as its row says"),
    "Turns above": ("The value above which the plan is another.", "as its row says"),
    "Low": ("The low end of its range.", "as its row says"),
    "Likely": ("The value that the plan rests on.", "as its row says"),
    "High": ("The high end of its range.", "as its row says"),
    "Share of the range in which it turns": (
        "How much of the range lies beyond those values, the likely ones weighing most.",
        "per cent",
    ),
    "State": ("How well the number is known.", ""),
    "In words": ("The same in a sentence.", ""),
}
_ASSUMPTIONS: Words = {
    "Assumption": ("What is assumed, and of which service, agency or rule.", ""),
    "Value": ("The number or the word that is assumed.", "as its row says"),
    "Unit": ("The unit of the value.", ""),
    "Low": ("The low end of its range.", "as its row says"),
    "High": ("The high end of its range.", "as its row says"),
    "State": ("How well it is known.", ""),
    "Rating": (
        "The same in plain words: what is a guess, and whose; of an effect, how the programme is rated where it was studied.",
        "",
    ),
    "Would it turn the plan": ("Whether another value would make services gain or lose otherwise, and at which value.", ""),
    "Source": ("Where it comes from.", ""),
    "Owner": ("Whose it is.", ""),
    "Date": ("Of when it is.", ""),
    "From": ("Whether the scenario or this tool assumes it.", ""),
}
_ABSENT: Words = {
    "Sheet": ("The sheet that this workbook does not have.", ""),
    "Why it is not here": ("Why there is nothing to put on it.", ""),
}


def descriptions() -> Mapping[str, Words]:
    """By sheet and heading, what a column means and its unit; {money} and {need} stand for those of the scenario."""
    return {
        "Levers": _LEVERS, "Invest and release": _MOVES, "What pays for what": _PAIRS, "Prices of promises": _PRICES,
        "Stress tests": _TESTS, "Moves under each test": _SURVIVING, "Switching values": _SWITCHING,
        "Assumptions": _ASSUMPTIONS, ABSENT: _ABSENT,
    }  # fmt: skip


def caveats(extras: Extras) -> list[str]:
    """What must be known of the sheets beside the plan before their figures are used; of those that are there."""
    found = []
    if extras.funding:
        found.append(
            "What pays for what is paired by a rule, not by the ledgers. Spending more does not by itself release anything."
        )
    if extras.prices:
        found.append("The price of a promise is what the plan would do more without it. Prices do not add up and are no cash.")
    if extras.tests:
        found.append("The stress tests are of a fixed size, chosen beforehand; they do not say what is likely.")
    if extras.switches:
        found.append(
            "Switching values change one input at a time, all else likely; two that move together may turn the plan sooner."
        )
    late = [part.why_rest for part in (extras.prices, extras.switches) if part and part.why_rest]
    if late:
        found.append(f"Not all was worked out, and what was not is named on its sheet: {late[0]}.")
    if set(extras.absent) - {"levers"}:
        found.append(f"Some sheets are not there: the sheet {ABSENT} says which, and why.")
    return found
