"""The file that names the sign-in provider: whether a server may start with it. None of what it holds is ever told."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rcs_core.access.key import LOOPBACK
from rcs_core.errors import SettingsError

_NEEDS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_CALLBACK = "/oauth2callback"
_SHORTEST = 32
"""Letters of the secret that signs the cookies: 128 bits at four a letter."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What a server needs to know of it besides. host: the name under which browsers reach the workbench."""

    host: str


def read_provider(path: Path) -> Provider:
    """Read `[auth]` of a secrets file. Raises SettingsError with every fault, and no value of it."""
    try:
        auth = tomllib.loads(path.read_text(encoding="utf-8")).get("auth")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            "the secrets file cannot be read", str(path), type(error).__name__, "a TOML file with [auth]"
        ) from error
    if not isinstance(auth, dict):
        raise SettingsError("the secrets file names no provider", str(path), "", "a part [auth]", _REMEDY)
    wrong = [f"missing: {key}" for key in _NEEDS if not isinstance(auth.get(key), str) or not auth[key]]
    wrong += ["expose_tokens: tokens stay on the server"] if auth.get("expose_tokens") else []
    wrong += [f"cookie_secret: under {_SHORTEST} letters"] if 0 < len(str(auth.get("cookie_secret", ""))) < _SHORTEST else []
    for key in ("redirect_uri", "server_metadata_url"):
        wrong += [f"{key}: not https"] if auth.get(key) and not _safe(str(auth[key])) else []
    back = urlsplit(str(auth.get("redirect_uri", "")))
    wrong += (
        [] if back.path.endswith(_CALLBACK) or "redirect_uri" not in auth else [f"redirect_uri: does not end with {_CALLBACK}"]
    )
    if wrong:
        raise SettingsError("the secrets file cannot be used", str(path), "; ".join(wrong), ", ".join(_NEEDS), _REMEDY)
    return Provider(back.hostname or "")


_REMEDY = "see docs/how-to/host.md"


def _safe(address: str) -> bool:
    """Whether what is sent there cannot be read on the way: https, or this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
