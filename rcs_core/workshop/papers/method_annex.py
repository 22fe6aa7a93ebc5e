"""The method annex of a release: how each figure was worked out, with this release's own numbers, and the words that are used.

Every text comes from where the workbench already has it: the release, `methods.yaml` and `glossary.yaml` of `data_contracts/`,
and the method pages of `docs/`. Nothing is said twice and nothing is worked out anew.
"""

from collections.abc import Iterator
from itertools import zip_longest

import pandas as pd

from rcs_core.documents.parts import Block, Document, Grid, Heading, Points, Text
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.workshop import evidence, glossary, method
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.papers.prose import prose, title

SUBJECT, WHAT = "method annex", "How the figures were worked out"
ABOUT = (
    "How the figures of this release were worked out, what was kept back and why, and what they rest on. Each method names the "
    "page of the program's documentation on which it is written down in full."
)
NOT_HERE = "This release holds no {what}, so nothing of it is shown."
PARTS = {
    "needs": ("Children's needs", "", ""),
    "reach": ("Who gets help", "", ""),
    "money": ("Services and money", "spend", "ledgers"),
    "shift": ("Trying a shift", "spend", "services and spend, from which a scenario starts"),
    "plan": ("Decisions and the plan", "", ""),
}
"""By how names of methods begin: the heading, the table of the release without which there is nothing to tell, and what it is."""
DEPTHS = ("docs/methods/scenario.md", "Three depths")
_HASH = 12
_WIDE = (3, 8.4, 3)


def method_annex(release: Release, stamp: Stamp) -> Document:
    """The annex of a release."""
    about = release.manifest
    chapters = (_release, _asked, _sure, _kept_back, _methods, _money, _assumed, _sources, _words)
    blocks: list[Block] = [Text(ABOUT)]
    for chapter in chapters:
        blocks += chapter(release)
    return Document(f"Method annex: {about.partnership}, {about.year}", stamp, blocks, WHAT, compact=True)


def _release(release: Release) -> Iterator[Block]:
    about = release.manifest
    yield Heading("Which figures these are")
    rows = [
        ("Release", release.id),
        ("Built on", about.built_at[:10]),
        ("Program", f"RCS workbench {about.code_version}"),
        ("Fewest children in a figure", f"{about.min_cell}"),
        ("Files it was built from", f"{len(about.inputs)}, named at the end with the mark by which each is known again"),
        ("Data", "Fictional: invented data about nobody" if about.fictional else "The partnership's own"),
    ]
    yield Grid("The release", ("What", "This release"), rows, widths=(1, 2))
    yield from [Points(list(about.notes))] if about.notes else []


def _asked(release: Release) -> Iterator[Block]:
    yield Heading("Who was asked, and who is not in it")
    if "surveys" not in release:
        yield Text(NOT_HERE.format(what="survey"))
        return
    rows = [
        (text(r["title"]), text(r["wave"]), _whole(r.get("roll")), _whole(r.get("response_pct")), text(r["note"]))
        for r in release.frame("surveys").to_dict("records")
    ]
    header = ("Survey", "Wave", "On the roll", "Response %", "How it was done, and weighted")
    blank = ("Blank: not in the release, or not a census.",) if any("" in row for row in rows) else ()
    yield Grid("The surveys", header, rows, frozenset({2, 3}), blank, widths=(3, 1.2, 1.6, 1.6, 7))
    for one in evidence.surveys(release):
        if lines := _coverage(release, one.code):
            yield Heading(f"{one.title}, {one.wave}", 2)
            yield Points(lines)


def _coverage(release: Release, survey: str) -> list[str]:
    if "coverage" not in release:
        return []
    frame = evidence.of_wave(release, release.frame("coverage"))
    said = [(text(r["text"]), number(r["pct"])) for r in frame[frame["survey"] == survey].to_dict("records")]
    return [line if pct is None or line.startswith(f"{pct:.0f}%") else f"{pct:.0f}%: {line}" for line, pct in said]


def _sure(release: Release) -> Iterator[Block]:
    yield Heading("How sure a figure is, and when a difference is called one")
    yield from prose("docs/methods/estimates.md")
    if "comparison_pages" in release:
        rows = [
            (text(r["survey"]), text(r["wave"]), text(r["about"]), *(_whole(r[c]) for c in ("tests", "flagged")),
             f"{r['unadjusted_by_chance']:.1f}", f"{r['q']:.0%}")
            for r in _named(release, release.frame("comparison_pages")).to_dict("records")
        ]  # fmt: skip
        header = ("Survey", "Wave", "What was compared", "Tests", "Called", "By chance alone", "False calls allowed")
        notes = ("By chance alone: how many a plain test would call if nothing were different.",)
        yield Grid("What was compared", header, rows, frozenset({3, 4, 5, 6}), notes)


