"""What each agency brought and what is missing: read from a release, with owner and day for what somebody promised to bring.

A release says which agency runs and pays services, whose money is in the ledgers, and which responsive services have a history.
It does not say who sent a survey or an extract: that stands with the agency that usually holds it (data_contracts/sessions.yaml).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Contact, Label, Survey
from rcs_core.workshop import evidence, reach
from rcs_core.workshop.evidence import SurveyInfo, listed
from rcs_core.workshop.meeting.inputs_promised import TOGETHER, Input, Promised, called
from rcs_core.workshop.meeting.life_rules import holders
from rcs_core.workshop.spend_map.money import gbp, ledger_label, pence_of

_ALIKE = (Survey.PUPIL_P5_P7, Survey.PUPIL_S1_S4), (Survey.HWC_P5_P7, Survey.HWC_S1_S6)
_MAINLY = 50
"""Per cent of a service from which on it is mainly of one kind."""


class Has(Label):
    """Whether an input is in the release."""

    THERE = "there", "There"
    PARTLY = "partly", "Partly"
    MISSING = "missing", "Missing"


@dataclass(frozen=True, slots=True)
class Found:
    """One input of one agency. words: how many and of when, as the release says; short: the same in a cell."""

    agency: str
    input: Input
    has: Has
    words: str = ""
    short: str = ""

    @property
    def lacks(self) -> bool:
        """Whether somebody should bring something."""
        return self.has is not Has.THERE


@dataclass(frozen=True)
class _Case:
    """A release as the rules look at it, with the register's rows of each agency."""

    release: Release
    services: pd.DataFrame = field(default_factory=pd.DataFrame)
    spend: pd.DataFrame = field(default_factory=pd.DataFrame)

    @classmethod
    def of(cls, release: Release) -> "_Case":
        names = ("services", "spend")
        services, spend = (release.frame(n) if n in release else pd.DataFrame() for n in names)
        return cls(release, services, spend)

    def runs_or_pays(self, agency: str) -> pd.DataFrame:
        rows = self.services
        return rows if rows.empty else rows[rows["provider_agency"].eq(agency) | rows["funder_agency"].eq(agency)]

    def pays(self, agency: str) -> pd.DataFrame:
        rows = self.services
        return rows if rows.empty else rows[rows["funder_agency"].eq(agency)]

    def mainly(self, agency: str, *columns: str) -> set[str]:
        """The services that an agency pays for and that are mainly of these levels."""
        rows = self.pays(agency)
        return set() if rows.empty else set(rows.loc[rows[list(columns)].sum(axis=1) > _MAINLY, "service_id"].astype(str))

    def rows(self, table: str) -> pd.DataFrame:
        return self.release.frame(table) if table in self.release else pd.DataFrame(columns=["service_id"])


def board(release: Release) -> tuple[Found, ...]:
    """Every input of every agency of the release, where the agency could bring it; nothing is made up where it says nothing."""
    case = _Case.of(release)
    found = [*_surveys(release), *_records(release)]
    for agency in _agencies(case):
        found += [one for rule in (_register, _ledger, _budgets, _demand, _effects) if (one := rule(case, agency))]
    if case.services.empty:
        found += [Found(TOGETHER, one, Has.MISSING, "not in the release", "none") for one in (Input.REGISTER, Input.LEDGER)]
    order = {agency: k for k, agency in enumerate([TOGETHER, *_agencies(case)])}
    inputs = list(Input)
    return tuple(sorted(found, key=lambda one: (order.get(one.agency, len(order)), one.agency, inputs.index(one.input))))


def _agencies(case: _Case) -> list[str]:
    """The agencies that run or pay services of the register, or pay in a ledger; the most money first."""
    money = {} if case.spend.empty else case.spend.groupby("agency")["amount_gbp"].sum().to_dict()
    named = set() if case.services.empty else set(case.services["provider_agency"]) | set(case.services["funder_agency"])
    codes = {evidence.text(code) for code in [*named, *money]} - {""}
    return sorted(codes, key=lambda code: (-float(money.get(code, 0)), code))


def _surveys(release: Release) -> list[Found]:
    """Pupil surveys with who usually holds them, the parents' survey with the partnership; and the pupil census beside them."""
    have = {s.code: s for s in evidence.surveys(release)}
    wanted = next((pair for pair in _ALIKE if {*pair} & {*have}), _ALIKE[0])
    there = [have[code] for code in wanted if code in have]
    lacking = [code.label for code in wanted if code not in have]
    state = Has.MISSING if not there else Has.PARTLY if lacking else Has.THERE
    said = [*map(_survey, there), *(f"{name}: not in the release" for name in lacking)]
    held, waves = holders(), listed(sorted({s.wave for s in there}))
    pupils = Found(held["pupil_surveys"], Input.SURVEY, state, "; ".join(said), waves or "none")
    return [pupils, _parents(have.get(Survey.PARENT_0_8)), _census(release, held["pupil_census"])]


