"""What the release knows, filled in beforehand: the facts of a safety sheet, indicators with their value, a payer's body."""

from collections.abc import Iterable, Mapping, Sequence

from rcs_core.release import Release
from rcs_core.workshop.big_screen import ContractType, register
from rcs_core.workshop.decide.moves import Move
from rcs_core.workshop.decide.parts import Decision
from rcs_core.workshop.decide.rules import body_of
from rcs_core.workshop.decide.safety import Assessment, AssessmentKind, SafetySheet, ServiceFacts
from rcs_core.workshop.decide.told import who_loses
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.inputs.release_dates import Terms
from rcs_core.workshop.plan.figures import Key, choices, figure
from rcs_core.workshop.services import Basis


def sheet(release: Release, moves: Sequence[Move], rough: bool = False) -> SafetySheet | None:
    """The safety sheet of a choice of moves with all that is known; None where nothing loses."""
    losing = [m for m in moves if m.loses]
    if not losing:
        return None
    rows = register(release) if "services" in release else {}
    facts = tuple(facts_of(release, m.service_id, m.name, rows.get(m.service_id, {})) for m in losing)
    return SafetySheet(facts, who_loses(losing, rough), assessments=tuple(Assessment(kind) for kind in AssessmentKind))


def facts_of(release: Release, service: str, name: str, about: Mapping[str, object]) -> ServiceFacts:
    """What the register and the history of need say of a service; blank where they do not."""
    basis = text(about.get("statutory_basis"))
    return ServiceFacts(
        service, name, Basis(basis).label if basis in set(Basis) else basis, text(about.get("act_and_section")),
        _caseload(release, service, about), _notice(about),
    )  # fmt: skip


def _caseload(release: Release, service: str, about: Mapping[str, object]) -> str:
    """How many it serves now: by the history of need where there is one, else by the register."""
    history = release.frame("demand") if "demand" in release else None
    if history is not None and not (rows := history[history["service_id"] == service]).empty:
        last = rows.sort_values("year").iloc[-1]
        return f"{number(last['children']):,.0f} {str(last['unit']).replace('_', ' ')} in {last['year']} (release {release.id})"
    served = number(about.get("children_served"))
    return "" if served is None else f"{served:,.0f} children served a year (register, release {release.id})"


def _notice(about: Mapping[str, object]) -> str:
    """When its contract ends and what notice it has; blank where the register says neither."""
    if not about:
        return ""
    terms = Terms.of(about)
    end = [f"contract ends on {terms.contract_end}"] if terms.contract_end else []
    months = [f"{terms.notice_months:g} months' notice"] if terms.notice_months else []
    own = terms.contract_type == ContractType.IN_HOUSE.value
    inside = ["run by the funder itself, so there is no contract; own staff are redeployed"] if own and not end else []
    found = "; ".join([*end, *months, *inside])
    return found[:1].upper() + found[1:]


def indicators(release: Release) -> dict[Key, str]:
    """The indicators of a release that a decision may be followed by, as they are called."""
    return choices(release)


def indicator_words(release: Release, key: Key) -> str:
    """An indicator with its value and base today, as the decision keeps it; what is hidden stays hidden."""
    found = figure(release, key)
    return "" if found is None else f"{found.indicator.need}, {found.survey.children}: {found.told}"


def bodies(decisions: Iterable[Decision], agencies: Iterable[str]) -> list[str]:
    """The bodies offered for some payers: first what was recorded last, then what the contract offers for each."""
    recorded = [d.body for d in sorted(decisions, key=lambda d: d.at, reverse=True) if d.body]
    return list(dict.fromkeys([*recorded, *(body_of(agency) for agency in agencies)]))


def body_for(decisions: Iterable[Decision], agency: str) -> str:
    """The body that decided this agency's purse last; blank where nobody said so yet."""
    said = [d for d in decisions if d.body and d.owner_agency == agency]
    return max(said, key=lambda d: d.at).body if said else ""
