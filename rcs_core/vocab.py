"""The field's words as enums, each list versioned with the data contracts that use it.

Sources: the programme's own materials, the Scottish Government's *Defining Prevention* and
*Preventative Budgeting Tool* (2026), GIRFEC's wellbeing indicators.
"""

from enum import StrEnum


class Label(StrEnum):
    """A code that carries its plain-English label as `label`."""

    label: str

    def __new__(cls, code: str, label: str = "") -> "Label":
        """Make the code a string that also knows its label."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label or code.replace("_", " ").capitalize()
        return member


class CellState(Label):
    """Why a cell shows a number or does not; absence is a state, never a number."""

    SHOWN = "shown", "Shown"
    SUPPRESSED = "suppressed", "Hidden so that no child can be singled out"
    UNRELIABLE = "unreliable", "Too few answers to be reliable"
    NOT_ASKED = "not_asked", "Not asked of this stage"
    CANNOT_OCCUR = "cannot_occur", "Cannot occur"
    NOT_COLLECTED = "not_collected", "Not collected"

    @property
    def mark(self) -> str:
        """The mark that stands in a table instead of the number."""
        return _MARKS[self]

    @property
    def said(self) -> str:
        """The mark with a word or two, where no legend can stand beside it: `hidden [c]`."""
        return f"{_SAID[self]} {self.mark}".strip()


_MARKS = {
    CellState.SHOWN: "",
    CellState.SUPPRESSED: "[c]",
    CellState.UNRELIABLE: "[u]",
    CellState.NOT_ASKED: "[z]",
    CellState.CANNOT_OCCUR: "[z]",
    CellState.NOT_COLLECTED: "[x]",
}
_SAID = {
    CellState.SHOWN: "",
    CellState.SUPPRESSED: "hidden",
    CellState.UNRELIABLE: "too few answers",
    CellState.NOT_ASKED: "not asked",
    CellState.CANNOT_OCCUR: "cannot occur",
    CellState.NOT_COLLECTED: "not collected",
}


class AnswerState(Label):
    """What stands for an answer in a survey: the states are never mixed, and only a value is ever counted."""

    VALUE = "value", "Answered"
    MISSING = "missing", "Left out"
    PREFER_NOT_TO_SAY = "prefer_not_to_say", "Preferred not to say"
    NOT_ASKED_OF_STAGE = "not_asked_of_stage", "Not asked of this stage"
    NOT_COLLECTED = "not_collected", "Not collected"


class Survey(Label):
    """The three wellbeing surveys of the programme, and the Health and Wellbeing Census as two; each is optional input."""

    PARENT_0_8 = "parent_0_8", "Parents of children aged 0 to 8"
    PUPIL_P5_P7 = "pupil_p5_p7", "Pupils in P5 to P7"
    PUPIL_S1_S4 = "pupil_s1_s4", "Pupils in S1 to S4"
    HWC_P5_P7 = "hwc_p5_p7", "Health and Wellbeing Census, P5 to P7"
    HWC_S1_S6 = "hwc_s1_s6", "Health and Wellbeing Census, S1 to S6"

    @property
    def of_pupils(self) -> bool:
        """Whether pupils answered it themselves, so that it can be linked to the pupil census."""
        return self is not Survey.PARENT_0_8

    @property
    def file(self) -> str:
        """The stem of the file that it comes in; one file may hold two surveys, told apart by stage."""
        return "health_and_wellbeing_census" if self.value.startswith("hwc_") else f"survey_{self.value}"


class Domain(Label):
    """The part of a child's life that a survey question is about."""

    PHYSICAL_HEALTH = "physical_health", "Physical health"
    MENTAL_WELLBEING = "mental_wellbeing", "Mental wellbeing"
    FAMILY = "family", "Family"
    PEERS = "peers", "Friends and peers"
    LEARNING = "learning", "School and learning"
    LOCAL_AREA = "local_area", "Local area"


class Shanarri(Label):
    """GIRFEC's eight wellbeing indicators."""

    SAFE = "safe"
    HEALTHY = "healthy"
    ACHIEVING = "achieving"
    NURTURED = "nurtured"
    ACTIVE = "active"
    RESPECTED = "respected"
    RESPONSIBLE = "responsible"
    INCLUDED = "included"


