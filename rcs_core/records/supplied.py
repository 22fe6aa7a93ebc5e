"""Counts that the council supplied, as tables of a release: unweighted, said to be the council's, protected like any other.

In: the records and what the surveys of the folder gave. Out: the same estimates with `{survey}_contact` (need by contact),
`{survey}_need` and `{survey}_contact_roll` (two totals, for limits), and `supplied`: of which ages and year each is.
"""

from dataclasses import replace

import pandas as pd

from rcs_core.contact import completed
from rcs_core.errors import ContractError
from rcs_core.records.catalogue import Catalogue, catalogue
from rcs_core.records.estimate import Estimates
from rcs_core.records.estimate.publish import LABELS, band_rows
from rcs_core.records.ingest import Records
from rcs_core.release import ALL, Table
from rcs_core.vocab import Contact

NAME = "supplied"
_FILE = "need_contact_counts"
_CLUSTERS = (Contact.ALL, Contact.NONE, Contact.EITHER)
_KEY = ["survey", "wave", "indicator", "area"]
_ABOUT = ["survey", "wave", "what", "indicator", "contact", "ages", "year"]


def with_supplied(estimates: Estimates, records: Records) -> Estimates:
    """The estimates with the council's counts; as they were where it sent none.

    Raises ContractError where the folder also holds the answers to a question and they are of other children.
    """
    if records.supplied is None or records.supplied.empty:
        return estimates
    wave, council = str(records.partnership["survey_wave"]), str(records.partnership["area_code"])
    counts = records.supplied.assign(
        wave=records.supplied.get("wave", pd.Series("", index=records.supplied.index)).replace("", wave)
    )
    known = catalogue()
    crossed = _crossed(counts, known)
    tables = [
        *_contact_tables(crossed, council, known),
        *_need_tables(crossed, known),
        *_roll_tables(counts, council, known),
    ]
    for table in tables:
        _same_children(table, estimates.tables)
    have = {table.name for table in tables}
    kept = [table for table in estimates.tables if table.name not in have]
    return _told(replace(estimates, tables=[*kept, *tables]), counts, known)


def about_supplied(records: Records) -> list[Table]:
    """The plain table `supplied`: what the council counted, of which ages and year; nothing where it sent no counts."""
    if records.supplied is None or records.supplied.empty:
        return []
    wave = str(records.partnership["survey_wave"])
    counts = records.supplied.assign(
        wave=records.supplied.get("wave", pd.Series("", index=records.supplied.index)).replace("", wave)
    )
    named = counts["indicator"] != ""
    counts = counts.assign(what=named.map({True: "need", False: "contact"}), contact=counts["contact"].mask(named, ""))
    return [Table(NAME, "Counts supplied by the council", counts[_ABOUT].drop_duplicates(ignore_index=True).astype(str))]


def _crossed(counts: pd.DataFrame, known: Catalogue) -> pd.DataFrame:
    """Need by contact, completed by sums: the key columns, contact, yes and no (answers, not needs), blank in none."""
    rows = []
    for key, part in counts[(counts["indicator"] != "") & (counts["need"] != ALL)].groupby(_KEY, sort=True):
        sides = {need: _completed(part[part["need"] == need]) for need in ("yes", "no")}
        band = known.indicators[str(key[2])].need_band
        for code in Contact:
            if code in sides["yes"] and code in sides["no"]:
                need, other = sides["yes"][code], sides["no"][code]
                rows.append((*key, code.value, *((need, other) if band == "yes" else (other, need))))
    return pd.DataFrame(rows, columns=[*_KEY, "contact", "yes", "no"])


def _completed(part: pd.DataFrame) -> dict[Contact, int]:
    return completed({Contact(c): int(n) for c, n in zip(part["contact"], part["children"], strict=True)})


def _contact_tables(crossed: pd.DataFrame, council: str, known: Catalogue) -> list[Table]:
    """Need by contact, of the council and of clusters, where contact is more than a margin."""
    found = []
    for survey, rows in crossed.groupby("survey"):
        title = f"{known.surveys[str(survey)].title}: by named contact, counts supplied by the council"
        more = rows.groupby(_KEY)["contact"].transform("nunique") > 1
        top = rows[more & (rows["area"] == council)]
        few = rows[more & rows["contact"].isin([c.value for c in _CLUSTERS])]
        if len(top):
            found.append(_bands(f"{survey}_contact", title, top, ["area", "contact"]))
        if (few["area"] != council).any():
            found.append(_bands(f"{survey}_contact_cluster", f"{title}, clusters", few, ["area", "contact"]))
    return found


