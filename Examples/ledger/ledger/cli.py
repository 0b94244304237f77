"""The command line: one function per command, all of them in COMMANDS."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from ledger import book
from ledger.entry import EntryError, parse_date, parse_entry
from ledger.money import format_money
from ledger.table import table


def add(options: argparse.Namespace, out: TextIO) -> int:
    book.append(options.book, [parse_entry(" ".join(options.entry))])
    return 0


def list_entries(options: argparse.Namespace, out: TextIO) -> int:
    chosen = book.select(book.load(options.book), options.account, options.since, options.until)
    out.write(table([(str(e.date), e.account, format_money(e.cents), e.note) for e in chosen], right=[2]))
    return 0


def balance(options: argparse.Namespace, out: TextIO) -> int:
    sums = book.balances(book.select(book.load(options.book), None, options.since, options.until))
    rows = [(account, format_money(cents)) for account, cents in sums.items()]
    out.write(table([*rows, ("total", format_money(sum(sums.values())))], right=[1]))
    return 0


def months(options: argparse.Namespace, out: TextIO) -> int:
    sums = book.months(book.select(book.load(options.book), options.account))
    out.write(table([(month, format_money(cents)) for month, cents in sums.items()], right=[1]))
    return 0


def check(options: argparse.Namespace, out: TextIO) -> int:
    found = book.problems(book.read(options.book))
    out.writelines(f"{options.book}:{problem}\n" for problem in found)
    return 1 if found else 0


# Name, function, what it does, and the options it takes beside the book.
COMMANDS = [
    ("add", add, "append one entry", ["entry"]),
    ("list", list_entries, "print the entries", ["account", "since", "until"]),
    ("balance", balance, "print the sum of each account", ["since", "until"]),
    ("months", months, "print the sum of each month", ["account"]),
    ("check", check, "name every line that is not an entry", []),
]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ledger", description="A household's money in one text file.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, run, text, options in COMMANDS:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        command.add_argument("book", type=Path, help="the book's file")
        for option in options:
            _add_option(command, option)
    return parser


def _add_option(command: argparse.ArgumentParser, option: str) -> None:
    if option == "entry":
        command.add_argument("entry", nargs=argparse.REMAINDER, help="DATE ACCOUNT AMOUNT [NOTE …]")
    elif option == "account":
        command.add_argument("--account", help="only this account and those below it")
    else:
        command.add_argument(f"--{option}", type=_date, metavar="DATE", help="a day, included")


def _date(text: str):
    try:
        return parse_date(text)
    except EntryError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def main(arguments: Sequence[str] | None = None, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Runs one command; 0 fine, 1 the book or an entry is wrong. argparse itself exits with 2."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options, out or sys.stdout)
    except (book.BookError, EntryError) as error:
        print(f"ledger: {error}", file=err or sys.stderr)
        return 1