def _parents(survey: SurveyInfo | None) -> Found:
    if survey is None:
        return Found(TOGETHER, Input.SURVEY, Has.MISSING, f"{Survey.PARENT_0_8.label}: not in the release", "none")
    return Found(TOGETHER, Input.SURVEY, Has.THERE, _survey(survey), survey.wave)


def _survey(survey: SurveyInfo) -> str:
    answered = f", {survey.response_pct:.0f}% answered" if survey.response_pct is not None else ""
    return f"{survey.title}, {survey.wave}{answered}"


def _census(release: Release, agency: str) -> Found:
    """The roll that pupil surveys are set against; without such a survey a release shows nothing of the census."""
    rows = evidence.current(release, "surveys") if "surveys" in release else pd.DataFrame()
    roll = 0 if rows.empty else int(pd.to_numeric(rows["roll"], errors="coerce").fillna(0).sum())
    if not roll:
        return Found(agency, Input.CENSUS, Has.MISSING, "no roll stands in the release", "none")
    words = f"{roll:,} pupils on the roll of the surveyed stages, {release.manifest.year}"
    return Found(agency, Input.CENSUS, Has.THERE, words, f"{roll:,}")


def _records(release: Release) -> list[Found]:
    pupils = [s for s in evidence.surveys(release) if s.of_pupils]
    kinds = {"social_work": Contact.SOCIAL_WORK, "additional_support": Contact.ADDITIONAL_SUPPORT}
    return [_record(release, holders()[name], contact, pupils) for name, contact in kinds.items()]


def _record(release: Release, agency: str, contact: Contact, pupils: Sequence[SurveyInfo]) -> Found:
    """Whether an extract is linked to answers, counted only, or not there."""
    linked = [s for s in pupils if reach.linked(release, s.code) and contact in reach.contacts(release, s.code)]
    counted = [s for s in pupils if s not in linked and _counted(release, s.code, contact)]
    name = contact.label
    if not linked and not counted:
        return Found(agency, Input.RECORDS, Has.MISSING, f"{name}: not in the release", "none")
    said = [f"linked to answers of {s.children}, {s.wave}" for s in linked]
    said += [f"totals only for {s.children}, {s.wave}" for s in counted]
    short = "linked in part" if linked and counted else "linked" if linked else "totals only"
    return Found(agency, Input.RECORDS, Has.PARTLY if counted else Has.THERE, f"{name}: {listed(said)}", short)


def _counted(release: Release, survey: str, contact: Contact) -> bool:
    table = f"{survey}_contact_roll"
    return table in release and contact.value in set(evidence.current(release, table)["contact"])


def _register(case: _Case, agency: str) -> Found:
    rows = case.runs_or_pays(agency)
    if rows.empty:
        return Found(agency, Input.REGISTER, Has.MISSING, "its money is in a ledger, and no service names it", "none")
    blank = int(rows["children_served"].isna().sum())
    short = _many(len(rows), "service")
    words = f"{short} that it runs or pays for{_lack(blank, 'children served')}"
    return Found(agency, Input.REGISTER, Has.PARTLY if blank else Has.THERE, words, short)


def _ledger(case: _Case, agency: str) -> Found | None:
    """Its spend on services; nothing is asked of an agency that the register names as the payer of none."""
    funded = set(case.pays(agency)["service_id"].astype(str)) if not case.services.empty else set()
    paid = case.spend[case.spend["agency"] == agency] if not case.spend.empty else case.spend
    if paid.empty:
        words = f"none on the {_many(len(funded), 'service')} that it pays for"
        return Found(agency, Input.LEDGER, Has.MISSING, words, "none") if funded else None
    own, years = _many(paid["service_id"].nunique(), "service"), listed(sorted(set(paid["financial_year"].astype(str))))
    lacking = len(funded - set(case.spend["service_id"].astype(str)))
    words = f"spend on {own}, {years}{_lack(lacking, 'any spend')}"
    return Found(agency, Input.LEDGER, Has.PARTLY if lacking else Has.THERE, words, own)


def _budgets(case: _Case, agency: str) -> Found | None:
    paid = set() if case.spend.empty else set(case.spend.loc[case.spend["agency"] == agency, "service_id"].astype(str))
    if not paid:
        return None
    rows = case.rows("budgets")
    own = rows[rows["agency"] == agency] if "agency" in rows else rows.iloc[:0]
    if own.empty:
        return Found(agency, Input.BUDGETS, Has.MISSING, "none in the release", "none")
    years = listed(sorted(set(own["financial_year"].astype(str)))) if "financial_year" in own else ""
    lacking = len(paid - set(own["service_id"].astype(str)))
    short = _many(own["service_id"].nunique(), "service")
    words = ", ".join(filter(None, (short, years))) + _lack(lacking, "a budget")
    return Found(agency, Input.BUDGETS, Has.PARTLY if lacking else Has.THERE, words, short)


