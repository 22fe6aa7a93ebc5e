"""Writes docs/methods/coverage.md: how often each interval holds the truth on Strathmere, by method and size of domain.

Run it after changing an interval or a variance: python -m tests.coverage_table (some minutes)
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import pandas as pd

from rcs_core.demo.parameters import parameters
from tests.coverage_draws import EDGE, METHODS, SIZES, Tally, other_schools, these_pupils

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "coverage.md"
SEED, PUPILS = 2025, 20_000
POPULATIONS, DRAWS, REDRAWS = 10, 10, 120
_SIZES = [name for _, name in SIZES]

PAGE_TEXT = """# Coverage: how often the intervals hold the truth

A 95% interval keeps its word when 95 of 100 such intervals hold the true figure. Strathmere is invented, so its truth is known:
we drew it again and again and counted. Written by `python -m tests.coverage_table` on {today}, seed {seed}, {pupils:,} pupils.
The test `tests/records/test_coverage_table.py` repeats a small part and reads the tables below.

## What it shows

- **The published intervals (a) keep their word at every size**: {told_low} to {told_high} of them held the truth, because
  they are rounded outwards to whole per cents. For large groups, where a point is a good part of the width, they are wider
  than they need be.
- **Before rounding they hold it {ours_low} to {ours_high} of the time**, least often in large groups. Why was not tried
  apart. Likely: a question left out counts as if the pupil had not been on the roll (about 1 form in 40 leaves a given one
  out, 1 in 17 a sensitive one, and those come out lowest below), raking to many schools leaves residuals a little too small,
  and special schools are on the roll but are not asked.
- **No one method does everywhere.** Near 0 and 1 Wald falls to {wald_edge} and logit to {logit_edge} in their worst size;
  Korn-Graubard holds {kg_edge} or more. This is why ours is logit in the middle and Korn-Graubard near 0 and 1.
- **(b) rests on few schools.** Logit in the middle and Korn-Graubard near the edges held the model's share
  {recur_primary} of the time with the primaries and {recur_secondary} with the eight secondaries; Wald, which comparisons
  and changes use, {wald_primary} and {wald_secondary}. {recur_words}

What this does not show: whether response depends on the answers themselves. In Strathmere it depends on stage, deprivation and
school only, which weighting can mend. In life some of it will not be mended, and no interval knows.

## (a) These pupils, this year

{populations} populations, each answered {draws} times; every pupil's answer is fixed, who responds is drawn again. The truth
is the share of the whole roll of the domain, special schools with it. All 12 questions; domains: council, stages, fifths,
clusters, cluster and sex, schools, school and stage, school and stage and sex. *Ours* is the published interval before it is
rounded outwards and before unsteady figures are withheld; *as published* is what stands in a release. At shares of exactly 0
and 1 Wald and logit have no width. Intervals of one draw lean on the same answers, so the last digit is not firm.

By number of answers: share of intervals that hold the truth.

{by_size}

Mean width, in percentage points.

{widths}

Only where the true share is under {edge:.0%} or over {rest:.0%}:

{by_edge}

By kind of domain:

{by_kind}

By question (as published, and ours):

{by_item}

## (b) Would it recur

{redraws} times schools, pupils, answers and response were drawn again, and {twice} more whole populations found the model's
share. The model: rolls, deprivation and response as in the demonstration, answers from stage, sex, deprivation and a school
effect of its own ({between:.0%} of the variance lies between schools). The demonstration's own answers will not do, because
they hold each stage to its published share, however the schools fall. Korn-Graubard is in the truncated NCHS form.

