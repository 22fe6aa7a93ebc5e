"""No number without an entry: the log holds every number of the demonstration, with a source or the word assumption."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from rcs_core.demo import write_demo
from rcs_core.demo.log import PAGE, assumptions_page
from rcs_core.demo.parameters import BOOKS, FOLDER, Book, parameters, read_book
from rcs_core.errors import SettingsError
from rcs_core.settings import ROOT

SOURCES = (ROOT / "docs" / "data_log.md").read_text(encoding="utf-8")


def numbers_in(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for part in value.values():
            yield from numbers_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from numbers_in(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def entries(page: str) -> dict[str, str]:
    """The page's table lines by the name in their first cell."""
    return {match[1]: line for line in page.splitlines() if (match := re.match(r"\| `([^`]+)`", line))}


def listed(line: str) -> set[float]:
    cells = line.split(" | ")[1].replace(",000", "000")
    return {float(text) for text in re.findall(r"-?\d+(?:\.\d+)?", cells)}


@pytest.mark.parametrize("name", BOOKS)
def test_every_number_of_a_file_stands_in_the_log(name: str) -> None:
    """Read straight from the YAML, so that the page's own maker is not taken at its word."""
    page = entries(PAGE.read_text(encoding="utf-8"))
    content = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    rows, columns = content.pop("rows", []), content.pop("columns", {})
    for key, entry in content.items():
        assert set(numbers_in(entry["value"])) <= listed(page[f"{name}.{key}"]), key
    for key in columns:
        assert f"{name}.rows.{key}" in page
    for row in rows:
        key = "-".join(str(row[part]) for part in ("id", "service", "acts_on") if part in row)
        assert set(numbers_in(row)) <= listed(page[f"{name}.{key}"]), key


def test_the_page_is_the_one_that_the_files_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == assumptions_page(parameters()), "run rcs_core.demo.log.write_log()"


def test_the_folder_holds_no_file_that_is_not_read() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {*BOOKS, "data_protection"}, "the last is copied as it stands"


def test_every_number_has_unit_source_and_date_and_an_assumption_is_not_rated_green() -> None:
    for name, key, parameter in parameters().entries():
        assert all((parameter.source, parameter.unit, parameter.date)), (name, key)
        if parameter.assumed:
            assert parameter.quality != "green", (name, key)


def test_every_green_number_rests_on_a_source_of_the_data_log() -> None:
    sources = [row.split("|")[1].strip() for row in SOURCES.splitlines() if row.startswith("| ")]
    words = [
        *sources,
        "LGBF",
        "legislation.gov.uk",
        "365.25",
        "As published",
        "What is counted",
        "The unit of",
        "programme's parent",
    ]
    for name, key, parameter in parameters().entries():
        if parameter.quality == "green":
            assert any(word in parameter.source for word in words), (name, key, parameter.source)


def test_every_number_is_used_in_making_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[tuple[str, str]] = set()
    ask = Book.__getitem__

    def noted(book: Book, key: str) -> Any:
        used.add((book.name, key))
        return ask(book, key)

    monkeypatch.setattr(Book, "__getitem__", noted)
    write_demo(tmp_path / "demo", pupils=1_000, seed=5, every_question=True, all_money=True)
    checks_only = {("services", "asl_spend_per_pupil")}
    known = {(name, key) for name, key, _ in parameters().entries() if not key.startswith("rows.")}
    assert known - used == checks_only


def test_every_described_column_stands_in_some_row() -> None:
    for book in parameters().books.values():
        columns = {key.removeprefix("rows.") for key in book.parameters if key.startswith("rows.")}
        assert columns <= {key for row in book.rows for key in row}, book.name


def test_an_unknown_key_or_column_is_refused(tmp_path: Path) -> None:
    entry = "{value: 1, unit: x, source: y, date: '2025', quality: red, impact: low"
    (tmp_path / "a.yaml").write_text(f"number: {entry}, colour: blue}}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="colour"):
        read_book("a", tmp_path)
    (tmp_path / "b.yaml").write_text(f"columns:\n  id: {entry}}}\nrows:\n  - {{id: S001, size: 3}}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="size"):
        read_book("b", tmp_path)


def test_an_unknown_rating_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "n: {value: 1, unit: x, source: y, date: '2025', quality: blue, impact: low}\n", encoding="utf-8"
    )
    with pytest.raises(SettingsError, match="rating"):
        read_book("a", tmp_path)
