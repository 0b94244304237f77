import io
import tempfile
import unittest
from contextlib import redirect_stderr
from pathlib import Path

from ledger.cli import COMMANDS, main

BOOK = """\
2026-03-01 income:salary 2150.00 March
2026-03-02 food:market -12.50 Bread and milk
2026-04-04 home:rent -780.00
"""


class CommandLine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.book = Path(folder.name) / "book.txt"
        self.book.write_text(BOOK)

    def ledger(self, command, *arguments):
        """Runs one command on the book; its exit code and what it printed."""
        out, err = io.StringIO(), io.StringIO()
        code = main([command, str(self.book), *arguments], out, err)
        return code, out.getvalue(), err.getvalue()

    def test_list_prints_columns(self):
        code, out, _ = self.ledger("list")
        self.assertEqual(code, 0)
        self.assertEqual(
            out,
            "2026-03-01  income:salary  2150.00  March\n"
            "2026-03-02  food:market     -12.50  Bread and milk\n"
            "2026-04-04  home:rent      -780.00\n",
        )

    def test_list_of_one_account(self):
        self.assertEqual(self.ledger("list", "--account", "home")[1], "2026-04-04  home:rent  -780.00\n")

    def test_list_of_an_account_without_entries_is_empty(self):
        self.assertEqual(self.ledger("list", "--account", "car"), (0, "", ""))

    def test_list_of_a_time(self):
        _, out, _ = self.ledger("list", "--since", "2026-03-02", "--until", "2026-03-31")
        self.assertEqual(out, "2026-03-02  food:market  -12.50  Bread and milk\n")

    def test_balance_ends_with_the_total(self):
        self.assertEqual(self.ledger("balance")[1].splitlines()[-1], "total          1357.50")

    def test_balance_of_a_time(self):
        self.assertEqual(self.ledger("balance", "--since", "2026-04-01")[1].splitlines()[-1], "total      -780.00")

    def test_balance_of_an_empty_book(self):
        self.book.write_text("")
        self.assertEqual(self.ledger("balance"), (0, "total  0.00\n", ""))

    def test_months(self):
        self.assertEqual(self.ledger("months")[1], "2026-03  2137.50\n2026-04  -780.00\n")

    def test_add_appends_the_line_as_it_was_given(self):
        self.assertEqual(self.ledger("add", "2026-04-05", "food", "-4.20", "Coffee", "and", "cake"), (0, "", ""))
        self.assertTrue(self.book.read_text().endswith("2026-04-05 food -4.20 Coffee and cake\n"))

    def test_add_refuses_a_wrong_entry_and_leaves_the_book_alone(self):
        code, _, err = self.ledger("add", "2026-04-05", "food", "much")
        self.assertEqual((code, err), (1, "ledger: 'much' is not an amount, such as 12.50 or -3\n"))
        self.assertEqual(self.book.read_text(), BOOK)

    def test_check_of_a_good_book_says_nothing(self):
        self.assertEqual(self.ledger("check"), (0, "", ""))

    def test_check_names_every_wrong_line(self):
        self.book.write_text(BOOK + "nonsense\n2026-04-05 Food -1\n")
        code, out, _ = self.ledger("check")
        self.assertEqual(code, 1)
        self.assertEqual([line.split(":")[1] for line in out.splitlines()], ["4", "5"])

    def test_a_missing_book_is_an_error_of_one_line(self):
        self.book.unlink()
        code, out, err = self.ledger("list")
        self.assertEqual((code, out), (1, ""))
        self.assertEqual(err.count("\n"), 1)

    def test_a_wrong_date_on_the_command_line_exits_with_2(self):
        err = io.StringIO()
        with self.assertRaises(SystemExit) as exit, redirect_stderr(err):
            self.ledger("list", "--since", "spring")
        self.assertEqual(exit.exception.code, 2)
        self.assertIn("'spring' is not a date", err.getvalue())


class Manual(unittest.TestCase):
    def test_every_command_is_described_in_the_manual(self):
        manual = (Path(__file__).parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")
        for name, *_ in COMMANDS:
            self.assertIn(f"\n## {name}\n", manual, f"docs/commands.md says nothing of `{name}`")
