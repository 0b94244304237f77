"""Amounts of money as whole cents. No float ever touches one."""

import re

_AMOUNT = re.compile(r"([+-]?)(\d+)(?:\.(\d{1,2}))?", re.ASCII)


class MoneyError(ValueError):
    """A text that is not an amount."""


def parse_money(text: str) -> int:
    """The cents that a text such as `-12.50` stands for."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise MoneyError(f"{text!r} is not an amount, such as 12.50 or -3")
    sign, units, cents = match.groups()
    value = int(units) * 100 + int((cents or "0").ljust(2, "0"))
    return -value if sign == "-" else value


def format_money(cents: int) -> str:
    """Cents as a text with two decimals."""
    sign = "-" if cents < 0 else ""
    units, rest = divmod(abs(cents), 100)
    return f"{sign}{units}.{rest:02d}"