class Stage(Label):
    """School stages, P1 to S6."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"
    P6 = "P6"
    P7 = "P7"
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"
    S5 = "S5"
    S6 = "S6"


class Sex(Label):
    """Sex as the pupil census records it."""

    FEMALE = "female", "Girls"
    MALE = "male", "Boys"
    NOT_KNOWN = "not_known", "Not known"


class SimdQuintile(Label):
    """Scottish Index of Multiple Deprivation, national fifths."""

    Q1 = "1", "1 (most deprived)"
    Q2 = "2", "2"
    Q3 = "3", "3"
    Q4 = "4", "4"
    Q5 = "5", "5 (least deprived)"
    NOT_KNOWN = "not_known", "Not known"


class AreaLevel(Label):
    """The geography of a release, from the top down."""

    COUNCIL = "council", "Council area"
    CLUSTER = "cluster", "School cluster"
    SCHOOL = "school", "School"


class Contact(Label):
    """Which named service a child is in contact with; never a bare 'contact'."""

    ALL = "ALL", "All children"
    NONE = "none", "Neither service"
    EITHER = "either", "Social work or additional support for learning"
    SOCIAL_WORK = "social_work", "Social work"
    NO_SOCIAL_WORK = "no_social_work", "No social work"
    ADDITIONAL_SUPPORT = "additional_support", "Additional support for learning"
    NO_ADDITIONAL_SUPPORT = "no_additional_support", "No additional support for learning"
    SOCIAL_WORK_ONLY = "social_work_only", "Social work only"
    ADDITIONAL_SUPPORT_ONLY = "additional_support_only", "Additional support for learning only"
    BOTH = "both", "Both services"
    LOOKED_AFTER = "looked_after", "Looked after"
    SOCIAL_WORK_NOT_LOOKED_AFTER = "social_work_not_looked_after", "Social work, not looked after"
    NOT_LOOKED_AFTER = "not_looked_after", "Not looked after"


class Agency(Label):
    """Who pays for, or runs, a service."""

    COUNCIL_EDUCATION = "council_education", "Council: education"
    COUNCIL_SOCIAL_WORK = "council_social_work", "Council: social work"
    COUNCIL_CLD_YOUTH = "council_cld_youth", "Council: community learning and youth"
    COUNCIL_HOUSING = "council_housing", "Council: housing"
    COUNCIL_OTHER = "council_other", "Council: other"
    NHS_BOARD = "nhs_board", "NHS board"
    HSCP = "hscp", "Health and social care partnership"
    POLICE_SCOTLAND = "police_scotland", "Police Scotland"
    FIRE = "fire", "Scottish Fire and Rescue"
    SCRA_CHS = "scra_chs", "Children's Reporter and Hearings"
    THIRD_SECTOR = "third_sector", "Third sector"
    INDEPENDENT = "independent", "Independent provider"
    COLLEGE_SKILLS = "college_skills", "College and skills"
    UK_DWP = "uk_dwp", "UK: Work and Pensions"
    SG_RING_FENCED = "sg_ring_fenced", "Scottish Government ring-fenced fund"


class PreventionLevel(Label):
    """What a pound is for, by main purpose and target population (*Defining Prevention*)."""

    PRIMARY = "primary", "Primary prevention (stop a problem arising)"
    SECONDARY = "secondary", "Secondary prevention (early emergence)"
    TERTIARY = "tertiary", "Tertiary prevention (stop it getting worse)"
    RESPONSIVE = "responsive", "Responsive (acute)"
    OTHER = "other", "Other"

    @property
    def preventative(self) -> bool:
        """Whether the level counts as prevention (Preventative Budgeting Tool, 2026)."""
        return self in (PreventionLevel.PRIMARY, PreventionLevel.SECONDARY, PreventionLevel.TERTIARY)


class InputState(Label):
    """How well a number is known; what is guessed is called a guess."""

    MEASURED = "measured", "Measured here"
    PUBLISHED_ELSEWHERE = "published_elsewhere", "Published elsewhere"
    GROUP_ESTIMATE = "group_estimate", "Estimate of the group"
    PRODUCT_DEFAULT = "product_default", "Assumption of this tool"
    MISSING = "missing", "Missing"

    @property
    def guess(self) -> bool:
        """Whether a result that rests on this input rests on a guess."""
        return self not in (InputState.MEASURED, InputState.PUBLISHED_ELSEWHERE)


class Severity(Label):
    """What a breach does: an error stops a build, a dropped row leaves a receipt."""

    ERROR = "error", "Stops a build"
    DROP = "drop", "Row left out, with a receipt"
    NOTE = "note", "For information"
