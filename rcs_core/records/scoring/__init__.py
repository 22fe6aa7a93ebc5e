"""Scores made from answers, by the rules of `data_contracts/scoring.yaml`: instruments, recoded answers, counts of needs.

`score_survey` does all of it for one survey: `score_sdq` and `score_wellbeing` score the two instruments, `derive` makes
the answers that a survey did not bring but can be had from other columns, `count_needs` says how many needs a pupil has.
No item wording is known here: the instruments are copyrighted. docs/methods/scoring.md says each rule in words, with its
source.
"""

from rcs_core.records.scoring.contract import Scoring, read_scoring, scoring
from rcs_core.records.scoring.cuts import Cut, headline_cut, same_series
from rcs_core.records.scoring.derived import derive
from rcs_core.records.scoring.means import MeanRules, group_mean
from rcs_core.records.scoring.needs import Need, NeedsRules, count_needs
from rcs_core.records.scoring.sdq import MissingRule, SdqRules, score_sdq, sdq_band
from rcs_core.records.scoring.states import answer_states, count_states, only_asked
from rcs_core.records.scoring.survey import score_survey
from rcs_core.records.scoring.wellbeing import WellbeingRules, score_wellbeing

__all__ = [
    "Cut",
    "MeanRules",
    "MissingRule",
    "Need",
    "NeedsRules",
    "Scoring",
    "SdqRules",
    "WellbeingRules",
    "answer_states",
    "count_needs",
    "count_states",
    "derive",
    "group_mean",
    "headline_cut",
    "only_asked",
    "read_scoring",
    "same_series",
    "score_sdq",
    "score_survey",
    "score_wellbeing",
    "scoring",
    "sdq_band",
    "sdq_rules",
]


def sdq_rules() -> SdqRules:
    """The rules of the self-report, from `data_contracts/scoring.yaml`."""
    return scoring().sdq_self_report
