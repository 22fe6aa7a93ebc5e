"""Strathmere, a fictional partnership: its complete input folder, seeded, with known truth and known faults.

Everything is invented; the levels are calibrated on published figures (`docs/assumptions.md`). The same number of
pupils and the same seed give the same bytes.
"""

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from rcs_core.demo import ledger_files
from rcs_core.demo.contact import ContactMade, make_contact
from rcs_core.demo.earlier import FOLDER, EarlierWave, make_earlier_wave
from rcs_core.demo.fieldwork import SurveyFile
from rcs_core.demo.further import CHOSEN, ask
from rcs_core.demo.ledgers import LEDGERS, Ledgers, make_ledgers
from rcs_core.demo.more_money import more_money
from rcs_core.demo.parameters import FOLDER as NUMBERS
from rcs_core.demo.parameters import Parameters, parameters
from rcs_core.demo.parents import population_table, run_parent_survey
from rcs_core.demo.people import People, census_table, cluster_count, make_people, schools_table
from rcs_core.demo.register import demand_table, effects_table, services_table
from rcs_core.demo.shapes import shapes_text
from rcs_core.demo.truth import DemoTruth, need_by_contact, prevalences
from rcs_core.demo.wellbeing import ASKED
from rcs_core.errors import SettingsError
from rcs_core.settings import read_yaml
from rcs_core.sheets.plain import write_rows

__all__ = ["DemoTruth", "write_demo"]

TRUTH = "demo_truth.json"
PROTECTION = "data_protection.yaml"
BESIDE = "comparators.csv"
"""Published figures of real councils as they were published, and invented ones of Strathmere that say so."""
AREA_CODE = "999"
PARTNERSHIP = {
    "name": "Strathmere (fictional)",
    "area_code": AREA_CODE,
    "ons_code": "S12999999",
    "fictional": True,
    "year": ledger_files.YEAR,
    "survey_wave": "2025",
    "simd_edition": "2020v2",
    "price_year": ledger_files.YEAR,
    "linkage": "linked",
    "comparable_since": {"choice_in_learning": "2025"},
}


def write_demo(
    folder: Path, pupils: int = 20_000, seed: int = 2025, every_question: bool = False, all_money: bool = False
) -> DemoTruth:
    """Write the complete input folder of Strathmere and say what is true in it (also in `demo_truth.json`).

    pupils: about how many, P1 to S6; sets the number of clusters and schools, never their rolls. every_question: with the
    further questions, which change nothing of what is there without them. all_money: with keys, funds and budgets of later
    years. Raises SettingsError
    when that is no partnership's number, or when `folder` holds anything but an earlier demonstration.
    """
    check_target(folder)
    cluster_count(parameters()["schools"], pupils)
    if seed < 0:
        raise SettingsError("the seed is below nought", "--seed", str(seed), "a whole number from 0")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".demo-") as scratch:
        truth = _write_all(Path(scratch), pupils, seed, every_question, all_money)
        folder.mkdir(exist_ok=True)
        # The truth goes first: it is the sign that the folder is ours, should the rest be cut short.
        files = (path for path in Path(scratch).rglob("*") if path.is_file())
        for file in sorted(files, key=lambda path: (path.name != TRUTH, path)):
            target = folder / file.relative_to(scratch)
            target.parent.mkdir(exist_ok=True)
            os.replace(file, target)
    return truth


def _write_all(folder: Path, pupils: int, seed: int, every_question: bool, all_money: bool) -> DemoTruth:
    numbers = parameters()
    # The earlier wave has streams of its own, so that nothing of today depends on it.
    streams = [np.random.default_rng([seed, pupils, k]) for k in range(9)]
    # So have the further questions, so that nothing else depends on whether they are asked.
    more = [np.random.default_rng([seed, pupils, k]) if every_question else None for k in range(9, 13)]
    people = make_people(numbers["schools"], pupils, streams[0])
    _write_yaml(folder / "partnership.yaml", PARTNERSHIP | (CHOSEN if every_question else {}))
    for name in (PROTECTION, BESIDE):
        shutil.copyfile(NUMBERS / name, folder / name)
    _write_csv(folder / "schools.csv", schools_table(people))
    _write_csv(folder / "pupil_census.csv", census_table(people, str(PARTNERSHIP["simd_edition"])))
    # The map has a stream of its own, so that nothing else depends on it.
    codes = sorted(set(people.schools["cluster_code"]))
    (folder / "clusters.geojson").write_text(
        shapes_text(codes, np.random.default_rng([seed, pupils, 13])), encoding="utf-8", newline=""
    )
    contact = make_contact(numbers["contact"], numbers["schools"], people, streams[1])
    _write_csv(folder / "social_work.csv", contact.social_work)
    _write_csv(folder / "additional_support.csv", contact.additional_support)
    parents = run_parent_survey(numbers["parents"], people, streams[2])
    _write_csv(folder / "survey_parent_0_8.csv", parents.frame)
    young = population_table(parents.population)
    _write_csv(folder / "population_0_8.csv", young)
    surveys, shares, needs = _pupil_surveys(folder, numbers, people, contact, streams[3:5], more[:2])
    ledgers = make_ledgers(numbers, people.schools, len(people.pupils), streams[5])
    _write_money(folder, numbers, ledgers, len(people.pupils))
    if all_money:
        _write_more_money(folder, numbers, ledgers, len(people.pupils))
    earlier = make_earlier_wave(numbers, people, AREA_CODE, streams[6:], more[2:])
    _write_earlier(folder / FOLDER, earlier)
    truth = DemoTruth(
        pupils=len(people.pupils),
        asked_for=pupils,
        seed=seed,
        clusters=people.clusters,
        schools=len(people.schools),
        files={f"survey_{s.survey}.csv": s.traps for s in surveys}
        | _plain_files(people, contact, parents.frame)
        | {"population_0_8.csv": {"rows": len(young)}}
        | earlier.files(),
        prevalence=tuple(shares),
        need_contact=tuple(needs),
        response={s.survey: s.response for s in surveys},
        ledgers={f"ledger_{name}": _ledger_truth(ledgers, name) for name in LEDGERS},
        earlier=(earlier.truth(),),
    )
    (folder / TRUTH).write_text(truth.to_json(), encoding="utf-8")
    return truth


