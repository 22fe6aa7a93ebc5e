"""A small fictional release for every screen test: two clusters, eight schools, two pupil surveys, eleven services.

The counts come from seeded invented children; the hiding is a plain rule (a row with a band under ten, and its next
smallest sibling). It stands in for protection on a screen and is not evidence that protection works.
"""

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from rcs_core import release
from rcs_core.release import Manifest, Table
from rcs_core.settings import ROOT, read_json
from rcs_core.workshop.store import Store
from tests.tiny_money import money_tables
from tests.tiny_waves import told_tables

AREA, WAVE, EARLIER, YEAR = "999", "2025", "2023", "2025-26"
SCHOOLS = [
    ("9900101", "Burnside Primary", "C01", "primary", 60),
    ("9900102", "Hillhead Primary", "C01", "primary", 42),
    ("9900103", "Glenmuir Primary", "C01", "primary", 7),
    ("9900104", "Carrickmuir High", "C01", "secondary", 170),
    ("9900201", "Kirkton Primary", "C02", "primary", 55),
    ("9900202", "Millbrae Primary", "C02", "primary", 38),
    ("9900203", "Strathaven Road Primary", "C02", "primary", 9),
    ("9900204", "Kirkton Academy", "C02", "secondary", 150),
]
CLOSED = ("9900105", "Old Mill Primary", "C01", "primary", 40)
"""A school of the earlier wave that has closed since."""
CLUSTERS = {"C01": "Carrickmuir cluster", "C02": "Kirkton cluster"}
SURVEYS = {"pupil_p5_p7": ("P5", "P6", "P7"), "pupil_s1_s4": ("S1", "S2", "S3", "S4")}
# indicator: share yes in primary and secondary (None: not asked), title, band that means need, domain, shanarri, sensitive
INDICATORS: dict[str, tuple[float | None, float, str, str, str, str, bool]] = {
    "trusted_adult": (0.88, 0.74, "Has an adult they trust", "no", "family", "nurtured", False),
    "bullied_last_year": (0.34, 0.26, "Bullied in the last year", "yes", "peers", "safe", False),
    "enjoys_learning": (0.81, 0.58, "Enjoys learning", "no", "learning", "achieving", False),
    "active_hour_yesterday": (0.62, 0.44, "Active for an hour yesterday", "no", "physical_health", "active", False),
    "feels_safe_in_area": (0.86, 0.79, "Feels safe in their area", "no", "local_area", "safe", False),
    "sdq_raised": (None, 0.33, "Raised difficulties (SDQ)", "yes", "mental_wellbeing", "healthy", False),
    "drank_alcohol_last_week": (None, 0.11, "Drank alcohol last week", "yes", "physical_health", "responsible", True),
}
NEED_WITH_CONTACT = ("trusted_adult", "bullied_last_year", "sdq_raised")
DETAIL = ("none", "social_work_only", "additional_support_only", "both")
GROUPS = {
    "ALL": DETAIL,
    "either": DETAIL[1:],
    "social_work": ("social_work_only", "both"),
    "no_social_work": ("none", "additional_support_only"),
    "additional_support": ("additional_support_only", "both"),
    "no_additional_support": ("none", "social_work_only"),
    **{code: (code,) for code in DETAIL},
}
CLUSTER_GROUPS = {k: GROUPS[k] for k in ("ALL", "none", "either")}
PARTITIONS = {
    "any": ("ALL", "either", "none"),
    "sw": ("ALL", "social_work", "no_social_work"),
    "asl": ("ALL", "additional_support", "no_additional_support"),
    "detail": ("either", "social_work_only", "additional_support_only", "both"),
    "sw_detail": ("social_work", "social_work_only", "both"),
    "asl_detail": ("additional_support", "additional_support_only", "both"),
    "no_sw_detail": ("no_social_work", "none", "additional_support_only"),
    "no_asl_detail": ("no_additional_support", "none", "social_work_only"),
}


def tiny_release(
    folder: Path, *, linked: bool = True, surveys: tuple[str, ...] = tuple(SURVEYS), money: bool = True, waves: bool = False
) -> Path:
    """Write the small release into `folder` and return its data file (fictional, named Strathmere).

    waves: with the wave of 2023 too, and all that is told between waves, places and groups. Without, it is a release as it
    was made before waves were told apart.
    """
    made = _made(linked, surveys, money, waves)
    folder.mkdir(parents=True, exist_ok=True)
    for one in made.parent.iterdir():
        (folder / one.name).unlink(missing_ok=True)  # a data file is read-only, and may stand there from an earlier call
        shutil.copy(one, folder / one.name)
    return folder / made.name


