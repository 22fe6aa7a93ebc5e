"""What a pattern of hidden cells costs, and how long it takes, beside what others do with the same tables in the same run.

Baselines (`protect_rules.py`, written apart from ours): primary hiding only and the folk rule, which leave cells open; the
folk rule repaired until nothing is open; a plain linear programming heuristic with a clean-up. First unseen tables of 48 to
2,070 cells, then whole releases: Strathmere with every question, two waves, and a made-up partnership of 30 questions.
Usage: python benchmarks/bench_protect.py [TABLES [SEED]]   (default: 200 tables up to 500 cells and 8 larger ones, seed 2026)
"""

import json
import pickle
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from common import rcs, run, table
from protect_cases import Case, cases, partnership
from protect_rules import Mask, folk, heuristic, open_cells, primary, repaired

from rcs_core.audit import audit
from rcs_core.contracts import check_folder
from rcs_core.records.estimate import estimate
from rcs_core.records.hierarchy import hierarchies
from rcs_core.records.ingest import ingest
from rcs_core.records.link import link
from rcs_core.records.protect import protect, read_effort
from rcs_core.records.protect.part import Part, split
from rcs_core.records.protect.system import read_system
from rcs_core.records.specification import chosen
from rcs_core.settings import disclosure

SMALL, LARGE = (48, 500), (501, 2070)
LARGE_SHARE = 25
"""One large table for so many small ones."""
SELF = Path(__file__)


@dataclass
class Sums:
    """What one way of hiding came to: extra hidden cells, their cost, cells left open, seconds of the processor."""

    secondary: int = 0
    cost: float = 0.0
    open: int = 0
    seconds: float = 0.0

    def __iadd__(self, other: "Sums") -> "Sums":
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self


def judged(part: Part, hide: Callable[[Part], Mask]) -> Sums:
    """One way of hiding on one part."""
    began = time.process_time()
    hidden = hide(part)
    seconds = time.process_time() - began
    extra = hidden & (part.need == 0) & ~part.free
    return Sums(int(extra.sum()), float(part.weights[extra].sum()), len(open_cells(part, hidden)), seconds)


RULES: dict[str, Callable[[Part], Mask]] = {
    "primary only": primary,
    "folk rule": folk,
    "folk rule repaired": lambda part: repaired(part, folk(part)),
    "plain heuristic, cleaned": heuristic,
}


def others(parts: Sequence[Part], rules: Sequence[str] = tuple(RULES)) -> dict[str, Sums]:
    """Every baseline on every part."""
    found: dict[str, Sums] = defaultdict(Sums)
    for part in parts:
        for name in rules:
            found[name] += judged(part, RULES[name])
    return found


def ours(case: Case) -> Sums:
    """Our pattern with the effort of `rcs protect`, judged by the audit of the written tables."""
    effort, rule = read_effort(), disclosure()
    effort = replace(effort, start_cells=effort.clean_cells, whole_cells=effort.clean_cells, processes=1)
    began = time.process_time()
    result = protect(case.tables, case.trees, rule, effort=effort)
    seconds = time.process_time() - began
    verdict = audit(result.tables, case.trees, rule.min_cell)
    return Sums(result.summary["secondary"], result.summary["cost"], len(verdict.open), seconds)


def unseen(many: int, seed: int, bounds: tuple[int, int]) -> None:
    """Our pattern beside the others', kind by kind."""
    found: dict[str, list[tuple[int, Sums, dict[str, Sums]]]] = defaultdict(list)
    for case in cases(many, seed, *bounds):
        system = read_system(case.tables, case.trees)
        parts = split(system, disclosure().min_cell, read_effort())
        found[case.name[4:]].append((len(system.counts), ours(case), others(parts)))
    rows: list[list[object]] = []
    for kind, runs in found.items():
        mine = sum(one.seconds for _, one, _ in runs)
        for name in RULES:
            ratios = [one.cost / them[name].cost for _, one, them in runs if them[name].cost > 0]
            seconds = sum(them[name].seconds for *_, them in runs)
            left = sum(them[name].open for *_, them in runs)
            mean, worst = (float(np.mean(ratios)), max(ratios)) if ratios else ("", "")
            rows.append([f"{kind} ({len(runs)}): beside {name}", left, mean, worst, mine / seconds if seconds > 0.01 else ""])
        rows.append([f"{kind}: ours", sum(one.open for _, one, _ in runs), 1.0, 1.0, 1.0])
    head = ["tables", "left open", "our cost / theirs", "at most", "our seconds / theirs"]
    table(f"{many} unseen tables of {bounds[0]} to {bounds[1]} cells, seed {seed}", head, rows)


