"""What a person of a session is known by: a private word, a personal number; of both the store has a hash only."""

import hashlib
import hmac
import secrets

from rcs_core.workshop.meeting.joining import rule

_WORD_BYTES, _SALT_BYTES, _COST = 16, 16, 2**13


def new_word() -> str:
    """A private word: 128 bits, which nobody guesses."""
    return secrets.token_urlsafe(_WORD_BYTES)


def new_number() -> str:
    """A personal number, short enough to keep in mind."""
    return f"{secrets.randbelow(10 ** rule('digits')):0{rule('digits')}d}"


def hashed(word: str) -> str:
    """The hash of a private word, or of who is signed in."""
    return hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()


def locked(number: str) -> list[str]:
    """A salt, and the hash of a number with it."""
    salt = secrets.token_hex(_SALT_BYTES)
    return [salt, _slow(number, salt)]


def opens(lock: tuple[str, str], number: str) -> bool:
    """Whether a number is the one that was locked."""
    salt, wanted = lock
    return bool(salt) and hmac.compare_digest(_slow("".join(number.split()), salt), wanted)


def _slow(number: str, salt: str) -> str:
    """A hash that takes its time, as a number of few figures is soon gone through."""
    return hashlib.scrypt(number.encode("utf-8", "surrogatepass"), salt=bytes.fromhex(salt), n=_COST, r=8, p=1).hex()
