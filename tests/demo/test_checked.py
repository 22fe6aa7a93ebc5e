"""The folder against its data contracts: nothing stops a build, and each receipt is the number that the truth gives."""

import pytest

from rcs_core.contracts import check_folder
from tests.demo.conftest import Made


@pytest.mark.parametrize("size", ["strathmere", "hamlet"])
def test_the_demonstration_passes_its_contracts_and_its_receipts_reconcile(size: str, request: pytest.FixtureRequest) -> None:
    made: Made = request.getfixturevalue(size)
    report = check_folder(made.folder)
    assert [str(finding) for finding in report.errors] == []
    found = {(receipt.table, receipt.rule): receipt.rows for receipt in report.receipts}
    for file, said in made.truth.files.items():
        table = file.removesuffix(".csv")
        assert found[table, "rows_in"] == said["rows"]
        for fault in ("answered_twice", "wrong_stage", "not_in_census"):
            assert found.get((table, fault), 0) == said.get(fault, 0), (table, fault)
        if "kept" in said:
            assert found[table, "rows_kept"] == said["kept"]
        for column in ("school_code", "stage", "enjoys_learning"):
            assert found.get((table, f"mended:{column}"), 0) == said.get(f"stray_{column}", 0)
