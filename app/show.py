"""How the workbench says things: a headline, a picture, its table and download, its caveats, an error.

Every page uses these, so that a hidden cell, an error or a download looks and behaves the same everywhere.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, NoReturn
from zlib import crc32

import pandas as pd
import streamlit as st

from app import chosen, drawn, leaving, method_door, paper, picture, problem, room
from rcs_core import gate
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.vocab import CellState
from rcs_core.workshop import definitions
from rcs_core.workshop.evidence import why
from rcs_core.workshop.export import notes as beside_table
from rcs_core.workshop.method import Method

LEGEND = {
    "[c]": "hidden so that no child can be singled out (fewer than ten, or a figure that would give a small one away)",
    "[u]": "too few answers to be reliable",
    "[z]": "cannot occur, or was not asked of this stage",
    "[x]": "not collected",
}
"""What each mark means, in words; shown under a table only where the mark occurs."""
SPELLED = {"[c]": "hidden", "[u]": "too few answers", "[z]": "not asked or cannot occur", "[x]": "not collected"}
"""The same in a word or two, inside a sentence."""
MEANS = "What the marks mean"
INK = "currentColor"
"""The text colour of the page around a chart; the drawing library's own grey is too faint to read."""
LETTERING = 14
"""Pixels of the letters of a chart that says none of its own, before room mode enlarges them."""
LETTERS, LINE_HEIGHT, MOST_LINES, WIDE = 46, 20, 5, 360
"""Letters of a line in a wide column of text, its height in pixels, the most lines of a row, and the pixels of the column."""
WHOLE_TABLE = 20
"""Rows up to which a table is shown whole; a longer one scrolls."""
_RELEASE, _HEADINGS, _STAMP = "show_release", "show_headings", "show_stamp"
_ANSWERED, _SAID = "show_answered", "show_said"
_SENTENCE = re.compile(r"(?<=[a-z0-9)%][.]) +(?=[A-Z*_])")
_FIGURE = re.compile(r"^(\[[cuzx]\]|−?[\d,.]+( to −?[\d,.]+)?)?$")


def question(text: str, lead: str = "", *, answered: bool = False) -> None:
    """The question a page answers, as its title, with a line on what it is for.

    answered: the first headline below answers this very question, with no heading between, so it is the next level down.
    """
    st.session_state[_ANSWERED] = answered
    st.title(text, anchor=False)
    if lead and not room.kept_back(lead):
        st.markdown(lead)


def headline(sentence: str, basis: str = "", method: Method | None = None) -> None:
    """The answer in one sentence with its number; `basis` says of whom, when and from which source; `method` how it is known."""
    key = _once(str(crc32((sentence + basis).encode())))
    with st.container(border=True, key=f"headline-{key}"):
        draw = st.header if st.session_state.get(_ANSWERED) else st.subheader
        draw(_plain(sentence), anchor=False)
        st.session_state[_ANSWERED] = False
        first, *rest = _SENTENCE.split(basis, maxsplit=1) if room.large() else [basis]
        if first:
            st.markdown(first)
        if rest:
            with st.popover("More about this number", type="tertiary"):
                st.markdown(rest[0])
        _door(method, f"headline {key}")


def _once(key: str) -> str:
    """A key of its own for each drawing of the same sentence: two tabs may have the same answer."""
    said: dict[str, int] = st.session_state.get(_SAID, {})
    said[key] = said.get(key, 0) + 1
    return key if said[key] == 1 else f"{key}-{said[key]}"


def _door(method: Method | None, place: str) -> None:
    """How a figure was worked out, and its rows, behind one small button; nothing where no method was named."""
    if method is not None:
        method_door.offer(method, place, st.session_state.get(_RELEASE), table)


def chart(
    spec: Mapping[str, Any],
    data: pd.DataFrame,
    alt: str,
    numbers: pd.DataFrame,
    name: str,
    notes: Iterable[str] = (),
    method: Method | None = None,
) -> None:
    """Draw a Vega-Lite template on its data, with `alt` for those who cannot see it, and its `numbers` as table and csv.

    A mark that stands for a figure is explained in words: under the picture, in what pops up on it, and in `alt`.
    method: how its numbers are known, as a door below it; not in room mode, where the door of the headline is enough.
    """
    drawn.chart(spec, data, spelled(alt), _ready, f"large {room.large()}")
    for words in legend(numbers) if not room.large() else ():
        st.caption(words)
    with st.expander("The same numbers as a table, and both to download"):
        table(numbers, name, notes)
        _pictures(spec, data, name)
    if not room.large():
        _door(method, f"chart {name}")


def _ready(spec: Mapping[str, Any], data: pd.DataFrame) -> tuple[dict[str, Any], pd.DataFrame]:
    """A chart's template in the page's own colours, large in room mode, and its rows with what pops up on them."""
    return _inked(room.lettered(spec) if room.large() else spec), _with_tips(data)


