"""Earlier survey waves: each a sub-folder `wave_2023` of the input folder, checked by the contracts of the current wave.

In: the input folder, what partnership.yaml says, and today's schools. Out: a `CheckReport` a wave, the newest first, and
what is wrong with sub-folders that cannot be taken for a wave. Whatever lies in a wave's folder is read or said.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core.contracts import domain
from rcs_core.contracts.across import group
from rcs_core.contracts.aliases import OWN, read_aliases
from rcs_core.contracts.clean import Mended, nearest
from rcs_core.contracts.files import READABLE, error, listing, marked_copies, not_files, note
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Contract, Rule
from rcs_core.contracts.opted_out import STEM as OPT_OUTS
from rcs_core.contracts.reading import Reading, check_across, layouts_of, read_tables, taken_up
from rcs_core.contracts.report import CheckReport, ordered
from rcs_core.vocab import Severity

CENSUS, SCHOOLS = "pupil_census", "schools"
STEMS = (SCHOOLS, CENSUS, *domain.PUPIL_SURVEYS)
"""The tables that an earlier wave may hold."""
START = "wave_"
LABEL = re.compile(r"^(\d{4})(?:-(\d{2}))?$")
_ONLY = "an earlier wave's pupil census, schools and pupil surveys only; this was not read"
_OWN_EDITION = ("one edition a wave; most of its pupils have {}", "take the quintiles of one edition for all pupils of the wave")


@dataclass(frozen=True, slots=True)
class Wave:
    """A sub-folder of one earlier wave: its label as the folder's name has it, and the year in which it starts."""

    path: Path
    label: str
    start: int

    @property
    def inside(self) -> str:
        """How messages and receipts name the sub-folder before a file's name."""
        return f"{self.path.name}/"


def check_waves(
    folder: Path, about: Mapping[str, Any], known: Mapping[str, Contract], today: Mapping[str, Mended]
) -> tuple[tuple[CheckReport, ...], list[Breaches]]:
    """Check every earlier wave of a folder; today: the folder's own tables, of which a wave shares schools and opt-outs."""
    waves, said = find_waves(folder, about)
    return tuple(_check_wave(wave, about, known, today) for wave in waves), said


def wave_folders(folder: Path) -> list[Path]:
    """The sub-folders that are named as a wave's, whether or not their label is sound."""
    return sorted(p for p in folder.iterdir() if p.is_dir() and p.name.casefold().startswith(START))


def find_waves(folder: Path, about: Mapping[str, Any]) -> tuple[list[Wave], list[Breaches]]:
    """The earlier waves of a folder, the newest first, and one breach for each sub-folder that is none."""
    said: list[Breaches] = []
    found: dict[int, Wave] = {}
    now = re.match(r"\d{4}", str(about.get("survey_wave", "")))
    for path in wave_folders(folder):
        label = path.name[len(START) :]
        start = start_of(label)
        if start is None:
            remedy = "name the folder wave_ and the year of its survey, such as wave_2023 or wave_2023-24"
            said.append(error(path.name, "wave_label", "a year, such as 2023 or 2023-24, after wave_", remedy, label))
        elif now is not None and start >= int(now[0]):
            rule = f"a wave before the survey_wave of partnership.yaml, {about['survey_wave']}"
            remedy = "correct the folder's name or survey_wave; the files of the current wave lie in the folder itself"
            said.append(error(path.name, "wave_not_earlier", rule, remedy, label))
        elif start in found:
            rule = f"one folder a year; {found[start].path.name} is of the same"
            said.append(error(path.name, "wave_twice", rule, "keep one of them", label))
        else:
            found[start] = Wave(path, label, start)
    if found and now is None and about.get("survey_wave"):
        rule, remedy = "a year, where earlier waves are in the folder", "write the year of the survey, such as 2025"
        said.append(error("partnership.yaml", "wave_label", rule, remedy, str(about["survey_wave"]), "survey_wave"))
    return [found[start] for start in sorted(found, reverse=True)], [*said, *_not_waves(folder)]


def start_of(label: str) -> int | None:
    """The year in which a wave starts; None for a label that is neither a year nor a school year."""
    parts = LABEL.match(label)
    if parts is None or (parts[2] is not None and int(parts[2]) != (int(parts[1]) + 1) % 100):
        return None
    return int(parts[1])


def _not_waves(folder: Path) -> list[Breaches]:
    """Other things in the folder that may have been meant for a wave: said, or an error where the name says so."""
    said: list[Breaches] = []
    for path in sorted(folder.iterdir()):
        name = path.name.casefold()
        if path.is_file() or name.startswith((".", "~")) or path.suffix.casefold() in READABLE:
            continue
        if not path.is_dir() and name.startswith(START):
            said.append(
                error(path.name, "not_a_folder", "a folder that can be read", "put the folder itself here", "a broken link")
            )
        elif path.is_dir() and name.startswith("wave") and not name.startswith(START):
            said.append(error(path.name, "wave_label", "a name such as wave_2023", "rename the folder", path.name))
        elif path.is_dir() and not name.startswith(START):
            rule, remedy = "no other sub-folders than earlier waves; this one was not read", "an earlier wave is named wave_2023"
            said.append(note(path.name, "strange_folder", rule, remedy))
    return said