{recur}
"""


def cell(held: float) -> str:
    """A share that hold the truth, as a per cent with one decimal."""
    return "" if pd.isna(held) else f"{100 * held:.1f}%"


def markdown(frame: pd.DataFrame, head: list[str]) -> str:
    """A table of text: the index first, then the columns as they stand."""
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for key, row in frame.iterrows():
        names = key if isinstance(key, tuple) else (key,)
        lines.append("| " + " | ".join([*map(str, names), *map(str, row)]) + " |")
    return "\n".join(lines)


def held(table: pd.DataFrame, index: list[str]) -> pd.DataFrame:
    """Rows by `index`, the number of intervals and each method's share that hold the truth."""
    wide = table["held"].unstack("method").reindex(columns=list(METHODS))
    counts = table["intervals"].unstack("method")["Wald"].map(lambda n: f"{n:,.0f}")
    wide = wide.map(cell).astype(object)
    wide.insert(0, "intervals", counts)
    order = [_SIZES] if index == ["size"] else []
    return wide.reindex(order[0]) if order else wide


def words(a: Tally, b: Tally) -> dict[str, str]:
    """The figures that the plain words quote."""
    size, edge = a.table("method", "size")["held"], a.table("edge", "method", "size")["held"].loc[True]
    recur, kinds = b.table("survey", "method")["held"], b.table("survey", "kind", "method")["held"]
    wald = kinds.xs("Wald", level="method")
    worst = wald.idxmin()
    names = {"pupil_p5_p7": "P5-P7", "pupil_s1_s4": "S1-S4"}
    return {
        "told_low": cell(size["as published"].min()),
        "told_high": cell(size["as published"].max()),
        "ours_low": cell(size["ours"].min()),
        "ours_high": cell(size["ours"].max()),
        "wald_edge": cell(edge["Wald"].min()),
        "logit_edge": cell(edge["logit"].min()),
        "kg_edge": cell(edge["Korn-Graubard"].min()),
        "recur_primary": cell(recur["pupil_p5_p7", "ours"]),
        "recur_secondary": cell(recur["pupil_s1_s4", "ours"]),
        "wald_primary": cell(recur["pupil_p5_p7", "Wald"]),
        "wald_secondary": cell(recur["pupil_s1_s4", "Wald"]),
        "recur_words": f"Its worst kind is {worst[1]} in {names[worst[0]]}: {cell(wald.min())}.",
    }


def page(a: Tally, b: Tally) -> str:
    """The whole page."""
    method_heads = ["intervals", *METHODS]
    widths = (100 * a.table("method", "size")["width"].unstack("method")).reindex(index=_SIZES, columns=list(METHODS)).round(1)
    items = a.table("item", "method")["held"].unstack("method")[["as published", "ours"]].map(cell)
    return PAGE_TEXT.format(
        **words(a, b),
        today=date.today().isoformat(),
        seed=SEED, pupils=PUPILS, populations=POPULATIONS, draws=DRAWS, redraws=REDRAWS, twice=2 * REDRAWS,
        edge=EDGE, rest=1 - EDGE, between=parameters()["wellbeing"].number("school_variance"),
        by_size=markdown(held(a.table("method", "size"), ["size"]), ["answers", *method_heads]),
        widths=markdown(widths, ["answers", *METHODS]),
        by_edge=markdown(held(a.table("edge", "method", "size").loc[True], ["size"]), ["answers", *method_heads]),
        by_kind=markdown(held(a.table("method", "kind"), ["kind"]).reindex(a.kinds), ["domain", *method_heads]),
        by_item=markdown(items, ["question", "as published", "ours"]),
        recur=markdown(held(b.table("survey", "kind", "method"), ["survey", "kind"]), ["survey", "domain", *method_heads]),
    )  # fmt: skip


def main() -> None:
    """Draw, count, write the page."""
    between = parameters()["wellbeing"].number("school_variance")
    with ProcessPoolExecutor(2) as pool:
        a = pool.submit(these_pupils, SEED, POPULATIONS, DRAWS, PUPILS)
        b = pool.submit(other_schools, SEED, REDRAWS, PUPILS, between)
        text = page(a.result(), b.result())
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")


if __name__ == "__main__":
    main()