def _picture(kind: picture.Kind, spec: Mapping[str, Any], data: pd.DataFrame, name: str, source: str) -> gate.Made:
    """The picture with the rows that it is drawn from: the gate cannot read dots."""
    rows = _with_tips(data)
    return gate.Made(picture.draw(kind, spec, rows, name, source), rows)


def _pictures(spec: Mapping[str, Any], data: pd.DataFrame, name: str) -> None:
    """The chart as a picture for a paper or a slide, drawn when it is asked for."""
    of = stamped()
    source = ", ".join(filter(None, (of.area, of.year, f"release {of.release_id}"))) if of else ""
    with st.container(horizontal=True):
        for kind in picture.KINDS:
            make = partial(_picture, kind, spec, data, name, source)
            leaving.button(f"Picture as {kind}", name, kind, make, of, f"{kind}-{name}")


def spelled(text: str) -> str:
    """A text with its marks in words, for where no legend can stand beside them."""
    for state in CellState:
        if state.mark:
            words = f"{state.label[:1].lower()}{state.label[1:]}"
            text = text.replace(why(state), words).replace(state.said, words)
    for mark, words in SPELLED.items():
        text = text.replace(mark, words)
    return text


def _with_tips(data: pd.DataFrame) -> pd.DataFrame:
    """The rows of a chart with what pops up on them: the label in one line (`row`), and marks in words."""
    tips = {c: data[c].astype(str).map(spelled) for c in ("says", "text") if c in data.columns}
    if "label" in data.columns:
        tips["row"] = data["label"].astype(str).str.replace("|", " ").map(spelled)
    return data.assign(**tips)


def _inked(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The spec with text in the page's own colour, light or dark, with no rerun when the reader changes the setting.

    Its marks are not read out one by one: the chart's `alt` says what they show, and its table has every number.
    """
    text: dict[str, Any] = {"labelColor": INK, "titleColor": INK}
    text |= {"labelFontSize": LETTERING * room.SCALE, "titleFontSize": LETTERING * room.SCALE} if room.large() else {}
    legend = {**text, "layout": {"top": {"anchor": "start", "bounds": "full"}}}
    config = {"axis": text, "legend": legend, "header": text, "text": {"color": INK}}
    return {**_unread(spec), "config": {**config, **spec.get("config", {})}}


def _unread(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The spec with every mark left out of what is read aloud, in all its layers and parts."""
    parts = {k: [_unread(part) for part in spec[k]] for k in ("layer", "hconcat", "vconcat", "concat") if k in spec}
    parts |= {"spec": _unread(spec["spec"])} if "spec" in spec else {}
    mark = spec.get("mark")
    parts |= {"mark": {**(mark if isinstance(mark, Mapping) else {"type": mark}), "aria": False}} if mark else {}
    return {**spec, **parts}


def table(frame: pd.DataFrame, name: str, notes: Iterable[str] = (), method: Method | None = None) -> None:
    """A table as on the page, its marks explained, and the very same rows as a csv, which explains its marks itself.

    Its headings say what they mean. In room mode it is folded, unless it stands behind a door already.
    """
    with room.door(f"Table: {name}"):
        _table(frame, name, list(notes))
        _door(method, f"table {name}")


def _table(frame: pd.DataFrame, name: str, notes: Sequence[str]) -> None:
    st.session_state.setdefault(_HEADINGS, {}).update(dict.fromkeys(map(str, frame.columns)))
    drawn.table(frame, f"Table: {name}", _rows)
    for line in notes:
        st.caption(line)
    download(frame, name, notes)


def _rows(frame: pd.DataFrame, alt: str) -> None:
    """The rows and what their marks mean; nothing here depends on more than the rows."""
    height: Literal["content", "auto"] = "content" if len(frame) <= WHOLE_TABLE else "auto"
    texts = _texts(frame)
    st.dataframe(
        frame, hide_index=True, height=height, row_height=_row_height(texts), column_config=_formats(frame, texts),
        placeholder="–", alt=alt,
    )  # fmt: skip
    paper.table(frame)
    for line in legend(frame):
        st.caption(line)


def _texts(frame: pd.DataFrame) -> dict[str, list[str]]:
    """The columns that are not numbers, as the words in them."""
    return {str(c): [str(v) for v in frame[c].tolist()] for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c])}


def _long(texts: Mapping[str, list[str]]) -> dict[str, int]:
    """The columns whose text does not fit a line, with the letters of their longest."""
    most = {c: max(map(len, words), default=0) for c, words in texts.items()}
    return {c: letters for c, letters in most.items() if letters > LETTERS}


