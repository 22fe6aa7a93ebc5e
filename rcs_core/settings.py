"""Frozen settings, read from `data_contracts/`; an unknown key is refused and names the keys allowed."""

import dataclasses
import json
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import yaml

from rcs_core.errors import SettingsError, UnreadableError

LARGEST = 500_000
"""Bytes of a YAML file that is opened: ten times the longest contract."""
DEEPEST = 50
"""Brackets within brackets that a YAML file may open."""
MOST_VALUES = 200_000
"""Values of a YAML file once every alias is written out; a few lines of aliases can stand for billions."""

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = ROOT / "data_contracts"
ENTRY = frozenset({"value", "unit", "source", "date", "note"})
"""What a contract says of everything that somebody chose."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The disclosure rule of the programme: no variable or subgroup under `min_cell` children."""

    min_cell: int
    source: str
    date: str

    def __post_init__(self) -> None:
        if self.min_cell < 3:
            raise SettingsError(
                "the disclosure threshold is too low to protect anyone", "min_cell", str(self.min_cell), "3 or more"
            )


class _Once(yaml.constructor.SafeConstructor):
    """YAML in which a key that stands twice is an error: nobody can tell which of the two was meant."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make a mapping, refusing a second value for a key."""
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.value != "<<"]
        if twice := sorted(key for key, times in Counter(keys).items() if times > 1):
            raise yaml.constructor.ConstructorError(problem=f"the key {twice[0]} twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


class _OnceLoader(_Once, yaml.SafeLoader):
    """For files that somebody else wrote."""

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:
        """Open a bracket, unless very many are open: each more makes every later sign slower to read."""
        if self.flow_level >= DEEPEST:
            raise yaml.scanner.ScannerError(problem="brackets nested too deeply", problem_mark=self.get_mark())
        super().fetch_flow_collection_start(TokenClass)


_OwnLoader: Any = type("_OwnLoader", (_Once, getattr(yaml, "CSafeLoader", yaml.SafeLoader)), {})
"""For the project's own files: the parser written in C, where YAML has it, takes a tenth of the time."""


def read_yaml(path: Path) -> dict[str, Any]:
    """Read one YAML file whose top level is a mapping; raises SettingsError in the house form."""
    try:
        content = yaml.load(_text(path), Loader=_OwnLoader if path.is_relative_to(CONTRACTS) else _OnceLoader)
    except OSError as error:
        raise SettingsError("the file cannot be read", str(path), error.strerror or str(error), "a readable YAML file") from error
    except RecursionError as error:
        raise SettingsError("the file is nested too deeply", str(path), "", "a YAML mapping of a few levels") from error
    except (yaml.YAMLError, ValueError, OverflowError, LookupError, AttributeError) as error:
        # A date such as 2026-02-30 or !!bool x is a plain error of the parser's insides, not a YAMLError.
        raise SettingsError("the file is not YAML", str(path), _first_line(error), "a YAML mapping") from error
    if not isinstance(content, dict):
        raise SettingsError("the file is not a mapping", str(path), type(content).__name__, "key: value lines")
    if _values(content, {}, set()) > MOST_VALUES:
        remedy = "write the values themselves, without aliases (& and *)"
        raise SettingsError("the file stands for too many values", str(path), "", f"{MOST_VALUES:,} at most", remedy)
    return content


def _first_line(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        return f"{error.problem}{line}"
    return next(iter(str(error).splitlines()), "")


def _text(path: Path) -> str:
    """The text of an ordinary file of ordinary size; never waits for a pipe, never reads a device to its end."""
    about = path.stat()
    if not path.is_file():
        raise OSError(0, "it is no ordinary file")
    if about.st_size > LARGEST:
        raise OSError(0, f"{about.st_size:,} bytes where {LARGEST:,} are the most")
    return path.read_text(encoding="utf-8")


def _values(content: Any, known: dict[int, int], above: set[int]) -> int:
    """How many values a mapping or list would hold if its aliases were written out; one inside itself has no end."""
    inner = [*content, *content.values()] if isinstance(content, dict) else content if isinstance(content, list | tuple) else []
    if not inner:
        return 1
    if id(content) in above:
        return MOST_VALUES + 1
    if id(content) not in known:
        above.add(id(content))
        known[id(content)] = 1 + sum(_values(value, known, above) for value in inner)
        above.remove(id(content))
    return known[id(content)]


def read_json(path: Path) -> dict[str, Any]:
    """Read one JSON file whose top level is a mapping; raises UnreadableError in the house form."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableError("the file cannot be read", str(path), error.strerror or "", "a readable JSON file") from error
    except ValueError as error:
        raise UnreadableError("the file is not JSON", str(path), str(error), "one JSON mapping") from error
    if not isinstance(content, dict):
        raise UnreadableError("the file is not a mapping", str(path), type(content).__name__, '{"key": value}')
    return content


class Frozen(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]


def fill[T: Frozen](kind: type[T], content: dict[str, Any], where: str) -> T:
    """Make one frozen settings object from a mapping, refusing unknown and missing keys."""
    fields = {f.name: f for f in dataclasses.fields(kind)}
    unknown = sorted(set(content) - set(fields))
    if unknown:
        raise SettingsError(
            "unknown setting", where, ", ".join(unknown), f"one of: {', '.join(sorted(fields))}", "remove or rename the key"
        )
    required = {n for n, f in fields.items() if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING}
    missing = sorted(required - set(content))
    if missing:
        raise SettingsError(
            "a setting is missing", where, ", ".join(missing), f"all of: {', '.join(sorted(required))}", "add the key"
        )
    return kind(**content)


def disclosure() -> Disclosure:
    """The disclosure rule from `data_contracts/disclosure.yaml`."""
    path = CONTRACTS / "disclosure.yaml"
    return fill(Disclosure, read_yaml(path), path.name)


def workspace() -> Path:
    """The workspace folder: `RCS_HOME`, or `.rcs/` in the project."""
    return Path(os.environ.get("RCS_HOME") or ROOT / ".rcs").resolve()
