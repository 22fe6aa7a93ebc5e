"""What people typed, made tidy and looked at: everything that is missing or too long, said at once."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from rcs_core.errors import RcsError
from rcs_core.vocab import Agency, Shanarri
from rcs_core.workshop.decide.parts import UNNAMED, Dissent, Draft, Verdict
from rcs_core.workshop.decide.rules import limits
from rcs_core.workshop.decide.safety import WORDS, SafetySheet

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff\ud800-\udfff]")
"""Signs that nobody sees and that change how others are read; line ends and tabs are not among them."""
_LINES = re.compile(r"\n{3,}")
WHERE = "Decide"


class DecisionError(RcsError):
    """A decision that cannot be recorded as it was typed."""


def line(text: str) -> str:
    """A text as one line."""
    return " ".join(_UNSEEN.sub("", text.replace("\r", "\n")).split())


def passage(text: str) -> str:
    """A text of several lines, without what nobody sees and without blank ends."""
    plain = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LINES.sub("\n\n", "\n".join(" ".join(one.split()) for one in plain.split("\n"))).strip()


def tidy(draft: Draft) -> Draft:
    """A draft with every text tidy, and without conditions and dissent that say nothing."""
    dissent = tuple(Dissent(one.agency, line(one.who), passage(one.words)) for one in draft.dissent)
    return replace(
        draft,
        title=line(draft.title),
        owner=line(draft.owner),
        body=line(draft.body),
        indicator_words=passage(draft.indicator_words),
        conditions=tuple(dict.fromkeys(text for one in draft.conditions if (text := passage(one)))),
        dissent=tuple(one for one in dissent if one.words or one.who),
        safety=draft.safety and _tidy_sheet(draft.safety),
    )


def _tidy_sheet(sheet: SafetySheet) -> SafetySheet:
    facts = ("statutory_basis", "act_and_section", "caseload", "notice")
    services = tuple(replace(one, **{key: passage(getattr(one, key)) for key in facts}) for one in sheet.services)
    done = tuple(replace(one, not_needed=passage(one.not_needed)) for one in sheet.assessments)
    return replace(sheet, services=services, assessments=done, **{key: passage(getattr(sheet, key)) for key in WORDS})


def checked(draft: Draft, author: str, agency: str = "") -> Draft:
    """A tidy draft that can be recorded. Raises DecisionError with everything that is missing, too long or not known."""
    found = tidy(draft)
    absent, wrong = list(_absent(found, line(author))), [*_unknown(found, agency), *_too_long(found, line(author))]
    if not absent and not wrong:
        return found
    raise DecisionError(
        "this cannot be recorded yet",
        WHERE,
        "; ".join(filter(None, (f"{', '.join(absent)} {'is' if len(absent) == 1 else 'are'} missing" if absent else "", *wrong))),
        "a title and a name; for go and explore an owner and a day; for go a body, an outcome and an indicator too",
        "fill in what is named here and record it again: nothing that you typed is lost",
    )


def _absent(draft: Draft, author: str) -> Iterator[str]:
    wanted: dict[str, object] = {"a title": draft.title, "your name": author}
    if draft.verdict is not Verdict.STOP:
        wanted |= {"the owner": draft.owner, "the owner's agency": draft.owner_agency, "the day by which it is done": draft.by}
    if draft.verdict is Verdict.GO:
        wanted |= {
            "the body that decides": draft.body, "the wellbeing outcome": draft.outcome,
            "an indicator": draft.indicator or draft.indicator_words,
        }  # fmt: skip
    yield from (words for words, value in wanted.items() if not value)
    for one in draft.dissent:
        if not one.words or not (one.agency or one.who == UNNAMED):
            yield f"the {'words' if one.agency else 'agency'} of the dissent of {one.who or 'an agency'}"


def _unknown(draft: Draft, agency: str) -> Iterator[str]:
    codes = {draft.owner_agency, agency, *(one.agency for one in draft.dissent)} - {""}
    yield from (f"{code} is no agency" for code in sorted(codes - set(Agency)))
    if draft.outcome and draft.outcome not in set(Shanarri):
        yield f"{draft.outcome} is no wellbeing outcome"
    if stray := sorted({m.service_id for m in draft.money} - set(draft.service_ids)):
        yield f"money of services that the decision does not name: {', '.join(stray)}"
    if draft.by is not None and draft.by < date(2000, 1, 1):
        yield f"{draft.by.isoformat()} is long past"


def _too_long(draft: Draft, author: str) -> Iterator[str]:
    most = limits()
    short = {"the title": draft.title, "your name": author, "the owner": draft.owner, "the body": draft.body}
    short |= {"the name of who dissents": max((one.who for one in draft.dissent), key=len, default="")}
    texts = {"the indicator": draft.indicator_words, **(draft.safety.texts() if draft.safety else {})}
    texts |= {f"condition {k + 1}": text for k, text in enumerate(draft.conditions)}
    texts |= {f"dissent {k + 1}": one.words for k, one in enumerate(draft.dissent)}
    for allowed, group in ((most["title"], short), (most["words"], texts)):
        for what, text in group.items():
            if len(text) > allowed:
                yield f"{what} has {len(text):,} letters where {allowed:,} are the most"
    counted = {"conditions": draft.conditions, "dissent": draft.dissent, "services": draft.service_ids}
    for what, items in counted.items():
        if len(items) > most[what]:
            yield f"{len(items)} {what} where {most[what]} are the most"