_KEPT = TemporaryDirectory(prefix="rcs-tiny-")
"""Where the releases of this process are, one folder each, until it ends."""


@cache
def _made(linked: bool, surveys: tuple[str, ...], money: bool, waves: bool) -> Path:
    """The release as it is saved, once a process; every test has a copy of its own."""
    manifest = Manifest("Strathmere", AREA, True, YEAR, "0.1.0", 10, built_at="2026-05-01T09:00:00")
    return release.save(_tables(linked, surveys, money, waves), manifest, Path(mkdtemp(dir=_KEPT.name)))


@cache
def _tables(linked: bool, surveys: tuple[str, ...], money: bool, waves: bool) -> list[Table]:
    tables = [_areas(waves), _hierarchies(), _indicators(surveys), _surveys(surveys), _coverage(surveys, linked)]
    for number, survey in enumerate(surveys):
        tables += _survey_tables(survey, SURVEYS[survey], linked, np.random.default_rng(100 + number))
    tables = with_earlier(tables, surveys) if waves else tables
    return [*tables, *(money_tables(YEAR) if money else [])]


def with_earlier(tables: list[Table], surveys: tuple[str, ...]) -> list[Table]:
    """The tables with the rows of the earlier wave below their own, and the tables that are told between waves."""
    earlier = {"surveys": _surveys(surveys, EARLIER), "coverage": _coverage(surveys, True, EARLIER)}
    for number, survey in enumerate(surveys):
        found = _survey_tables(survey, SURVEYS[survey], False, np.random.default_rng(200 + number), EARLIER)
        earlier |= {t.name: t for t in found if not t.name.endswith("_roll")}
    marks = {"surveys": {"current": (True, False)}, "coverage": {"wave": (WAVE, EARLIER)}}
    both = []
    for table in tables:
        frames = [table.frame, *([earlier[table.name].frame] if table.name in earlier else [])]
        marked = [f.assign(**{c: v[k] for c, v in marks.get(table.name, {}).items()}) for k, f in enumerate(frames)]
        both.append(replace(table, frame=pd.concat(marked, ignore_index=True)))
    asked = {s: [i for i, (p5, *_) in INDICATORS.items() if s != "pupil_p5_p7" or p5 is not None] for s in surveys}
    return [*both, *told_tables(both, asked, [AREA, *CLUSTERS])]


def serve(folder: Path, monkeypatch: pytest.MonkeyPatch, **kwargs: Any) -> Path:
    """Serve the small release from a workspace of its own, signed off as the build signs off a fictional one."""
    monkeypatch.setenv("RCS_HOME", str(folder / "home"))
    file = tiny_release(folder / "releases", **kwargs)
    monkeypatch.setenv("RCS_RELEASE", str(file))
    (folder / "home").mkdir()
    digest = read_json(file.parent / release.POINTER)["content_hash"]
    Store.open(folder / "home" / "store.sqlite").sign_off(digest, "rcs build", "build", "fictional", True)
    return file


def open_page(file: str) -> AppTest:
    """Open one page of the workbench (a file name under `pages/`) as a newcomer would, through its entry."""
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60).run()
    return app if file == "today.py" else app.switch_page(str(ROOT / "pages" / file)).run()


def _children(survey: str, stages: tuple[str, ...], rng: np.random.Generator, wave: str) -> pd.DataFrame:
    sector = "primary" if survey == "pupil_p5_p7" else "secondary"
    schools = [*SCHOOLS, *([CLOSED] if wave == EARLIER else [])]
    rows = [(code, c, stage) for code, _, c, kind, per in schools if kind == sector for stage in stages for _ in range(per)]
    kids = pd.DataFrame(rows, columns=["school", "cluster", "stage"])
    kids["sex"] = rng.choice(["female", "male"], len(kids))
    kids["simd_quintile"] = rng.choice(list("12345"), len(kids), p=[0.3, 0.22, 0.18, 0.16, 0.14])
    need = (3 - kids["simd_quintile"].astype(int)) * 0.04
    kids["contact"] = [rng.choice(DETAIL, p=[0.68 - n, 0.06 + n / 2, 0.21, 0.05 + n / 2]) for n in need]
    kids["responded"] = rng.random(len(kids)) < 0.76
    for code, (p5, s1, _, need_band, *_rest) in INDICATORS.items():
        share = p5 if survey == "pupil_p5_p7" else s1
        if share is not None:
            lean = need + 0.12 * (kids["contact"] != "none")
            yes = rng.random(len(kids)) < np.clip(share + (lean if need_band == "yes" else -lean), 0.02, 0.98)
            kids[code] = np.where(rng.random(len(kids)) < 0.04, None, np.where(yes, "yes", "no"))
    return kids