def _check_wave(wave: Wave, about: Mapping[str, Any], known: Mapping[str, Contract], shared: Mapping[str, Mended]) -> CheckReport:
    today = shared.get(SCHOOLS)
    try:
        files, strange = listing(wave.path), not_files(wave.path)
    except OSError as problem:
        said = error(wave.path.name, "unreadable", "a folder that may be read", "look at who may read it", problem.strerror or "")
        return CheckReport(wave.path.name, [said], {}, dict(about), {}, [], wave=wave.label)
    mine = {stem: known[stem] for stem in STEMS}
    aliases, unclear = read_aliases(files, about, known, wave.label)
    reading = read_tables(files, mine, wave.start, wave.inside, aliases)
    tables = _with_schools(reading.tables, today) | {stem: shared[stem] for stem in (OPT_OUTS,) if stem in shared}
    for stem, table in reading.tables.items():
        across = check_across(mine[stem], table, tables, True, reading.breaches[stem])
        reading.breaches[stem] += [_own_remedy(b, wave) for b in across]
    edition = _edition(reading.tables.get(CENSUS))
    groups = [
        *(
            b.within(wave.inside)
            for b in [*strange, *unclear, *marked_copies(wave.path), *_presence(reading, strange), *_strange(wave.path, files)]
        ),
        *domain.check_simd_edition(reading.tables, edition, _OWN_EDITION),
        *_other_edition(reading.tables, edition, str(about.get("simd_edition", ""))),
        *domain.check_forms(reading.tables),
        *domain.check_clusters(reading.tables),
        *_moved(reading.tables.get(SCHOOLS), today),
    ]
    kept, receipts = taken_up(reading, groups, wave.inside)
    everything = ordered([*(b for found in reading.breaches.values() for b in found), *groups])
    own = {**about, "survey_wave": wave.label, "simd_edition": edition, "linkage": "none"}
    return CheckReport(wave.path.name, everything, kept, own, {}, receipts, wave=wave.label, layouts=layouts_of(reading))


def _with_schools(tables: Mapping[str, Mended], today: Mended | None) -> dict[str, Mended]:
    """The tables as references see them: its pupils may be at a school of the wave's own list or of today's.

    Where today's list cannot be read, no school is looked up: that has been told already.
    """
    others = {stem: table for stem, table in tables.items() if stem != SCHOOLS}
    if today is None:
        return others
    lists = [t for t in (tables.get(SCHOOLS), today) if t is not None and "school_code" in t.frame.columns]
    if not lists:
        return others
    frame = pd.concat([table.frame[["school_code"]] for table in lists], ignore_index=True)
    name = " or ".join(table.file for table in lists)
    return others | {SCHOOLS: Mended(name, "", frame.drop_duplicates(ignore_index=True), [], {}, [])}


def _own_remedy(breach: Breaches, wave: Wave) -> Breaches:
    wanted = f"list the school in {wave.inside}{SCHOOLS}.csv"
    return replace(breach, remedy=breach.remedy.replace("add the school to schools", wanted))


def _presence(reading: Reading, strange: list[Breaches]) -> list[Breaches]:
    """One breach when the wave lacks its roll, or else every survey; what cannot be read has been told already."""
    there = set(reading.tables) | reading.unreadable | {Path(b.file).stem.casefold() for b in strange}
    if CENSUS not in there:
        remedy = f"put the pupil census of that year in it as {CENSUS}.csv, or take the folder away"
        return [error(f"{CENSUS}.csv", "missing_file", "the roll of the wave, to weight its answers to", remedy, "no such file")]
    if not there & set(domain.PUPIL_SURVEYS):
        names = " or ".join(f"{stem}.csv" for stem in domain.PUPIL_SURVEYS)
        remedy = "put a survey of that year in it, or take the folder away"
        return [error(names, "missing_file", "a pupil survey of the wave", remedy, "no such file")]
    return []


def _strange(folder: Path, files: list[Path]) -> list[Breaches]:
    folders = [p for p in sorted(folder.iterdir()) if p.is_dir() and p.suffix.casefold() not in READABLE]
    said: list[Breaches] = []
    for path in [*files, *(p for p in folders if not p.name.startswith("."))]:
        if path.stem.casefold().strip() not in (*STEMS, OWN):
            like = nearest(path.stem, STEMS)
            said.append(note(path.name, "strange_file", _ONLY, f"rename it if it is meant to be `{like}`" if like else ""))
    return said


def _edition(census: Mended | None) -> str:
    """The edition of the deprivation index that most pupils of a roll have."""
    if census is None or "simd_edition" not in census.frame.columns:
        return ""
    cells = census.frame["simd_edition"]
    return str(next(iter(cells[cells != ""].mode()), ""))


def _other_edition(tables: Mapping[str, Mended], edition: str, today: str) -> list[Breaches]:
    if not edition or not today or edition == today:
        return []
    rule = f"the edition of partnership.yaml, {today}; answers by deprivation cannot be compared between the waves"
    return [note(tables[CENSUS].file, "other_edition", rule, value=edition, column="simd_edition")]


def _moved(own: Mended | None, today: Mended | None) -> list[Breaches]:
    """Schools that a wave's list places or names otherwise than today's: today's counts, so that areas compare."""
    columns = ("school_name", "cluster_code", "cluster_name", "sector")
    if own is None or today is None or not {"school_code", *columns} <= set(own.frame) & set(today.frame):
        return []
    now = today.frame.drop_duplicates("school_code").set_index("school_code")
    clusters = today.frame.drop_duplicates("cluster_code").set_index("cluster_code")["cluster_name"]
    said: list[Breaches] = []
    for column in columns:
        there = own.frame["school_code"].map(now[column])
        if column == "cluster_name":
            there = there.fillna(own.frame["cluster_code"].map(clusters))
        hit = (there.notna() & (there != own.frame[column])).to_numpy()
        rule = Rule("moved", f"the {column} of today's {today.file}; today's is used for every wave", Severity.NOTE)
        values = [f"{cell}, today {new}" for cell, new in zip(own.frame[column][hit], there[hit], strict=True)]
        said += group(own, hit, rule, column, values)
    return said
