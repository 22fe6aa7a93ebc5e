"""Starting the workbench and the desk as Streamlit servers of their own, bound to this machine unless told otherwise."""

import os
import subprocess
import sys
from pathlib import Path

from rcs_core.access import read_hosting
from rcs_core.access.key import LOOPBACK, NAMED_BY
from rcs_core.access.provider import read_provider
from rcs_core.settings import ROOT
from rcs_core.workshop.store.place import NAMED_BY as STORE

HOSTED = "RCS_HOSTED"
_OWN = (HOSTED, NAMED_BY)
"""What tells a server how people come in; only `rcs serve` says so, never what is left in the environment."""
_STRICT = ("--server.enableCORS=true", "--server.enableXsrfProtection=true", "--server.enableAgentApi=false")
"""No other site's page speaks to the server in a reader's name."""


def serve_workbench(release: Path, address: str, port: int, key: str = "") -> int:
    """Serve the workbench on a release; returns the server's exit code.

    key: the facilitator's, where others on a network reach it (see `app.signed`).
    """
    extra = {"RCS_RELEASE": str(release.resolve()), **({NAMED_BY: key} if key else {})}
    hosts = tuple(f"--server.allowedHosts={host}" for host in sorted(LOOPBACK)) if address in LOOPBACK else ()
    return _streamlit(ROOT / "app" / "main.py", address, port, extra, (*_STRICT, *hosts))


def serve_hosted(file: Path, address: str, port: int) -> int:
    """Serve the workbench to people who sign in, by a hosting file. Raises SettingsError with every fault of it."""
    hosting = read_hosting(file)
    provider = read_provider(hosting.secrets)
    extra = {HOSTED: str(file.resolve()), **({STORE: hosting.store} if hosting.store else {})}
    options = (f"--secrets.files={hosting.secrets.resolve()}", f"--server.allowedHosts={provider.host}")
    return _streamlit(ROOT / "app" / "main.py", address, port, extra, (*_STRICT, *options))


def serve_desk(folder: Path, port: int) -> int:
    """Serve the desk on the folder where input folders are kept; always bound to loopback."""
    return _streamlit(ROOT / "app" / "desk.py", "127.0.0.1", port, {"RCS_DESK_DIR": str(folder.resolve())})


def _streamlit(script: Path, address: str, port: int, extra: dict[str, str], options: tuple[str, ...] = ()) -> int:
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.address", address, "--server.port", str(port)]
    kept = {name: value for name, value in os.environ.items() if name not in _OWN}
    try:
        return subprocess.run([*command, *options], cwd=ROOT, env={**kept, **extra}, check=False).returncode
    except KeyboardInterrupt:
        return 0