def _need_tables(crossed: pd.DataFrame, known: Catalogue) -> list[Table]:
    """The total with a need, where that is all that is known of a question."""
    alone = crossed[(crossed.groupby(_KEY)["contact"].transform("nunique") == 1) & (crossed["contact"] == ALL)]
    return [
        _bands(f"{survey}_need", f"{known.surveys[str(survey)].title}: need, counts supplied by the council", rows, ["area"])
        for survey, rows in alone.groupby("survey")
    ]


def _bands(name: str, title: str, rows: pd.DataFrame, dims: list[str]) -> Table:
    """The three rows of each group; the share is a plain one, without an interval: these are counts, not a sample."""
    whole = (rows["yes"] + rows["no"]).astype(float)
    pct = (100 * rows["yes"] / whole.where(whole > 0)).round()
    blank = float("nan")
    state = pct.notna().map({True: "shown", False: "unreliable"})
    rows = rows.assign(pct=pct, pct_low=blank, pct_high=blank, pct_state=state)
    return Table(name, title, band_rows(rows, dims), (*dims, "band"), LABELS)


def _roll_tables(counts: pd.DataFrame, council: str, known: Catalogue) -> list[Table]:
    """The council's totals of a contact, and of those without it."""
    totals = counts[(counts["indicator"] == "") & (counts["area"] == council)]
    found = []
    for survey, rows in totals.groupby("survey"):
        lines = []
        for wave, part in rows.groupby("wave"):
            told = _completed(part)
            lines += [(survey, wave, council, code.value, told[code], "shown") for code in Contact if code in told]
        frame = pd.DataFrame(lines, columns=["survey", "wave", "area", "contact", "n", "state"]).astype({"n": "Int64"})
        title = f"{known.surveys[str(survey)].title}: children by named contact, counts supplied by the council"
        found.append(Table(f"{survey}_contact_roll", title, frame, ("area", "contact"), ("survey", "wave")))
    return found


def _same_children(table: Table, others: list[Table]) -> None:
    """Where the folder has the answers too, the council's totals are theirs: a small difference would single children out."""
    survey = table.name.removesuffix("_cluster").removesuffix("_contact").removesuffix("_need")
    area = next((t for t in others if t.name == f"{survey}_area"), None)
    if area is None or "band" not in table.dims:
        return
    keys, mine = [*LABELS, "area", "band"], table.frame
    mine = mine[mine["contact"] == ALL] if "contact" in mine.columns else mine
    both = mine[[*keys, "n"]].merge(area.frame[[*keys, "n"]], on=keys, suffixes=("", "_of_forms"))
    off = both[both["n"] != both["n_of_forms"]]
    if len(off):
        first = off.iloc[0]
        raise ContractError(
            "the council's counts are of other children than the answers in the folder",
            f"{_FILE}, {survey}, {first['indicator']}",
            f"{first['n']:,} and {first['n_of_forms']:,} (answer {first['band']}, area {first['area']})",
            "the same children, since a small difference between two published totals could single them out",
            "count exactly the pupils whose forms are here, or leave that question out of the survey's file or of the counts",
        )


def _told(estimates: Estimates, counts: pd.DataFrame, known: Catalogue) -> Estimates:
    """Surveys that came as counts alone, their questions, and one sentence of coverage for each survey with counts."""
    have = set(estimates.surveys["survey"])
    rows, lines = [], []
    for (survey, wave), part in counts.groupby(["survey", "wave"]):
        said = _sentence(part)
        if survey not in have:
            about = known.surveys[str(survey)]
            rows.append((survey, wave, True, about.title, " ".join(about.stages), pd.NA, pd.NA, said))
        lines.append((survey, wave, "supplied", pd.NA, said))
    codes = [*dict.fromkeys([*estimates.indicators["survey"], *(str(r[0]) for r in rows)])]
    columns = ["survey", "wave", "current", "title", "stages", "roll", "response_pct", "note"]
    surveys = _and(estimates.surveys, pd.DataFrame(rows, columns=columns))
    coverage = _and(estimates.coverage, pd.DataFrame(lines, columns=["survey", "wave", "topic", "pct", "text"]))
    indicators = known.frame(codes) if rows else estimates.indicators
    return replace(estimates, surveys=surveys, coverage=coverage, indicators=indicators)


def _sentence(part: pd.DataFrame) -> str:
    of = "; ".join(
        f"ages {ages}, {year}" for ages, year in part[["ages", "year"]].drop_duplicates().itertuples(index=False, name=None)
    )
    return f"Need and contact: counts supplied by the council, unweighted ({of}). Nobody here has seen the records behind them."


def _and(frame: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    if more.empty:
        return frame
    return (
        pd.concat([frame, more.astype(frame.dtypes.to_dict())], ignore_index=True)
        if len(frame)
        else more.astype(frame.dtypes.to_dict())
    )