def _demand(case: _Case, agency: str) -> Found | None:
    rows = case.rows("demand")
    found = _of(case.mainly(agency, "pct_responsive"), rows)
    years = sorted(set(rows.loc[rows["service_id"].isin(found[1]), "year"].astype(str))) if found and found[1] else []
    span = f", {years[0]} to {years[-1]}" if len(years) > 1 else f", {years[0]}" if years else ""
    return _share(agency, Input.DEMAND, found, "responsive service", span)


def _effects(case: _Case, agency: str) -> Found | None:
    rows = case.rows("effects")
    known = rows[rows["state"] != "missing"] if "state" in rows else rows
    found = _of(case.mainly(agency, "pct_primary", "pct_secondary", "pct_tertiary"), known)
    return _share(agency, Input.EFFECTS, found, "preventative service", "")


def _of(wanted: set[str], rows: pd.DataFrame) -> tuple[set[str], set[str]] | None:
    """The services of which something is asked, and those of which it is there; None where it is asked of none."""
    return (wanted, wanted & set(rows["service_id"].astype(str))) if wanted else None


def _share(agency: str, input: Input, found: tuple[set[str], set[str]] | None, what: str, more: str) -> Found | None:
    if found is None:
        return None
    wanted, there = found
    has = Has.MISSING if not there else Has.THERE if there == wanted else Has.PARTLY
    words = f"{len(there)} of {_many(len(wanted), what)} that it pays for{more}"
    return Found(agency, input, has, words, f"{len(there)} of {len(wanted)}")


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _lack(number: int, what: str) -> str:
    return f"; {number} without {what}" if number else ""


def ledgers(release: Release) -> list[str]:
    """For each ledger that was sent, how much of it is mapped to services; of a ledger it is not said which agency sent it."""
    rows = release.rows("ledger_totals") if "ledger_totals" in release else []
    said = []
    for row in rows:
        whole, left = (int(pence_of(pd.Series([row[name]])).iloc[0]) for name in ("control_total", "unmapped"))
        name = f"{ledger_label(str(row['ledger']))}, {row['financial_year']}"
        said.append(f"Ledger {name}: {gbp(left)} of {gbp(whole)} is mapped to no service.")
    return said


def headline(found: Sequence[Found], given: Mapping[tuple[str, Input], Promised], today: date) -> str:
    """How many inputs are there, how many are not, and who brings them."""
    lacking = [one for one in found if one.lacks]
    promises = [given[one.agency, one.input] for one in lacking if (one.agency, one.input) in given]
    late = sum(p.overdue(today) for p in promises)
    first = f"{len(found) - len(lacking)} of {len(found)} inputs are in the release"
    if not lacking:
        return f"{first}."
    nobody = len(lacking) - len(promises)
    rest = [f"{len(lacking)} {'is' if len(lacking) == 1 else 'are'} missing or there in part"]
    rest += [f"{nobody} of them {'has' if nobody == 1 else 'have'} no owner"] if nobody else []
    rest += [f"{late} {'is' if late == 1 else 'are'} overdue"] if late else []
    return f"{first}; {listed(rest)}."


def frame(found: Sequence[Found], given: Mapping[tuple[str, Input], Promised], today: date) -> pd.DataFrame:
    """The board: one row an agency, one column an input, each cell with its state, its number and who brings what is missing."""
    inputs = [one for one in Input if any(f.input is one for f in found)]
    cells = {(f.agency, f.input): f for f in found}
    rows = []
    for agency in dict.fromkeys(f.agency for f in found):
        own = [(cells.get((agency, one)), given.get((agency, one))) for one in inputs]
        rows.append([called(agency), *(_cell(f, p, today) for f, p in own)])
    return pd.DataFrame(rows, columns=["Agency", *(one.label for one in inputs)])


def _cell(found: Found | None, given: Promised | None, today: date) -> str:
    if found is None:
        return ""
    said = ", ".join(filter(None, (found.has.label, found.short)))
    if given is None or not found.lacks:
        return said
    return f"{said}; {given.owner} by {given.day}{' (overdue)' if given.overdue(today) else ''}"


def missing(found: Sequence[Found], given: Mapping[tuple[str, Input], Promised], today: date) -> pd.DataFrame:
    """What is missing or there in part: what the release says of it, and who brings it by when."""
    rows = []
    for one in (f for f in found if f.lacks):
        own = given.get((one.agency, one.input))
        day = f"{own.day}{' (overdue)' if own.overdue(today) else ''}" if own else ""
        rows.append((called(one.agency), one.input.label, one.has.label, one.words, own.owner if own else "Nobody yet", day))
    return pd.DataFrame(rows, columns=["Agency", "Input", "State", "In the release", "Who brings it", "By"])
