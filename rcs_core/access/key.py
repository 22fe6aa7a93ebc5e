"""The facilitator's key of a server that others on a network can reach: whoever has it may do everything, as at the machine."""

import hmac
import secrets

NAMED_BY = "RCS_KEY"
_BYTES = 24


def new_key() -> str:
    """A key that nobody guesses, for the life of one server."""
    return secrets.token_urlsafe(_BYTES)


def fits_key(given: str, key: str) -> bool:
    """Whether a key is the one, told in the same time whatever is wrong with it; no key fits where the server has none."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), key.encode()) and bool(key)


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Addresses at which a server answers its own machine alone."""