def _survey_tables(survey: str, stages: tuple[str, ...], linked: bool, rng: np.random.Generator, wave: str = WAVE) -> list[Table]:
    kids = _children(survey, stages, rng, wave)
    seen = kids[kids["responded"]]
    asked = [i for i in INDICATORS if i in kids]
    councils = [(AREA, seen)]
    clusters = [(c, seen[seen["cluster"] == c]) for c in CLUSTERS]
    schools = [(s, seen[seen["school"] == s]) for s, *_ in [*SCHOOLS, CLOSED] if (seen["school"] == s).any()]

    def table(name: str, areas: list, items: list[str], dim: str = "", groups: dict | None = None) -> Table:
        keys = [dim] if dim else []
        groups = groups or {"ALL": None, **{v: (v,) for v in sorted(seen[dim].unique())}} if dim else {"": None}
        rows = [
            (survey, wave, item, area, *([group] if dim else []), band, n)
            for item in items
            for area, kids in (councils if INDICATORS[item][-1] else areas)
            for group, codes in groups.items()
            for band, n in _bands(kids if codes is None else kids[kids[dim].isin(codes)], item)
        ]
        frame = pd.DataFrame(rows, columns=["survey", "wave", "indicator", "area", *keys, "band", "n"])
        title = f"{name.replace('_', ' ')} ({WAVE})"
        return Table(name, title, _hide(frame, dim), ("area", *keys, "band"), ("survey", "wave", "indicator"))

    tables = [
        table(f"{survey}_area", councils + clusters + schools, asked),
        table(f"{survey}_area_sex", councils + clusters, asked, "sex"),
        table(f"{survey}_stage", councils, asked, "stage"),
        table(f"{survey}_simd", councils, asked, "simd_quintile"),
    ]
    needs = [i for i in asked if i in NEED_WITH_CONTACT]
    if linked:
        tables.append(table(f"{survey}_contact", councils, needs, "contact", GROUPS))
        tables.append(table(f"{survey}_contact_cluster", councils + clusters, needs, "contact", CLUSTER_GROUPS))
    return [*tables, _roll(survey, kids, linked)]


def _bands(kids: pd.DataFrame, item: str) -> list[tuple[str, int]]:
    yes, no = int((kids[item] == "yes").sum()), int((kids[item] == "no").sum())
    return [("ALL", yes + no), ("yes", yes), ("no", no)] if yes + no else []


def _roll(survey: str, kids: pd.DataFrame, linked: bool) -> Table:
    unlinked = ("ALL", "social_work", "no_social_work", "additional_support", "no_additional_support")
    counts = {g: int(kids["contact"].isin(codes).sum()) for g, codes in GROUPS.items() if linked or g in unlinked}
    frame = pd.DataFrame([(survey, WAVE, AREA, g, n, "shown") for g, n in counts.items()])
    frame.columns = ["survey", "wave", "area", "contact", "n", "state"]
    frame["n"] = frame["n"].astype("Int64")
    return Table(
        f"{survey}_contact_roll", "All pupils on the roll by service contact", frame, ("area", "contact"), ("survey", "wave")
    )


def _hide(frame: pd.DataFrame, dim: str) -> pd.DataFrame:
    """Hide every row with a band under ten and its next smallest sibling; then set the shares of what is left."""
    keys = ["indicator", "area", *([dim] if dim else [])]
    wide = frame.pivot_table(index=keys, columns="band", values="n").reset_index()
    wide["small"] = wide[["yes", "no"]].min(axis=1) < 10
    parent = {s: c for s, _, c, *_ in [*SCHOOLS, CLOSED]} | dict.fromkeys(CLUSTERS, AREA)
    wide["siblings"] = (
        wide["indicator"] + wide["area"].map(parent).fillna("top") + (wide[dim].eq("ALL").astype(str) if dim else "")
    )
    for _, family in wide[wide[dim] != "ALL" if dim else wide["area"] != AREA].groupby("siblings"):
        if family["small"].sum() == 1 and len(family) > 1:
            wide.loc[family.loc[~family["small"], "ALL"].idxmin(), "small"] = True
    joined = frame.merge(wide[[*keys, "small", "ALL", "yes"]], on=keys, how="left")
    hidden = joined["small"] & (joined["band"].isin(["yes", "no"]) | (joined["ALL"] < 10))
    frame = frame.assign(n=joined["n"].astype("Int64").mask(hidden), state=np.where(hidden, "suppressed", "shown"))
    return _shares(frame, joined)