def whole_release(case: Case, home: Path) -> None:
    """A whole release: one process and two, the audit, memory; beside the other rules."""
    store = home / "tables.pickle"
    store.write_bytes(pickle.dumps(case))
    runs = {k: _apart(store, k, home) for k in (1, 2)}
    system = read_system(case.tables, case.trees)
    parts = split(system, disclosure().min_cell, read_effort())
    them = others(parts, ("primary only", "folk rule", "folk rule repaired"))
    base = them["folk rule repaired"]
    summary = runs[1][0]["summary"]
    assert summary == runs[2][0]["summary"], "two processes hide other cells than one"
    title = f"{case.name}: {summary['cells']:,} cells, {summary['sensitive']:,} under ten, {len(parts)} systems"
    rows = [
        [name, one.open, summary["sensitive"] + one.secondary, one.secondary, one.cost, one.cost / base.cost]
        for name, one in them.items()
    ]
    mine = [runs[1][0]["open"], summary["hidden"], summary["secondary"], summary["cost"], summary["cost"] / base.cost]
    table(title, ["rule", "left open", "hidden", "secondaries", "cost", "x repaired"], [*rows, ["ours", *mine]])
    times: list[list[object]] = [["baseline: folk rule, repaired", "", base.seconds, 1.0, ""]]
    for k, (told, peak) in runs.items():
        for what in ("protect", "audit"):
            wall, busy = told[what]
            times.append([f"{what}, {k} process{'es' if k > 1 else ''}", wall, busy, busy / base.seconds, f"{peak:.0f}"])
    table("Seconds by the clock, of the processor, and peak memory", ["", "clock", "processor", "x repaired", "peak MB"], times)


def _apart(store: Path, processes: int, home: Path) -> tuple[dict[str, Any], float]:
    """One run in a process of its own, so that its memory is its own."""
    done = run([sys.executable, SELF, "--apart", store, processes], home)
    return json.loads(done.out), done.peak_mb


def apart(store: Path, processes: int) -> None:
    """Protect and audit the tables of a file; prints what it took."""
    case: Case = pickle.loads(store.read_bytes())
    effort, rule = replace(read_effort(), processes=processes, process_cells=0), disclosure()
    began, busy = time.perf_counter(), _busy()
    result = protect(case.tables, case.trees, rule, effort=effort)
    between, spent = time.perf_counter(), _busy()
    verdict = audit(result.tables, case.trees, rule.min_cell)
    told = {
        "summary": result.summary,
        "open": len(verdict.open),
        "protect": [between - began, spent - busy],
        "audit": [time.perf_counter() - between, _busy() - spent],
    }
    print(json.dumps(told))


def _busy() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def strathmere(home: Path, pupils: int) -> Case:
    """The count tables of Strathmere with every question, both waves, as its release would hold them."""
    run(rcs("demo", home / "demo", "--pupils", pupils, "--every-question"), home)
    records = ingest(check_folder(home / "demo"))
    spec = chosen(records.partnership)
    found = estimate(link(records), spec=spec)
    tables = [one for one in found.tables if one.is_count]
    asked = {str(i) for t in tables if "indicator" in t.frame for i in t.frame["indicator"].unique()}
    name = f"Strathmere, {pupils:,} pupils, {spec.name} specification, {len(asked)} indicators, two waves"
    return Case(name, tables, hierarchies(records, found.small, spec.collapsed))


def main() -> None:
    many, seed = (int(word) for word in [*sys.argv[1:], *("200", "2026")[len(sys.argv) - 1 :]])
    unseen(many, seed, SMALL)
    unseen(max(many // LARGE_SHARE, 4), seed, LARGE)
    with tempfile.TemporaryDirectory() as scratch:
        for number, made in enumerate((lambda home: strathmere(home, 20_000), lambda _: partnership(30, seed))):
            home = Path(scratch) / str(number)
            home.mkdir()
            whole_release(made(home), home)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--apart"]:
        apart(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
