"""What regret says, in words: which of a few plans loses least at worst, whatever comes.

In: a shift with the findings of `explore.regret`. Out: a sentence whose numbers are the findings', and a plain frame.
"""

import pandas as pd

from rcs_core.workshop.explore.regret import DRAWS, Candidate, Regret
from rcs_core.workshop.explore.strains import Strain
from rcs_core.workshop.sentence import Figure, Sentence, count, per_cent
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.why.names import Parts, told
from rcs_core.workshop.why.strained import amount, exactly, label
from rcs_core.workshop.why.stress import in_pounds

_SMALL = 0.01
_NOTHING = 1e-6


def no_regret(shift: Shift, found: Regret) -> Sentence:
    """The plan that loses least at worst, of outcome and of money."""
    best, frugal, scenario, rough = found.least(), found.least(money=True), shift.scenario, shift.found.discussion_only
    worst, basis = found.worst(best), _losses()
    parts: Parts = {
        "plans": count(len(found.candidates), "plan"), "states": count(len(found.states), "state"), "best": plan_name(best),
        "loss": _share(worst.outcome), "money": amount(scenario, worst.money, rough),
    }  # fmt: skip
    head = (
        "Of {plans} in {states}, {best} loses least of the outcome at worst ({loss}), and lacks at most {money} beyond what "
        "has to be found whatever is done"
    )
    if best == frugal:
        return told(f"{head}; no other lacks less.", parts, basis)
    other = found.worst(frugal)
    parts |= {"frugal": _first(plan_name(frugal)), "less": amount(scenario, other.money, rough), "more": _share(other.outcome)}
    return told(f"{head}. {{frugal}} lacks less ({{less}}), but loses up to {{more}} of the outcome.", parts, basis)


def _losses() -> str:
    return (
        "A state is one way in which things may turn out: as expected, or as in a test. The outcome is the care that is no "
        "longer needed, as the plan counts it. Each plan is carried out as it is in each state, against the best plan of that "
        "state: what it has less of the outcome, and what its purses lack beyond the least that has to be found there. The two "
        "are never added up."
    )


def _share(loss: float) -> Figure:
    """A loss as a share of the best outcome; a small one with a decimal."""
    return exactly(round(loss, 3)) if loss < _SMALL else per_cent(loss)


def plan_name(code: str) -> str:
    """What a candidate plan is called in a sentence."""
    label = Candidate(code).label if code in set(Candidate) else code
    return label[:1].lower() + label[1:] if code != Candidate.AS_IS.value else "leaving all as it is"


def state_name(code: str) -> str:
    """What a state of the world is called in a table."""
    if code == DRAWS:
        return "The worst of the draws"
    return label(Strain(code)) if code in set(Strain) else code


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def regret_table(found: Regret) -> pd.DataFrame:
    """Each plan and what it loses at worst: outcome (%) and money (GBP), each with the state in which that is most."""
    rows = []
    for plan in found.candidates:
        losses = {state.name: found.losses[plan, state.name] for state in found.states}
        outcome, money = max(losses, key=lambda s: losses[s].outcome), max(losses, key=lambda s: losses[s].money)
        rows.append(
            {
                "Plan": Candidate(plan).label if plan in set(Candidate) else plan,
                "Outcome lost at worst (%)": round(100 * losses[outcome].outcome, 1) + 0.0,
                "Lost most under": _where(outcome, losses[outcome].outcome),
                "Lacks at worst (£)": in_pounds(losses[money].money),
                "Lacks most under": _where(money, losses[money].money),
            }
        )
    return pd.DataFrame(rows)


def _where(state: str, loss: float) -> str:
    return state_name(state) if loss > _NOTHING else ""
