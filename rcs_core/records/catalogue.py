"""The catalogue: indicators and surveys of `data_contracts/indicators.yaml`, held to the vocabulary and to the scoring rules.

An indicator says what it means, of whom it was asked, whose answers they are (the series of its cut) and whether its
definition was checked against its source; what was not checked is published and never leads a page.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.records.scoring import Need, Scoring, scoring
from rcs_core.records.scoring.cuts import Rater
from rcs_core.records.scoring.needs import MULTIPLE
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.vocab import Domain, Shanarri, Stage, Survey

_HIGH_IS = {"good": "Higher is better", "bad": "Higher means more need"}


@dataclass(frozen=True, slots=True)
class SurveyAbout:
    """A survey: its title, the stages it asks (none for parents), who is asked in words, and a note."""

    title: str
    stages: list[str]
    asked_of: str
    note: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One yes/no indicator in plain words; `contact` says whether it is crossed with named services.

    verified: whether its definition was checked against `source`. series: its cut (`instrument.cut`), where a score was cut.
    stages: those of the survey it was asked of, none for all of them; by survey where they differ. base: whose answers are
    counted, where that is not simply everybody who said yes or no. comparable_since: the wave from which its wording is
    today's; blank when it always was. further: a partnership may ask it beside the core questions; it is told where a survey
    brought it, and is no part of the count of needs. chosen_by: the key of partnership.yaml that asks for it, where the core
    brings what it is made of. among_further: the question in words where further ones stand beside it. gives_way_to: an
    indicator that says the same of some of its children; both told, the difference would be a group that nobody looked at.
    """

    title: str
    question: str
    need_band: str
    domain: str
    shanarri: list[str]
    polarity: str
    sensitive: bool
    asked_of: list[str]
    contact: bool
    verified: bool
    source: str
    series: str = ""
    stages: list[str] | dict[str, list[str]] = field(default_factory=list)
    base: str = ""
    comparable_since: str = ""
    further: bool = False
    chosen_by: str = ""
    among_further: str = ""
    gives_way_to: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All surveys and indicators by code, in the order of the contract."""

    surveys: dict[str, SurveyAbout]
    indicators: dict[str, Indicator]

    def asked(self, survey: str) -> list[str]:
        """The indicators that a survey asks, in order."""
        return [code for code, about in self.indicators.items() if survey in about.asked_of]

    def stages(self, survey: str, code: str) -> list[str]:
        """The stages of the survey that an indicator is asked of; none for parents."""
        told = self.indicators[code].stages
        own = told.get(survey, []) if isinstance(told, dict) else told
        return [stage for stage in self.surveys[survey].stages if not own or stage in own]

    def needs(self, survey: str) -> list[Need]:
        """The core questions of a survey, each with the answer that means need; further ones are no part of their count."""
        found = ((code, self.indicators[code]) for code in self.asked(survey) if not self.indicators[code].further)
        return [Need(code, about.need_band, about.domain, about.sensitive) for code, about in found]

    def reworded(self, since: Mapping[str, str]) -> "Catalogue":
        """The catalogue of a partnership that says from which wave its own questions have today's wording.

        A count of needs can be compared no further back than every question that it counts.
        """
        changed = {code: replace(self.indicators[code], comparable_since=str(wave)) for code, wave in since.items() if wave}
        own = replace(self, indicators=self.indicators | changed)
        if MULTIPLE not in own.indicators:
            return own
        composed = own.indicators[MULTIPLE]
        parts = {n.indicator for survey in composed.asked_of for n in scoring().needs.counted(own.needs(survey))}
        latest = max((own.indicators[code].comparable_since for code in (MULTIPLE, *parts)), default="")
        return replace(own, indicators=own.indicators | {MULTIPLE: replace(composed, comparable_since=latest)})

    def chosen(self, about: Mapping[str, Any], came: Mapping[str, Collection[str]]) -> "Catalogue":
        """The catalogue of what one partnership asked: a further question stays where a survey brought it.

        Where an indicator and the one it gives way to both came, only the latter stays. about: partnership.yaml. came: the
        columns of each survey, scores among them.
        """

        def told(code: str, one: Indicator, survey: str) -> bool:
            columns = came.get(survey, ())
            return (code in columns or not one.further) and (one.gives_way_to not in columns or not one.gives_way_to)

        kept = {
            code: replace(one, asked_of=[survey for survey in one.asked_of if told(code, one, survey)])
            for code, one in self.indicators.items()
            if not one.chosen_by or about.get(one.chosen_by)
        }
        return replace(self, indicators={code: one for code, one in kept.items() if one.asked_of})

    def frame(self, surveys: list[str]) -> pd.DataFrame:
        """The release's `indicators` table: one row a survey and indicator."""
        rows = [self._row(survey, code) for survey in surveys for code in self.asked(survey)]
        return pd.DataFrame(rows, columns=_COLUMNS)

    def _row(self, survey: str, code: str) -> tuple[object, ...]:
        about = self.indicators[code]
        among = about.among_further and any(self.indicators[other].further for other in self.asked(survey))
        words = (
            about.title,
            about.among_further if among else about.question,
            about.need_band,
            about.domain,
            about.shanarri[0],
            about.polarity,
        )
        rest = (about.sensitive, self.surveys[survey].asked_of, about.source, _HIGH_IS[about.polarity])
        base = about.base or f"{self.surveys[survey].asked_of} who answered yes or no"
        care = (about.verified, scoring().cut(about.series).series if about.series else "")
        stages = " ".join(self.stages(survey, code))
        return (survey, code, *words, *rest, ", ".join(about.shanarri[1:]), about.comparable_since, stages, base, *care)


