"""How long and how much memory estimates from the cube take, at 20,000, 400,000 and 5,000,000 answers.

Twenty indicators by cluster x stage x sex x deprivation fifth, weighted (response, raking on stage x sex, deprivation and
school, trimming), with both variances. Baseline: DuckDB taking min, max and count of the same columns, on as many threads,
in the same run: of the same csv files and, harder, of the same columns in a DuckDB table. Each part is its own process.
Usage: python benchmarks/bench_estimate.py [ANSWERS ...]
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from common import run, table

ITEMS = tuple(f"item_{k:02d}" for k in range(20))
CODES = ("school_code", "cluster_code", "stage", "sex", "simd_quintile")
BY = ("cluster_code", "stage", "sex", "simd_quintile")
THREADS = os.cpu_count() or 1
PER_SCHOOL, PER_CLUSTER, RESPONSE = 320, 2500, 0.78
WHOLE = 1_000_000
"""Up to this many answers intervals and all totals are measured as well."""
Laps = dict[str, tuple[float, float]]


@contextmanager
def lap(laps: Laps, name: str) -> Iterator[None]:
    """Add the seconds of a piece of work, of the clock and of the processor, to the laps."""
    wall, busy = time.perf_counter(), time.process_time()
    yield
    before = laps.get(name, (0.0, 0.0))
    laps[name] = (before[0] + time.perf_counter() - wall, before[1] + time.process_time() - busy)


def draw(salt: int, what: str = "i") -> str:
    """A number that looks random and is the same on every machine."""
    return f"hash({what} + {salt} * 10000000000)"


def answers_sql(answers: int) -> str:
    """Pupils and their answers by arithmetic on hashes. A cluster has three primary schools to a secondary one."""
    pupils, clusters = round(answers / RESPONSE), max(1, round(answers / PER_CLUSTER))
    schools = max(1, round(answers / PER_SCHOOL / clusters))
    items = ", ".join(
        f"""CASE WHEN {draw(10 + k)} % 25 = 0 THEN ''
          WHEN {draw(40 + k)} % 100 < {20 + 3 * k} + {draw(70 + k, "school")} % 9 THEN 'yes' ELSE 'no' END AS {item}"""
        for k, item in enumerate(ITEMS)
    )
    return f"""
        WITH placed AS (
          SELECT i, {draw(1)} % {clusters} AS cluster, {draw(2)} % {schools} AS place FROM range({pupils}) t(i)),
        coded AS (
          SELECT *, 9000000 + cluster * {schools} + place AS school, place >= {schools} * 0.75 AS secondary,
            {draw(3)} % 5 AS fifth FROM placed)
        SELECT {draw(4)} % 100 < {100 * RESPONSE} - 5 * (fifth = 0)::INT + (fifth > 0)::INT AS answered,
          school::VARCHAR AS school_code, 'C' || lpad(cluster::VARCHAR, 4, '0') AS cluster_code,
          CASE WHEN secondary THEN 'S' || (1 + {draw(5)} % 4) ELSE 'P' || (5 + {draw(5)} % 3) END AS stage,
          CASE WHEN {draw(6)} % 2 = 0 THEN 'female' ELSE 'male' END AS sex, (1 + fifth)::VARCHAR AS simd_quintile, {items}
        FROM coded"""


def write(folder: Path, answers: int) -> None:
    """The linked answers and the pupil census as a council would send them, and schools with their sectors."""
    with duckdb.connect() as con:
        con.execute(f"SET threads = {THREADS}; SET memory_limit = '2GB'; SET temp_directory = '{folder}'")
        source, codes = answers_sql(answers), ", ".join(CODES)
        con.execute(
            f"COPY (SELECT {codes}, {', '.join(ITEMS)} FROM ({source}) WHERE answered) TO '{folder}/answers.csv' (HEADER)"
        )
        con.execute(f"COPY (SELECT {codes} FROM ({source})) TO '{folder}/pupils.csv' (HEADER)")
        sector = "CASE WHEN stage[1] = 'S' THEN 'secondary' ELSE 'primary' END AS sector"
        con.execute(f"COPY (SELECT DISTINCT school_code, {sector} FROM ({source})) TO '{folder}/schools.csv' (HEADER)")


def scan(folder: Path, kind: str) -> Laps:
    """Min, max and count of every column that estimates use, and nothing else."""
    laps: Laps = {}
    con = duckdb.connect(str(folder / "scan.duckdb")) if kind == "table" else duckdb.connect()
    con.execute(f"SET threads = {THREADS}")
    for name, columns in (("answers", (*CODES, *ITEMS)), ("pupils", CODES)):
        source = f"read_csv('{folder}/{name}.csv', all_varchar = true, header = true)"
        if kind == "table":
            con.execute(f"CREATE TABLE {name} AS FROM {source}; CHECKPOINT")
            source = name
        wanted = ", ".join(f"min({c}), max({c}), count({c})" for c in columns)
        with lap(laps, "scan"):
            con.execute(f"SELECT {wanted} FROM {source}").fetchall()
    return laps


def estimates(folder: Path, kind: str) -> Laps:
    """From the csv files to every share; intervals only where asked for. Pieces are counted and let go."""
    import pandas as pd

    from rcs_core.records.estimate.cube import read_cube, read_roll
    from rcs_core.records.estimate.ready import Ready
    from rcs_core.records.estimate.recut import recuts
    from rcs_core.records.estimate.rules import rules

    laps: Laps = {}
    with lap(laps, "cube"):
        cube, roll = read_cube(folder / "answers.csv", ITEMS), read_roll(folder / "pupils.csv")
    with lap(laps, "weights"):
        ready = Ready.of(cube, roll, pd.read_csv(folder / "schools.csv", dtype=str), rules())
    with lap(laps, "shares"):
        pieces = recuts(ready, BY, rules(), margins=kind == "margins", intervals=kind == "intervals")
        laps["rows"] = (float(sum(len(piece) for piece in pieces)), 0.0)
    laps["cells"] = (float(len(cube.cells)), 0.0)
    return laps


PARTS: dict[str, Callable[[Path, str], Laps]] = {
    "csv": scan, "table": scan, "finest": estimates, "intervals": estimates, "margins": estimates,
}  # fmt: skip


def child(folder: Path, part: str) -> None:
    """One part in this process: its laps and peak memory as one line."""
    print(json.dumps({"laps": PARTS[part](folder, part), "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def measure(answers: int, folder: Path) -> list[list[object]]:
    """Every part of one size, each beside the scan of the csv."""
    write(folder, answers)
    found = {}
    for part in PARTS if answers <= WHOLE else ("csv", "table", "finest"):
        said = run([sys.executable, __file__, "--part", part, folder], folder)
        found[part] = json.loads(said.out.strip().splitlines()[-1])
    base = found["csv"]["laps"]["scan"]
    named = {
        "csv": "baseline: DuckDB scan of the csv files",
        "table": "harder baseline: scan of the columns in a DuckDB table",
        "finest": "shares and both variances, finest domains",
        "intervals": "the same, with intervals and flags",
        "margins": "the same without intervals, with all totals of the crossing",
    }
    rows = []
    for part, about in found.items():
        laps = {name: value for name, value in about["laps"].items() if name not in ("rows", "cells")}
        wall, busy = (sum(value[i] for value in laps.values()) for i in (0, 1))
        count = f"{about['laps']['rows'][0]:,.0f}" if "rows" in about["laps"] else ""
        rows.append([named[part], count, wall, busy, busy / base[1], wall / base[0], f"{about['peak']:,.0f}"])
        if part in ("finest", "intervals"):
            rows += [[f"  {name}", "", *value, value[1] / base[1], value[0] / base[0], ""] for name, value in laps.items()]
    print(f"{answers:,} answers: {found['finest']['laps']['cells'][0]:,.0f} cells, {THREADS} threads")
    return rows


def main() -> None:
    if "--part" in sys.argv:
        child(Path(sys.argv[3]), sys.argv[2])
        return
    for answers in [int(a) for a in sys.argv[1:]] or [20_000, 400_000, 5_000_000]:
        with tempfile.TemporaryDirectory() as scratch:
            rows = measure(answers, Path(scratch))
            head = ["what", "shares", "seconds", "CPU s", "CPU x csv", "wall x csv", "peak MB"]
            table(f"{answers:,} answers, {len(ITEMS)} indicators", head, rows)


if __name__ == "__main__":
    main()
