"""The rules that look at the register and at need: capacity, evidence, contracts, need that no service or little money is for."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from rcs_core.workshop.challenge.found import Case, Found, Rule, amounts, count, told
from rcs_core.workshop.contracting import Why, said_day
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.need_money import Outcome, Side, outcomes
from rcs_core.workshop.need_money.beside import Row
from rcs_core.workshop.services import LARGEST

COUNT = frozenset({"count", "of"})
NAMES = frozenset({"names"})
UNIVERSAL, UNEVIDENCED, CONFIDENTIAL = "universal", ("", "none"), "price_confidential"


def _no_capacity(case: Case, _: float) -> Found | None:
    judged = case.alone
    judged = judged[(judged["reach"].map(text) != UNIVERSAL) & (judged["prevents"] > 0)]
    if CONFIDENTIAL in judged:
        judged = judged[judged[CONFIDENTIAL].map(text) != "yes"]
    rows = judged[judged["capacity"].isna()]
    return count(told(case, rows), len(judged), "services judged", 100 * len(rows) / len(judged)) if len(judged) else None


def _unevidenced(case: Case, _: float) -> Found | None:
    services = case.alone
    largest = services[services["prevents"] > 0].nlargest(LARGEST, "prevents")
    rows = largest[largest["evidence_rating"].map(text).isin(UNEVIDENCED)]
    if largest.empty:
        return None
    found = told(case, rows, Evidence="evidence_rating")
    found["Prevention as tagged (£)"] = amounts(case, rows, rows["prevents"])
    return count(found, len(largest), "largest preventative services")


def _rated_without_source(case: Case, _: float) -> Found | None:
    services = case.alone
    rated = services[~services["evidence_rating"].map(text).isin(UNEVIDENCED)]
    rows = rated[rated["evidence_source"].map(text) == ""]
    return count(told(case, rows, Evidence="evidence_rating"), len(rated), "rated services") if len(rated) else None


def _contracts(case: Case, why: Why) -> Found | None:
    """The bought services that *6 Contracts* gives a reason for, with their rows."""
    if not case.contracts:
        return None
    ids = {c.service for c in case.contracts if why in c.why}
    rows = case.alone[case.alone["service_id"].isin(ids)]
    columns = {"Bought by": "contract_type"} | ({"Ends on": "contract_end"} if why is Why.ENDED else {})
    return count(told(case, rows, **columns), len(case.contracts), "bought services")


def _no_contract_end(case: Case, _: float) -> Found | None:
    return _contracts(case, Why.NO_END)


def _contract_over(case: Case, _: float) -> Found | None:
    """Agreements whose end date has passed on the day that is looked at."""
    found = _contracts(case, Why.ENDED)
    return replace(found, words={**found.words, "day": said_day(case.today)}) if found else None


def _need_without_service(case: Case, limit: float) -> Found | None:
    """Parts of life that no service with money names, and the questions on them with a share over the limit."""
    views = case.needs
    if not any(row.needs for view in views for row in view.rows):
        return None
    served = {o.code for o in outcomes(case.release, Outcome.DOMAIN) if o.whole.high > 0}
    unserved = [(v, r, n) for v in views for r in v.rows if r.spend.code not in served for n in r.needs]
    over = [(r.spend.label, n.indicator.label, v.survey.title, n.share) for v, r, n in unserved if n.pct > limit]
    rows = pd.DataFrame(
        [(label, question, who, share.pct.text(), share.interval()) for label, question, who, share in over],
        columns=["Part of life", "Question", "Children", "% with need", "95% interval"],
    )
    names = {label for label, *_ in over}
    measure = max((n.pct for _, _, n in unserved), default=0.0)
    words = {"names": _by_survey([(label, who) for label, _, who, _ in over])}
    return Found(measure, f"{len(names)} parts of life, {len(over)} questions", words, rows)


def _need_little_prevention(case: Case, _: float) -> Found | None:
    views = [view for view in case.needs if view.drawn]
    if not views:
        return None
    found = [(v, r, r.lead) for v in views for r in v.drawn if r.side is Side.MORE_LESS and r.lead]
    rows = pd.DataFrame(
        [
            (r.spend.label, v.survey.title, n.indicator.label, n.share.pct.text(), n.share.interval(), *_pounds(r), _sure(r.sure))
            for v, r, n in found
        ],
        columns=[
            "Part of life", "Children", "Question", "% with need", "95% interval", "Preventative spend (£)", "Low (£)",
            "High (£)", "Do the ranges settle it?",
        ],
    )  # fmt: skip
    names = {r.spend.label for _, r, _ in found}
    drawn = len({r.spend.code for v in views for r in v.drawn})
    words = {"names": _by_survey([(r.spend.label, v.survey.title) for v, r, _ in found])}
    return Found(len(names), f"{len(names)} of {drawn} parts of life", words, rows)


def _by_survey(found: Sequence[tuple[str, str]]) -> str:
    """Parts of life as a list, each with the children whose survey tells of it."""
    asked = {label: dict.fromkeys(who for of, who in found if of == label) for label in sorted({label for label, _ in found})}
    return listed(f"{label} ({', '.join(f'{who[:1].lower()}{who[1:]}' for who in whom)})" for label, whom in asked.items())


def _pounds(row: Row) -> tuple[float, float, float]:
    spent = row.spend.preventative
    return spent.main / 100, spent.low / 100, spent.high / 100


def _sure(sure: bool) -> str:
    return "yes" if sure else "no, one reaches over the middle"


REGISTER_RULES = {
    "no_capacity": Rule(_no_capacity, COUNT),
    "unevidenced": Rule(_unevidenced, COUNT),
    "rated_without_source": Rule(_rated_without_source, COUNT),
    "no_contract_end": Rule(_no_contract_end, COUNT),
    "contract_over": Rule(_contract_over, COUNT | {"day"}),
    "need_without_service": Rule(_need_without_service, NAMES),
    "need_little_prevention": Rule(_need_little_prevention, NAMES),
}