def check_target(folder: Path) -> None:
    """Refuse to write over anything that is not an earlier demonstration."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise SettingsError(
            "the demonstration needs a folder", str(folder), "a file", "a new or empty folder", "choose another name"
        )
    if any(folder.iterdir()) and not _is_ours(folder):
        raise SettingsError(
            "the folder holds files of its own, which the demonstration would mix with",
            str(folder),
            "files, but no demonstration",
            "a new or empty folder, or one that `rcs demo` wrote",
            "choose another folder; nothing was changed",
        )


def _is_ours(folder: Path) -> bool:
    """Whether a folder holds the truth of a demonstration, and no partnership but the fictional one."""
    about = folder / "partnership.yaml"
    return (folder / TRUTH).is_file() and (not about.exists() or read_yaml(about).get("area_code") == AREA_CODE)


def _pupil_surveys(
    folder: Path,
    numbers: Parameters,
    people: People,
    contact: ContactMade,
    streams: list[np.random.Generator],
    more: list[np.random.Generator | None],
) -> tuple[list[SurveyFile], list[dict[str, object]], list[dict[str, object]]]:
    files, shares, needs = [], [], []
    for survey, rng, own in zip(ASKED, streams, more, strict=True):
        truth, file = ask(numbers, people, survey, rng, own)
        files.append(file)
        _write_csv(folder / f"survey_{survey}.csv", file.frame)
        shares += prevalences(people, truth, AREA_CODE, str(PARTNERSHIP["survey_wave"]))
        needs += need_by_contact(truth, contact.codes())
    return files, shares, needs


def _write_earlier(folder: Path, wave: EarlierWave) -> None:
    folder.mkdir()
    _write_csv(folder / "schools.csv", schools_table(wave.people))
    _write_csv(folder / "pupil_census.csv", census_table(wave.people, str(PARTNERSHIP["simd_edition"])))
    for survey in wave.surveys:
        _write_csv(folder / f"survey_{survey.survey}.csv", survey.frame)


def _write_money(folder: Path, numbers: Parameters, ledgers: Ledgers, pupils: int) -> None:
    services = services_table(numbers, pupils)
    write_rows(folder / "services.xlsx", {"Services": _rows(services)})
    write_rows(folder / "ledger_council.xlsx", ledger_files.council_sheets(ledgers), {"Outturn": ["A1:E1", "A2:E2"]})
    write_rows(folder / "ledger_nhs.xlsx", ledger_files.nhs_sheets(ledgers), {"M12": ["A1:D1"]})
    _write_lines(folder / "ledger_police.csv", ledger_files.police_rows(ledgers))
    _write_lines(folder / "ledger_third_sector.csv", ledger_files.third_sector_rows(ledgers))
    _write_yaml(folder / "ledger_columns.yaml", ledger_files.column_description(ledgers))
    _write_csv(folder / "ledger_map.csv", ledgers.ledger_map)
    _write_csv(folder / "evidence_of_effect.csv", effects_table(numbers))
    _write_csv(folder / "demand_history.csv", demand_table(numbers, pupils))


def _write_more_money(folder: Path, numbers: Parameters, ledgers: Ledgers, pupils: int) -> None:
    more = more_money(numbers["more_money"], ledgers, pupils, AREA_CODE, ledger_files.YEAR)
    _write_csv(folder / "ledger_map.csv", more.ledger_map)
    _write_csv(folder / "apportionment_keys.csv", more.keys)
    _write_csv(folder / "budgets.csv", more.budgets)


def _plain_files(people: People, contact: ContactMade, parents: pd.DataFrame) -> dict[str, dict[str, int]]:
    strangers = contact.not_in_census
    return {
        "schools.csv": {"rows": len(people.schools)},
        "pupil_census.csv": {"rows": len(people.pupils)},
        "social_work.csv": {"rows": len(contact.social_work), "not_in_census": strangers["social_work"]},
        "additional_support.csv": {"rows": len(contact.additional_support), "not_in_census": strangers["additional_support"]},
        "survey_parent_0_8.csv": {"rows": len(parents)},
    }


def _ledger_truth(ledgers: Ledgers, name: str) -> dict[str, object]:
    fates = {fate: ledgers.total(name, fate) for fate in ("mapped", "excluded", "unmapped")}
    money = {fate: f"{pence / 100:.2f}" for fate, pence in fates.items()}
    return money | {"control_total": f"{ledgers.total(name) / 100:.2f}", "lines": len(ledgers.lines[name])}


def _rows(frame: pd.DataFrame) -> list[list[object]]:
    filled = frame.astype(object).where(frame.notna(), None)
    return [list(frame.columns), *filled.to_numpy().tolist()]


def _write_csv(path: Path, frame: pd.DataFrame) -> None:
    path.write_text(frame.to_csv(index=False, lineterminator="\n"), encoding="utf-8", newline="")


def _write_lines(path: Path, rows: list[list[object]]) -> None:
    _write_csv(path, pd.DataFrame(rows[1:], columns=[str(name) for name in rows[0]]))


def _write_yaml(path: Path, content: dict[str, object] | dict[str, dict[str, object]]) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