def _row_height(texts: Mapping[str, list[str]]) -> int | None:
    """Room for the longest text of any row in lines of its column; the usual height where every text fits one line."""
    most = max(_long(texts).values(), default=0)
    return LINE_HEIGHT * min(MOST_LINES, -(-most // LETTERS)) + LINE_HEIGHT // 2 if most else None


def _formats(frame: pd.DataFrame, texts: Mapping[str, list[str]]) -> dict[str, Any]:
    """Thousands separators for every number, and pence for pounds that have any; figures and their marks stand to the right."""
    numbers = [c for c in frame.columns if str(c) not in texts]
    figures = [c for c in frame.columns[1:] if c not in numbers and all(map(_FIGURE.match, texts[str(c)]))]
    pounds = [c for c in numbers if "(£)" in str(c)]
    pence = any(v == v and v % 1 for c in pounds for v in frame[c].dropna().tolist())
    exact = pounds if pence else []
    said = {c: one.said for c in frame.columns if (one := definitions.column(str(c)))}
    formats: dict[str, Any] = {c: st.column_config.Column(help=text) for c, text in said.items()}
    for c in numbers:
        formats[c] = st.column_config.NumberColumn(format="accounting" if c in exact else "localized", help=said.get(c))
    formats |= {c: st.column_config.TextColumn(alignment="right", help=said.get(c)) for c in figures}
    return formats | {c: st.column_config.TextColumn(width=WIDE, help=said.get(c)) for c in _long(texts)}


def headings() -> list[str]:
    """The headings of every table of this drawing of the page so far, each once."""
    return list(st.session_state.get(_HEADINGS, {}))


def stamp(release: Release) -> None:
    """From here on, every file says in its name whose figures it holds, of which day and from which release."""
    st.session_state[_STAMP] = leaving.stamp(release, prices_hidden=room.on())
    st.session_state[_RELEASE], st.session_state[_HEADINGS], st.session_state[_SAID] = release, {}, {}
    leaving.serve(release)


def stamped() -> Stamp | None:
    """Whose figures this page shows; None on the desk."""
    found: Stamp | None = st.session_state.get(_STAMP)
    return found


def download(frame: pd.DataFrame, name: str, notes: Sequence[str] = ()) -> None:
    """The rows on the page as csv, with their notes in the same pack, named after them and safe to open in a spreadsheet."""
    of = stamped()
    if of is None:
        leaving.button("Download as csv", name, "csv", partial(_csv, frame), of, f"download-{name}")
        return
    beside = beside_table.Beside(chosen.choices(), notes, legend(frame))
    make = partial(_pack, frame, name, of, leaving.served(), beside)
    leaving.button("Download as csv", name, "zip", make, of, f"download-{name}")


def _csv(frame: pd.DataFrame) -> bytes:
    """The file, made when it is asked for."""
    return gate.csv_bytes(explained(frame))


def _pack(frame: pd.DataFrame, name: str, of: Stamp, release: Release | None, beside: beside_table.Beside) -> bytes:
    """The file and its notes, made when they are asked for."""
    return beside_table.pack(explained(frame), name, of, release, beside)


def explained(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as it leaves the page: where a row holds a mark, a last column says what it means."""
    if not legend(frame):
        return frame
    lines = [legend(frame.iloc[[k]]) for k in range(len(frame))]
    return frame.assign(**{MEANS: ["; ".join(found) for found in lines]})


def legend(frame: pd.DataFrame) -> list[str]:
    """The marks that occur in a frame, each with its meaning."""
    texts = {str(v) for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c]) for v in frame[c].unique()}
    return [f"{mark} {meaning}." for mark, meaning in LEGEND.items() if any(mark in t for t in texts)]


def line(text: str) -> None:
    """One sentence of a page."""
    st.markdown(_plain(text))


def note(text: str) -> None:
    """A remark in small print; in room mode it is kept for the end of the page."""
    if not room.kept_back(_plain(text)):
        st.caption(_plain(text))


def points(lines: Iterable[str]) -> None:
    """Sentences as a list; nothing where there is none. In room mode the first few, and the rest behind a door."""
    found = [text for text in lines if text]
    shown = room.SHOWN if room.large() and not room.behind_a_door() and len(found) > room.SHOWN + 1 else len(found)
    _listed(found[:shown])
    if found[shown:]:
        with st.expander(f"{len(found) - shown} more"):
            _listed(found[shown:])


def _listed(lines: Iterable[str]) -> None:
    if said := "\n".join(f"- {_plain(text)}" for text in lines):
        st.markdown(said)


def folded(title: str, sentence: str, frame: pd.DataFrame, name: str) -> None:
    """A sentence and its table behind a title, for who wants to know."""
    with st.expander(title):
        line(sentence)
        table(frame, name)


def caveats(lines: Iterable[str], title: str = "Before you use these figures") -> None:
    """What a reader must know before using the figure, in sight; in room mode behind a door with the same title."""
    found = [text for text in lines if text]
    if found and room.large() and not room.behind_a_door():
        with st.expander(title, icon=":material/warning:"):
            _listed(found)
    elif found:
        st.subheader(title, anchor=False)
        _listed(found)


def nothing(what: str, way_forward: str) -> NoReturn:
    """Say that a page has nothing to show and what would give it something, and end the page there."""
    st.info(f"**{what}**\n\n{way_forward}", icon=":material/info:")
    st.stop()


def error(found: RcsError) -> None:
    """An error in the house form: what, where, got, expected, what to do."""
    problem.draw(found)


def _plain(text: str) -> str:
    """Text with the dollar signs that would start a formula made harmless."""
    return text.replace("$", "\\$")