def _kept_back(release: Release) -> Iterator[Block]:
    yield Heading("How no child is singled out")
    yield from prose("docs/methods/disclosure.md", "For parents and carers")
    found = release.manifest.audit
    if {"cells", "hidden", "open"} <= set(found):
        yield Text(
            f"In this release {found['hidden']:,} of {found['cells']:,} cells are hidden; the second program could show of "
            f"{found['open'] or 'none'} of them that it is under {release.manifest.min_cell}."
        )
    if "specification" in release:
        rows = [
            (text(r["title"]), text(r["levels"]).replace(" ", ", "), _whole(r["cells"]), _whole(r["hidden"]), text(r["why"]))
            for r in release.frame("specification").to_dict("records")
        ]
        header = ("Table", "Told of", "Cells", "Hidden", "Why it is in the release")
        yield Grid("The tables of this release", header, rows, frozenset({2, 3}), widths=(4.4, 2.2, 1.2, 1.2, 6))


def _methods(release: Release) -> Iterator[Block]:
    yield Heading("How each figure is worked out")
    for start, (heading, needed, what) in PARTS.items():
        yield Heading(heading, 2)
        if needed and needed not in release:
            yield Text(NOT_HERE.format(what=what))
            continue
        yield from prose(*DEPTHS)[:2] if start == "shift" else []
        found = [one for name, one in method.methods().items() if name.startswith(f"{start}_")]
        rows = [(one.section or title(one.doc), one.formula.strip(), one.doc.removeprefix("docs/")) for one in found]
        yield Grid(f"{heading}: the sums in words", ("What", "How it is worked out", "Written down in docs/"), rows, widths=_WIDE)


def _money(release: Release) -> Iterator[Block]:
    if "ledger_totals" not in release:
        return
    yield Heading("What became of the ledgers")
    columns = ("control_total", "mapped", "excluded", "unmapped", "difference")
    rows = [
        (text(r["ledger"]), text(r["financial_year"]), *(_pounds(r[c]) for c in columns))
        for r in release.frame("ledger_totals").to_dict("records")
    ]
    header = ("Ledger", "Year", "Control total", "Mapped", "Left out", "Unmapped", "Difference")
    yield Grid("Each ledger against its control total (£)", header, rows, frozenset(range(2, 7)))
    if "ledger_excluded" in release:
        out = [
            (text(r["ledger"]), text(r["reason"]), _pounds(r["amount"]))
            for r in release.frame("ledger_excluded").to_dict("records")
        ]
        yield Grid("What was left out, and why (£)", ("Ledger", "Reason", "Amount"), out, frozenset({2}))


def _assumed(release: Release) -> Iterator[Block]:
    if "assumptions" not in release:
        return
    rows = [
        (
            text(r["text"]),
            f"{text(r['value']).removesuffix('.0')} {text(r['unit'])}",
            text(r["state"]).replace("_", " "),
            text(r["source"]),
        )
        for r in release.frame("assumptions").to_dict("records")
    ]
    yield Heading("What other figures rest on")
    yield Grid("Figures that other figures rest on", ("What", "Value", "Standing", "Source"), rows, widths=(4, 2.4, 2, 6))


def _sources(release: Release) -> Iterator[Block]:
    yield Heading("Sources")
    rows = [
        row
        for name, said in (("effects", "Evidence of effect"), ("comparators", "Published figures"))
        for row in _cited(release, name, said)
    ]
    if rows:
        yield Grid("What others published", ("Used as", "Source", "Figures"), rows, frozenset({2}), widths=(2.6, 10, 1.2))
    files = [(name, mark[:_HASH]) for name, mark in sorted(release.manifest.inputs.items())]
    half = -(-len(files) // 2)
    pairs = [(*left, *right) for left, right in zip_longest(files[:half], files[half:], fillvalue=("", ""))]
    header = ("File", "Known again by", "File", "Known again by")
    notes = (f"The first {_HASH} signs of the SHA-256 of the file.",)
    yield Grid("The files that the release was built from", header, pairs, notes=notes, widths=(3, 2, 3, 2))


def _cited(release: Release, name: str, said: str) -> list[tuple[str, str, str]]:
    if name not in release or "source" not in release.frame(name):
        return []
    many = release.frame(name)["source"].map(text).value_counts().sort_index()
    return [(said, str(source), f"{count:,}") for source, count in many.items() if source]


def _words(_: Release) -> Iterator[Block]:
    yield Heading("Words")
    words = glossary.words()
    yield Points([word.means for word in words], [f"{word.term}." for word in words])


def _named(release: Release, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the title of each survey in place of its code."""
    titles = {one.code: one.title for one in evidence.surveys(release)}
    return frame.assign(survey=[titles.get(str(code), str(code)) for code in frame["survey"]])


def _whole(value: object) -> str:
    found = number(value)
    return "" if found is None else f"{found:,.0f}"


def _pounds(value: object) -> str:
    found = number(value)
    return "" if found is None else f"{found:,.2f}"