def _shares(frame: pd.DataFrame, joined: pd.DataFrame) -> pd.DataFrame:
    base, share = joined["ALL"].astype(float), joined["yes"].astype(float) / joined["ALL"].astype(float)
    half = 1.96 * np.sqrt(share * (1 - share) / base * (1 - 0.76))
    is_yes, open_row = joined["band"] == "yes", ~joined["small"]
    for name, value in (("pct", share), ("pct_low", share - half), ("pct_high", share + half)):
        frame[name] = (value.clip(0, 1) * 100).round().where(is_yes & open_row).astype("Int64")
    unreliable = is_yes & open_row & (joined["ALL"] < 30)
    frame["pct_state"] = np.where(is_yes, np.where(unreliable, "unreliable", np.where(open_row, "shown", "suppressed")), "")
    frame.loc[unreliable, ["pct", "pct_low", "pct_high"]] = pd.NA
    return frame


def _areas(waves: bool = False) -> Table:
    rows = [(AREA, "Strathmere", "council", "")]
    rows += [(code, name, "cluster", AREA) for code, name in CLUSTERS.items()]
    rows += [(code, name, "school", cluster) for code, name, cluster, *_ in [*SCHOOLS, *([CLOSED] if waves else [])]]
    return _plain("areas", "Areas of the partnership", rows, ["area", "name", "level", "parent"])


def _hierarchies() -> Table:
    rows = [("area", c, AREA, "geography") for c in CLUSTERS] + [("area", s, c, "geography") for s, _, c, *_ in SCHOOLS]
    rows += [("contact", child, parent, name) for name, (parent, *children) in PARTITIONS.items() for child in children]
    return _plain("hierarchies", "What sums to what", rows, ["dimension", "child", "parent", "partition"])


def _indicators(surveys: tuple[str, ...]) -> Table:
    rows = [
        (s, i, title, f"{title} (yes or no)", need, domain, shanarri, "good" if need == "no" else "bad", sensitive,
         "Pupils in P5 to P7" if s == "pupil_p5_p7" else "Pupils in S1 to S4", f"Wellbeing survey {WAVE}",
         "Higher is better" if need == "no" else "Higher means more need")
        for s in surveys
        for i, (p5, _, title, need, domain, shanarri, sensitive) in INDICATORS.items()
        if s != "pupil_p5_p7" or p5 is not None
    ]  # fmt: skip
    columns = "survey indicator title question need_band domain shanarri polarity sensitive asked_of source high_is"
    return _plain("indicators", "What was asked", rows, columns.split())


def _surveys(surveys: tuple[str, ...], wave: str = WAVE) -> Table:
    titles = {"pupil_p5_p7": ("Pupils in P5 to P7", "P5 P6 P7", 633), "pupil_s1_s4": ("Pupils in S1 to S4", "S1 S2 S3 S4", 1280)}
    rows = [(s, wave, *titles[s], 76 if wave == WAVE else 71, "Web survey in class; a census of the stages") for s in surveys]
    return _plain("surveys", "Surveys", rows, ["survey", "wave", "title", "stages", "roll", "response_pct", "note"])


def _coverage(surveys: tuple[str, ...], linked: bool, wave: str = WAVE) -> Table:
    rows, pct = [], 76 if wave == WAVE else 71
    for s in surveys:
        said = f"{pct}% of pupils on the roll answered; {100 - pct}% were absent, opted out or did not finish"
        rows.append((s, "response", float(pct), said))
        rows.append(
            (s, "linkage", 98.6 if linked else 0.0, "98.6% of forms were found in the pupil census" if linked else "Not linked")
        )
        rows.append((s, "special_schools", None, "Pupils of special schools were not asked"))
    return _plain("coverage", "Who is not in the picture", rows, ["survey", "topic", "pct", "text"])


def _plain(name: str, title: str, rows: list[tuple], columns: list[str]) -> Table:
    return Table(name, title, pd.DataFrame(rows, columns=columns))
