"""Documents as pdf through LibreOffice, where it is present: one at a time, in a profile of its own, within a time limit."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from rcs_core.errors import RcsError

_LIMIT = 90.0
"""Seconds of one conversion."""
_QUEUE = 120.0
"""Seconds a person waits for those before them."""
# Tagged, so that a reader aloud finds headings, tables and alternative texts; the title, not the file's name, in the window.
_FILTER = (
    'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},"ExportBookmarks":{"type":"boolean","value":"true"},'
    '"DisplayPDFDocumentTitle":{"type":"boolean","value":"true"},"PDFUACompliance":{"type":"boolean","value":"true"}}'
)
_one_at_a_time = threading.Lock()


class PdfError(RcsError):
    """A document could not be turned into pdf."""


def have_office() -> bool:
    """Whether LibreOffice is here, without which there is no pdf."""
    return _program() is not None


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(papers: Sequence[Path], folder: Path, seconds: float = _LIMIT) -> list[Path]:
    """Turn documents into pdf in a folder, all in one call; others wait their turn. Raises PdfError."""
    program = _program()
    if program is None:
        raise PdfError(
            "there is no LibreOffice on this machine",
            "pdf",
            remedy="take the document (docx) and print it as pdf, or install LibreOffice",
        )
    folder.mkdir(parents=True, exist_ok=True)
    if not _one_at_a_time.acquire(timeout=_QUEUE):
        raise PdfError("others are waiting for theirs", "pdf", remedy="try again in a minute, or take the document (docx)")
    try:
        with tempfile.TemporaryDirectory(prefix="rcs-office-", ignore_cleanup_errors=True) as profile:
            said = _run([program, f"-env:UserInstallation={Path(profile).resolve().as_uri()}", "--headless", "--norestore",
                         "--convert-to", _FILTER, "--outdir", str(folder), *map(str, papers)], seconds)  # fmt: skip
    finally:
        _one_at_a_time.release()
    made = [folder / f"{paper.stem}.pdf" for paper in papers]
    if absent := [path.name for path in made if not path.is_file()]:
        raise PdfError(
            "LibreOffice made no pdf",
            ", ".join(absent),
            said.strip()[-200:],
            remedy="take the document (docx) and print it as pdf",
        )
    return made


def pdf_bytes(docx: bytes, name: str = "document") -> bytes:
    """A document's bytes as those of a pdf."""
    with tempfile.TemporaryDirectory(prefix="rcs-pdf-") as folder:
        paper = Path(folder) / f"{name}.docx"
        paper.write_bytes(docx)
        return to_pdf([paper], Path(folder) / "made")[0].read_bytes()


def _run(command: list[str], seconds: float) -> str:
    """Run LibreOffice in a group of its own, so that all of it ends with its time. Returns what it said."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as running:
        try:
            return running.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.communicate()
            raise PdfError(
                f"LibreOffice took longer than {seconds:.0f} seconds", "pdf", remedy="try again, or take the document (docx)"
            ) from None
