"""How long and how much memory a build takes by stage, at 20,000 and 200,000 pupils.

Baseline: merely reading every csv of the same input folder into DuckDB and counting its rows, in the same run.
Usage: python benchmarks/bench_build.py [PUPILS ...]
"""

import json
import sys
import tempfile
from pathlib import Path

from common import rcs, run, table

READ = (
    "import duckdb, sys, pathlib\n"
    "con = duckdb.connect()\n"
    "for p in sorted(pathlib.Path(sys.argv[1]).glob('*.csv')):\n"
    "    con.execute('SELECT count(*) FROM (SELECT DISTINCT * FROM read_csv(?, all_varchar=true))', [str(p)]).fetchall()\n"
)


def measure(pupils: int, scratch: Path) -> list[list[object]]:
    """One partnership: the demo, the bare read, and the build by stage."""
    inputs, home = scratch / f"in{pupils}", scratch / "home"
    wrote = run(rcs("demo", inputs, "--pupils", pupils), home)
    read = run([sys.executable, "-c", READ, inputs], home)
    built = run(rcs("build", inputs, scratch / f"out{pupils}", "--json"), home)
    said = json.loads(built.out.strip().splitlines()[-1])
    rows: list[list[object]] = [["write the demonstration folder", wrote.seconds, wrote.peak_mb, ""]]
    rows.append(["baseline: bare DuckDB read of its csv files", read.seconds, read.peak_mb, 1.0])
    rows += [[f"  {stage}", seconds, "", seconds / read.seconds] for stage, seconds in said["seconds"].items()]
    rows.append(["rcs build, whole command", built.seconds, built.peak_mb, built.seconds / read.seconds])
    print(f"{pupils:,} pupils: {said['cells']:,} cells, {said['hidden']:,} hidden, {said['open']} open")
    return rows


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:]] or [20_000, 200_000]
    for pupils in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            rows = measure(pupils, Path(scratch))
            table(f"Strathmere with {pupils:,} pupils", ["stage", "seconds", "peak MB", "x baseline"], rows)


if __name__ == "__main__":
    main()
