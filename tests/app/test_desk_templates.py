"""Every input that has an empty file is offered on the desk, one at a time and all together, under the name it is read by."""

import io
import zipfile

from app import desk_templates
from rcs_core.contracts.model import contracts
from rcs_core.contracts.template import offered


def test_the_zip_holds_an_empty_file_for_every_input_that_is_filled_in() -> None:
    packed = zipfile.ZipFile(io.BytesIO(desk_templates.every()))
    assert {name.partition(".")[0] for name in packed.namelist()} == set(offered())
    assert set(contracts()) - set(offered()) == {"ledger", "clusters"}
    assert packed.testzip() is None


def test_one_empty_file_is_a_workbook_or_a_commented_yaml_file() -> None:
    assert zipfile.is_zipfile(io.BytesIO(desk_templates.one("services")))
    assert desk_templates.one("partnership").decode("utf-8").startswith("# ")