_COLUMNS = ["survey", "indicator", "title", "question", "need_band", "domain", "shanarri", "polarity", "sensitive"]
_COLUMNS += ["asked_of", "source", "high_is", "shanarri_also", "comparable_since", "stages", "base", "verified", "series"]
_RATERS = {survey.value: Rater.PARENT if survey is Survey.PARENT_0_8 else Rater.SELF for survey in Survey}


def read_catalogue(path: Path) -> Catalogue:
    """Read the contract; raises SettingsError for an unknown key or a word outside the vocabulary."""
    content = read_yaml(path)
    if set(content) != {"version", "surveys", "indicators"}:
        raise SettingsError("unknown or missing key", path.name, ", ".join(sorted(content)), "version, surveys, indicators")
    surveys = {code: fill(SurveyAbout, about, f"{path.name}, {code}") for code, about in content["surveys"].items()}
    indicators = {code: fill(Indicator, about, f"{path.name}, {code}") for code, about in content["indicators"].items()}
    for code, survey in surveys.items():
        _known([code], Survey, f"{path.name}, {code}")
        _known(survey.stages, Stage, f"{path.name}, {code}, stages")
    for code, about in indicators.items():
        _check(code, about, surveys, indicators, f"{path.name}, {code}")
    return Catalogue(surveys, indicators)


def _check(code: str, about: Indicator, surveys: Mapping[str, SurveyAbout], indicators: Iterable[str], where: str) -> None:
    """Raise for a word outside the vocabulary, or a definition that the scoring rules do not bear out."""
    _known([about.domain], Domain, f"{where}, domain")
    _known(about.shanarri, Shanarri, f"{where}, shanarri")
    _known(about.asked_of, surveys, f"{where}, asked_of")
    _known([about.need_band], ("yes", "no"), f"{where}, need_band")
    _known([about.polarity], _HIGH_IS, f"{where}, polarity")
    by_survey = about.stages if isinstance(about.stages, dict) else {"": about.stages}
    _known([survey for survey in by_survey if survey], about.asked_of, f"{where}, stages")
    for survey, stages in by_survey.items():
        _known(stages, [s for one in ([survey] if survey else about.asked_of) for s in surveys[one].stages], f"{where}, stages")
    _wave(about.comparable_since, f"{where}, comparable_since")
    _known([about.gives_way_to] if about.gives_way_to else [], indicators, f"{where}, gives_way_to")
    _bears_out(code, about, scoring(), where)


def _bears_out(code: str, about: Indicator, rules: Scoring, where: str) -> None:
    """Raise where an indicator calls itself verified and its rule is not, or its rater did not answer the survey."""
    if about.series:
        rater = rules.cut(about.series).rater
        if others := [survey for survey in about.asked_of if _RATERS[survey] != rater]:
            told = f"answered by {rater}, asked in {', '.join(others)}"
            raise SettingsError("whose answers these are differs", where, told, "one rater", "give each rater its own indicator")
    shaky = [not rules.cut(about.series).verified] if about.series else []
    shaky += [not rules.derived[code].verified] if code in rules.derived else []
    if about.verified and any(shaky):
        raise SettingsError("its rule in scoring.yaml was not verified", f"{where}, verified", "true", "false")


def _known(words: list[str], allowed: Iterable[str], where: str) -> None:
    codes = [str(code) for code in allowed]
    for word in words:
        if word not in codes:
            raise SettingsError("a word is outside the vocabulary", where, repr(word), ", ".join(codes), "quote yes and no")


def _wave(label: object, where: str) -> None:
    if not isinstance(label, str) or not re.fullmatch(r"(\d{4}(-\d{2})?)?", label):
        raise SettingsError("this is no survey wave", where, repr(label), "a year such as '2025' or '2025-26'", "quote the year")


@cache
def catalogue() -> Catalogue:
    """The catalogue of `data_contracts/indicators.yaml`."""
    return read_catalogue(CONTRACTS / "indicators.yaml")
