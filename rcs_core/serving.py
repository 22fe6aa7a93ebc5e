"""Starting the workbench and the desk as Streamlit servers of their own, bound to this machine unless told otherwise."""

import os
import subprocess
import sys
from pathlib import Path

from rcs_core.settings import ROOT


def serve_workbench(release: Path, address: str, port: int) -> int:
    """Serve the workbench on a release; returns the server's exit code."""
    return _streamlit(ROOT / "app" / "main.py", address, port, {"RCS_RELEASE": str(release.resolve())})


def serve_desk(folder: Path, port: int) -> int:
    """Serve the desk on the folder where input folders are kept; always bound to loopback."""
    return _streamlit(ROOT / "app" / "desk.py", "127.0.0.1", port, {"RCS_DESK_DIR": str(folder.resolve())})


def _streamlit(script: Path, address: str, port: int, extra: dict[str, str]) -> int:
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.address", address, "--server.port", str(port)]
    try:
        return subprocess.run(command, cwd=ROOT, env={**os.environ, **extra}, check=False).returncode
    except KeyboardInterrupt:
        return 0
