"""The way in for phones: the address to join at, whether phones can reach it, and the picture of it to scan, drawn here."""

from io import BytesIO
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno

JOIN = "join"
QUIET = 4
"""Squares of white around the picture: without them a camera does not find it, on a dark page above all."""


def address(page: str, code: str) -> str:
    """The address at which a phone joins by a code. page: the address of any page of the workbench, as its reader has it."""
    parts = urlsplit(page)
    folder = parts.path.rpartition("/")[0]
    return urlunsplit((parts.scheme or "http", parts.netloc, f"{folder}/{JOIN}", urlencode({"code": code}), ""))


def is_reached(page: str) -> bool:
    """Whether another machine can reach this address: not where it is that of this machine to itself."""
    host = urlsplit(page).hostname or ""
    if not host or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        number = ip_address(host)
    except ValueError:
        return True
    return not (number.is_loopback or number.is_unspecified)


def picture(text: str, side: int = 6) -> str:
    """The picture to scan as svg, dark on white with its quiet zone, whatever page it stands on. side: pixels of a square."""
    out = BytesIO()
    made = segno.make(text, error="m", micro=False)
    made.save(out, kind="svg", scale=side, border=QUIET, dark="#000000", light="#ffffff", xmldecl=False, svgns=True)
    return out.getvalue().decode("utf-8").strip()
