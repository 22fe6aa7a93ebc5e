"""Why, on the page of a shift: what each promise costs, and why each service moved, or did not."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app import room, show
from rcs_core.release import Release
from rcs_core.workshop import shift as view
from rcs_core.workshop.big_screen import without_prices, without_sums
from rcs_core.workshop.inputs import told
from rcs_core.workshop.sentence import Sentence
from rcs_core.workshop.shift import Shift, discussed
from rcs_core.workshop.why import care, found, moves, promises, stated
from rcs_core.workshop.why.found import Found

_FOUND = "shift_why_found"
_FEW = 4
OFF_SCREEN = "A dash stands for an amount of a bought service, which is not on the big screen."


def section(release: Release, shift: Shift, on_screen: bool) -> None:
    """What the promises cost, and why each service moved or not; where a shift is only discussed, what was stated."""
    if discussed(shift):
        _stated(release, shift, on_screen)
        return
    if not shift.possible:
        show.note("There is no plan to explain: the promises cannot all hold. What would settle it is under *What clashes*.")
        return
    answer = _found(release, shift)
    _promises(release, shift, answer, on_screen)
    _services(release, shift, answer, on_screen)


def _found(release: Release, shift: Shift) -> Found:
    """What the engine finds, worked out once for these levers on this release; every session keeps its own."""
    key = f"{release.manifest.content_hash} {shift.levers!r}"
    kept = st.session_state.get(_FOUND, {})
    if key not in kept:
        bar = st.progress(0.0, "Solving again without each promise")
        kept = {key: found.find(shift, bar.progress)}
        st.session_state[_FOUND] = kept
        bar.empty()
    answer: Found = kept[key]
    return answer


def _promises(release: Release, shift: Shift, answer: Found, on_screen: bool) -> None:
    st.header("What do the promises cost?", anchor=False)
    head = promises.headline(shift, answer.prices, answer.together, brief=on_screen)
    show.headline(said(release, [head], on_screen)[0], head.under)
    costly = promises.sentences(shift, answer.prices, brief=on_screen)[1:]
    lines = said(release, [*costly[:_FEW], *promises.purses(shift, answer.prices)], on_screen)
    show.points(lines)
    if any("–" in line for line in lines):
        show.note(OFF_SCREEN)
    if rest := promises.the_rest(answer.prices):
        show.note(rest.text)
    table = told.shown(promises.table(shift, answer.prices), shift)
    if not table.empty:
        with st.expander("Every promise that costs something, and what a little more or less of it does"):
            show.table(veiled(release, table, on_screen), "What promises cost", [promises.COLUMNS_SAID])


def _services(release: Release, shift: Shift, answer: Found, on_screen: bool) -> None:
    st.header("Why did each service move, or not?", anchor=False)
    moved, costs = {m.service: m for m in answer.moves}, {c.service: c for c in answer.care}
    names = {s: shift.names.get(s, s) for s in (*moved, *costs)}
    most = max(moved, key=lambda s: abs(moved[s].change), default="")
    first = list(names).index(most) if most else 0
    with room.aside("Choose a service"):
        chosen = st.selectbox("Which service?", list(names), first, format_func=names.__getitem__, key="shift_why_service")
    if chosen:
        chain = moves.why_it_moved(shift, moved[chosen]) if chosen in moved else care.why_care_moved(shift, costs[chosen])
        show.points(said(release, chain, on_screen))
    table = without_prices(told.shown(moves.table(shift, answer), shift), release, on_screen)
    show.table(without_sums(table, release, on_screen), f"Why services move in {shift.last}", [moves.COLUMNS_SAID])
    if notes := shift.inputs.notes:
        with st.expander(f"Held as they are, although something is known of them ({len(notes)})"):
            show.points(notes)


def _stated(release: Release, shift: Shift, on_screen: bool) -> None:
    st.header("What do the promises cost?", anchor=False)
    head = stated.headline(shift)
    show.headline(head.text, head.under)
    show.points(said(release, stated.bound_by(shift), on_screen))
    st.header("Why does each service grow, or stay?", anchor=False)
    grown = view.service_changes(shift)["Service"].tolist()
    known = sorted(shift.inputs.preventative, key=lambda s: _place_in(grown, shift.names.get(s.id, s.id)))
    services = {s.id: s for s in known}
    names = {s: shift.names.get(s, s) for s in services}
    with room.aside("Choose a service"):
        chosen = st.selectbox("Which service?", list(names), format_func=names.__getitem__, key="shift_why_stated")
    if chosen:
        show.points(said(release, stated.chain(shift, services[chosen]), on_screen))
    table = told.shown(stated.table(shift), shift)
    show.table(without_prices(table, release, on_screen), f"Why services grow in {shift.last}")


def _place_in(grown: Sequence[str], name: str) -> int:
    """Where a service stands among those that change, the largest increase first; behind them where it does not."""
    return grown.index(name) if name in grown else len(grown)


def said(release: Release, sentences: Sequence[Sentence], on_screen: bool) -> list[str]:
    """Sentences as they may be read on this screen: no sums beside the name of a service that is bought."""
    texts = pd.DataFrame({"said": [one.text for one in sentences]})
    return [str(text) for text in without_sums(texts, release, on_screen)["said"]]


def veiled(release: Release, table: pd.DataFrame, on_screen: bool) -> pd.DataFrame:
    """The table of promises without the amounts of rows whose care is bought, while the big screen is on."""
    whole = without_prices(table.assign(Service=table["Most of it in"]), release, on_screen)
    return whole.drop(columns="Service")
