"""The check digits of the two numbers that a child in Scotland carries: the Scottish Candidate Number and the CHI number.

Both are modulus 11 over weighted digits: the last digit is eleven less the remainder, nought for no remainder, and a
number that would need a ten is never given out.
"""

import datetime as dt
from operator import mul

SCN_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
CHI_WEIGHTS = tuple(range(10, 1, -1))


def is_scn(digits: str) -> bool:
    """Whether nine digits are a Scottish Candidate Number: two of a year, six, and a right check digit.

    Reference: HESA, collection C07051, field SCN.
    """
    return len(digits) == 9 and _plain(digits) and _check_digit(digits, SCN_WEIGHTS) == int(digits[8])


def is_chi(digits: str, strict: bool) -> bool:
    """Whether ten digits can be a CHI number: they start with a date, ddmmyy; strict: the check digit is right too."""
    if len(digits) != 10 or not _plain(digits) or not _starts_with_a_date(digits):
        return False
    return not strict or _check_digit(digits, CHI_WEIGHTS) == int(digits[9])


def _plain(digits: str) -> bool:
    return digits.isascii() and digits.isdigit()


def _check_digit(digits: str, weights: tuple[int, ...]) -> int:
    # Bytes give their numbers without a call each; the sign "0" is 48. Two hundred thousand pupils are checked at a time.
    weighted: int = sum(map(mul, digits.encode(), weights)) - 48 * sum(weights)
    return (11 - weighted % 11) % 11


def _starts_with_a_date(digits: str) -> bool:
    """Whether the first six digits are a day, month and year; the century is not told, so 29 February always may be."""
    try:
        dt.date(2000, int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return True
