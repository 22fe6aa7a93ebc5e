"""What it costs to check, take up and link a partnership's records, by stage, in seconds of the processor and peak memory.

Baseline: merely reading every csv of the same input folder into DuckDB and counting its distinct rows, in the same run.
Usage: python benchmarks/bench_records.py [PUPILS ...]
"""

import itertools
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from common import rcs, run, table


def used() -> dict[str, float]:
    """Seconds by the clock and of the processor since the start, and peak memory (MB) so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall": time.perf_counter(), "busy": time.process_time(), "peak": peak}


def read(folder: Path) -> dict[str, dict[str, float]]:
    """The bare read."""
    import duckdb

    marks = {"start": used()}
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        for path in sorted(folder.glob("*.csv")):
            whole = "SELECT count(*) FROM (SELECT DISTINCT * FROM read_csv(?, all_varchar = true))"
            con.execute(whole, [str(path)]).fetchall()
    return marks | {"read": used()}


def records(folder: Path) -> dict[str, dict[str, float]]:
    """The check, the records and the links, one after the other as `rcs build` does them."""
    from rcs_core.contracts import check_folder
    from rcs_core.records.ingest import ingest
    from rcs_core.records.link import link

    marks = {"start": used()}
    report = check_folder(folder)
    marks["check"] = used()
    taken = ingest(report)
    marks["ingest"] = used()
    link(taken)
    return marks | {"link": used()}


PARTS = {"read": read, "records": records}


def laps(marks: dict[str, dict[str, float]]) -> list[tuple[str, float, float, float]]:
    """Each stage's seconds by the clock and of the processor, and the peak memory when it ended."""
    names = list(marks)
    return [
        (name, marks[name]["wall"] - marks[before]["wall"], marks[name]["busy"] - marks[before]["busy"], marks[name]["peak"])
        for before, name in itertools.pairwise(names)
    ]


def measure(pupils: int, scratch: Path) -> list[list[object]]:
    """One partnership: the bare read, then each stage beside it."""
    folder = scratch / f"in{pupils}"
    run(rcs("demo", folder, "--pupils", pupils), scratch / "home")
    found = {
        part: laps(json.loads(run([sys.executable, __file__, "--part", part, folder], scratch).out.splitlines()[-1]))
        for part in PARTS
    }
    [(_, wall, busy, peak)] = found["read"]
    rows: list[list[object]] = [["baseline: bare DuckDB read of the csv files", wall, busy, 1.0, f"{peak:,.0f}"]]
    rows += [[f"  {name}", w, b, b / busy, f"{p:,.0f}"] for name, w, b, p in found["records"]]
    clock, work = (sum(lap[i] for lap in found["records"]) for i in (1, 2))
    return [*rows, ["together", clock, work, work / busy, f"{found['records'][-1][3]:,.0f}"]]


def main() -> None:
    if "--part" in sys.argv:
        print(json.dumps(PARTS[sys.argv[2]](Path(sys.argv[3]))))
        return
    for pupils in [int(a) for a in sys.argv[1:]] or [20_000, 200_000]:
        with tempfile.TemporaryDirectory() as scratch:
            rows = measure(pupils, Path(scratch))
            head = ["stage", "seconds", "CPU s", "CPU x baseline", "peak MB"]
            table(f"Strathmere with {pupils:,} pupils: records checked, taken up and linked", head, rows)


if __name__ == "__main__":
    main()
