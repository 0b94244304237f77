"""One line of the book."""

import datetime
import re
from dataclasses import dataclass

from ledger.money import MoneyError, format_money, parse_money

_ACCOUNT = re.compile(r"[a-z][a-z0-9-]*(:[a-z][a-z0-9-]*)*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class EntryError(ValueError):
    """A line that is not an entry, with the reason."""


@dataclass(frozen=True)
class Entry:
    """Money that came into an account or left it (below zero) on one day."""

    date: datetime.date
    account: str
    cents: int
    note: str = ""

    def belongs_to(self, account: str) -> bool:
        """Whether the entry is in the account or in one below it."""
        return self.account == account or self.account.startswith(account + ":")


def parse_date(text: str) -> datetime.date:
    """The day that a text such as `2026-03-01` names."""
    try:
        if _DATE.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise EntryError(f"{text!r} is not a date, such as 2026-03-01")


def parse_account(text: str) -> str:
    """The text itself, if it can name an account."""
    if not _ACCOUNT.fullmatch(text):
        raise EntryError(f"{text!r} is not an account, such as food or home:rent")
    return text


def parse_entry(line: str) -> Entry:
    """The entry that a line stands for: date, account, amount, note."""
    fields = line.split(maxsplit=3)
    if len(fields) < 3:
        raise EntryError("an entry needs a date, an account and an amount")
    try:
        cents = parse_money(fields[2])
    except MoneyError as error:
        raise EntryError(str(error)) from error
    note = fields[3].strip() if len(fields) == 4 else ""
    return Entry(parse_date(fields[0]), parse_account(fields[1]), cents, note)


def format_entry(entry: Entry) -> str:
    """The line of an entry, without its end."""
    return f"{entry.date} {entry.account} {format_money(entry.cents)} {entry.note}".rstrip()
