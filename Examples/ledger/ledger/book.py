"""The book: a text file of entries."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path

from ledger.entry import Entry, EntryError, format_entry, parse_entry


class BookError(Exception):
    """A book that cannot be used, with the place."""


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that should be entries, with their numbers from 1."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


def problems(text: str) -> list[str]:
    """Every line that is not an entry, as `number: reason`."""
    found = []
    for number, line in lines(text):
        try:
            parse_entry(line)
        except EntryError as error:
            found.append(f"{number}: {error}")
    return found


def read(path: Path) -> str:
    """The book's text."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BookError(f"{path} cannot be read: {error}") from error


def load(path: Path) -> list[Entry]:
    """All entries in the order of the file; the first wrong line is an error."""
    entries = []
    for number, line in lines(read(path)):
        try:
            entries.append(parse_entry(line))
        except EntryError as error:
            raise BookError(f"{path}:{number}: {error}") from error
    return entries


def append(path: Path, entries: Iterable[Entry]) -> None:
    """Adds entries at the end. The book is made if there is none, and an unended last line is ended first."""
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        with path.open("a", encoding="utf-8") as file:
            if before and not before.endswith("\n"):
                file.write("\n")
            file.writelines(format_entry(entry) + "\n" for entry in entries)
    except (OSError, UnicodeDecodeError) as error:
        raise BookError(f"{path} cannot be written: {error}") from error


def select(
    entries: Iterable[Entry],
    account: str | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> list[Entry]:
    """The entries of an account and a time, both days included."""
    return [
        entry
        for entry in entries
        if (account is None or entry.belongs_to(account))
        and (since is None or entry.date >= since)
        and (until is None or entry.date <= until)
    ]


def balances(entries: Iterable[Entry]) -> dict[str, int]:
    """The sum of each account in cents, by name."""
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.account] = sums.get(entry.account, 0) + entry.cents
    return dict(sorted(sums.items()))


def months(entries: Iterable[Entry]) -> dict[str, int]:
    """The sum of each month in cents, by `YYYY-MM`."""
    sums: dict[str, int] = {}
    for entry in entries:
        month = f"{entry.date:%Y-%m}"
        sums[month] = sums.get(month, 0) + entry.cents
    return dict(sorted(sums.items()))
