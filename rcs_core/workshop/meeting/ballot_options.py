"""What a vote can be about, taken from the release and the store: questions of need, services, decisions; or typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.vocab import Label
from rcs_core.workshop import big_screen, evidence, spine
from rcs_core.workshop.decide.decision import Decisions
from rcs_core.workshop.decide.moves import brought
from rcs_core.workshop.kept import Shelf
from rcs_core.workshop.meeting.ballot_contract import rule
from rcs_core.workshop.meeting.ballot_parts import Kind
from rcs_core.workshop.store import Store
from rcs_core.workshop.told import Kind as Told

FEW = 3
"""Questions of a survey that are offered where none is said to have more need than it is set beside."""


class Source(Label):
    """Where the options of a vote come from."""

    TYPED = "typed", "Typed here"
    NEEDS = "needs", "Questions of need that stand out"
    MOVES = "moves", "Services that move in a kept scenario"
    RESPONSIVE = "responsive", "Responsive services, to weigh them"
    DECISIONS = "decisions", "Decisions and proposals so far"


USUAL: Mapping[Kind, tuple[Source, ...]] = {
    Kind.DOTS: (Source.NEEDS, Source.MOVES, Source.TYPED),
    Kind.POINTS: (Source.RESPONSIVE, Source.NEEDS, Source.TYPED),
    Kind.GRADIENT: (Source.DECISIONS, Source.MOVES, Source.TYPED),
}
"""What is offered for each kind of vote, the usual one first."""
ASKED: Mapping[Kind, str] = {
    Kind.DOTS: "Which of these matter most for our children?",
    Kind.POINTS: "How much should each of these count?",
    Kind.GRADIENT: "How far do you go along with each of these?",
}
"""The question that is offered for each kind of vote."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Options with what they are, and a sentence on where they come from (or why there are none)."""

    texts: tuple[str, ...] = ()
    refers: tuple[tuple[str, ...], ...] = ()
    note: str = ""

    def refer(self, text: str) -> tuple[str, ...]:
        """What an option is, as long as nobody has changed its words."""
        return dict(zip(self.texts, self.refers, strict=True)).get(" ".join(text.split()), ())


def offered(release: Release, store: Store, source: Source) -> Offered:
    """The options of a source, at most as many as a vote holds; none where the release or the store has none."""
    makers: dict[Source, Callable[[], Offered]] = {
        Source.NEEDS: lambda: _needs(release),
        Source.MOVES: lambda: _moves(release, store),
        Source.RESPONSIVE: lambda: _responsive(release),
        Source.DECISIONS: lambda: _decisions(store),
    }
    found = makers[source]() if source in makers else Offered()
    most = rule("most_proposals" if source is Source.DECISIONS else "most_options")
    left = len(found.texts) - most
    note = f"{found.note} {left} more are left out: type them in the place of others." if left > 0 else found.note
    return Offered(found.texts[:most], found.refers[:most], note)


def _offer(pairs: Sequence[tuple[str, tuple[str, ...]]], note: str) -> Offered:
    once = dict(reversed([(" ".join(text.split())[: rule("question")], refers) for text, refers in pairs]))
    rows = list(reversed(once.items()))
    return Offered(tuple(text for text, _ in rows), tuple(refers for _, refers in rows), note)


def _needs(release: Release) -> Offered:
    """Questions that have more need than they are set beside; where none has, the most common of each survey."""
    if "surveys" not in release:
        return Offered(note="This release holds no survey.")
    area = evidence.council(release)
    marks = [(info, mark) for info in evidence.surveys(release) for mark in spine.spine(release, info.code, area).marks]
    marks = [(info, mark) for info, mark in marks if mark.here.shown and not mark.indicator.sensitive]
    high = [(info, mark) for info, mark in marks if mark.verdict.kind is Told.MORE]
    note = "Questions with more need than what they are set beside."
    if not high:
        note = f"No question stands out here, so these are the {FEW} most common needs of each survey."
        for code in dict.fromkeys(info.code for info, _ in marks):
            own = [pair for pair in marks if pair[0].code == code]
            high += sorted(own, key=lambda pair: -(pair[1].here.pct.value or 0))[:FEW]
    return _offer([(f"{m.indicator.label} ({info.title})", ("need", info.code, m.indicator.code)) for info, m in high], note)


def _moves(release: Release, store: Store) -> Offered:
    """Services that gain or lose in the scenario that was kept last."""
    kept = [one for one in Shelf(store).latest() if not one.retired]
    if not kept:
        return Offered(note="No scenario is kept yet: keep one on *Try a shift*.")
    last = max(kept, key=lambda one: one.at)
    try:
        found = brought(Shelf(store).of_link(last.link), release)
    except RcsError as error:
        return Offered(note=f"The scenario {last.title} cannot be read here: {error.what}.")
    pairs = [(f"{move.name}: {move.way.label.lower()}", ("service", move.service_id)) for move in found.moves]
    return _offer(pairs, f"Services that move in {last.title}.")


def _responsive(release: Release) -> Offered:
    """Services whose demand is counted: what prevention may make unnecessary."""
    if "demand" not in release or "services" not in release:
        return Offered(note="This release counts no demand of responsive services.")
    names = {sid: evidence.text(about["service_name"]) for sid, about in big_screen.register(release).items()}
    counted = dict.fromkeys(str(row["service_id"]) for row in release.rows("demand"))
    return _offer([(names[sid], ("service", sid)) for sid in counted if sid in names], "Responsive services of this release.")


def _decisions(store: Store) -> Offered:
    """Decisions that stand, agreed or not."""
    found = Decisions(store).current()
    if not found:
        return Offered(note="Nothing is decided or proposed yet: type the proposals.")
    return _offer([(one.title, ("decision", one.id)) for one in reversed(found)], "Decisions and proposals, the latest first.")
