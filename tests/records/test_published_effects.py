"""Published effects from the input folder to the release: as they were published, and looked at by the audit."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest

from rcs_core.audit import audit
from rcs_core.contracts import check_folder, contracts
from rcs_core.contracts.across import check_references, check_row_rules
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.published_effects import check_published_effects
from rcs_core.records.ingest import Records, ingest
from rcs_core.records.published_effects import COLUMNS, published_effects
from rcs_core.release import Table
from rcs_core.vocab import Severity
from tests.shared import shared_file
from tests.tiny_folder import write_tiny

HEAD = "topic,indicator,group,value,unit,ci_low,ci_high,year,geography,source"
LINKED = f"{HEAD},service_id,acts_on,better_when,baseline_pct"
ROW = "Trial,in care at 12 months,all,-8.6,pp,,,2020-22,England,A trial"


def folder(tmp_path: Path, head: str, *lines: str) -> Path:
    made = write_tiny(tmp_path / "in")
    (made / "published_effects.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return made


def said(lines: list[str], severity: Severity) -> list[str]:
    """What is said of some rows by the contract and by the checks that look further."""
    contract = contracts()["published_effects"]
    rows = [[*line.split(","), str(place)] for place, line in enumerate(lines, start=2)]
    frame = pd.DataFrame(rows, columns=[*LINKED.split(","), "_row"]).astype({"_row": "int64"})
    table = Mended("published_effects.csv", "", frame, [], {}, [])
    schools = Mended("schools.csv", "", pd.DataFrame({"school_name": ["Isla Primary"]}), [], {}, [])
    register = Mended("services.csv", "", pd.DataFrame({"service_id": ["S001", "S002"]}), [], {}, [])
    tables = {"published_effects": table, "schools": schools, "services": register}
    found = [
        *check_published_effects(tables),
        *check_references(contract, table, tables, True),
        *check_row_rules(contract, table),
    ]
    return [b.rule for b in found if b.severity is severity]


def test_the_published_file_loads_as_it_is_null_and_adverse_rows_included(tmp_path: Path) -> None:
    path = shared_file("facts/D_effects.csv")
    if path is None:
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == HEAD
    report = check_folder(folder(tmp_path, *lines))
    assert [f.text() for f in report.findings if f.severity is Severity.ERROR] == []
    (table,) = published_effects(ingest(report), [])
    assert len(table.frame) == len(lines) - 1 == 172
    assert list(table.frame.columns) == COLUMNS
    values = dict(zip(table.frame["indicator"], table.frame["value"], strict=True))
    assert values["out-of-home placement at 18 months (p=0.37; OR>1 = worse)"] == "1.25"
    assert values["early effect: hospitalisations at age 1"] == "increase"
    assert "n/a (saves cost)" in set(table.frame["value"])
    nothing = pd.DataFrame(columns=["dimension", "child", "parent", "partition"])
    assert audit([table], nothing, 10).safe


def test_links_pass_only_where_both_services_are_published_by_themselves() -> None:
    row = dict(zip(LINKED.split(","), f"{ROW},S001,S002,lower,".split(","), strict=True))
    read = cast(Records, SimpleNamespace(published_effects=pd.DataFrame([row])))
    for services, merged, linked in (
        (["S001", "S002"], [1, 1], ["S001", "S002", "lower"]),
        (["S001", "M_other"], [1, 3], [""] * 3),
    ):
        register = pd.DataFrame({"service_id": services, "services_merged": merged})
        (table,) = published_effects(read, [Table("services", "", register)])
        assert table.frame.loc[0, ["service_id", "acts_on", "better_when"]].tolist() == linked
        assert table.frame.loc[0, "value"] == "-8.6"


FAULTS = {
    f"{ROW},S001,,lower,": "a filled cell where `service_id` is filled",
    f"{ROW},S001,S002,,": "a filled cell where `service_id` is filled",
    f"{ROW},S009,S002,lower,": "a value that stands in services",
    f"{ROW.replace('England', 'Isla Primary')},,,,": "a whole council area, or Scotland",
    f"{ROW.replace('-8.6,pp,,', '-8.6,pp,3,1')},,,,": "`ci_low` <= `ci_high`",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_fault_is_told(line: str) -> None:
    told = said([line], Severity.ERROR)
    assert any(FAULTS[line] in text for text in told), told


def test_a_ratio_without_its_base_and_few_people_are_told() -> None:
    lines = [
        f"{ROW.replace('-8.6,pp', '0.8,odds ratio')},S001,S002,lower,", f"{ROW},S001,S002,lower,",
        f"{ROW.replace('-8.6,pp', '7,n')},,,,",
    ]  # fmt: skip
    notes = said(lines, Severity.NOTE)
    assert any("a per cent in `baseline_pct`" in text for text in notes)
    assert any("one published figure for each pair" in text for text in notes)
    assert any("a number of people of 10 or more" in text for text in said(lines, Severity.DROP))
