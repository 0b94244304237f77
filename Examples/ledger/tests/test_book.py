import datetime
import tempfile
import unittest
from pathlib import Path

from ledger import book
from ledger.entry import parse_entry

MARCH = """\
# The household, 2026

2026-03-01 income:salary 2150.00 March
2026-03-02 food:market -12.50 Bread and milk
2026-03-04 home:rent -780.00
2026-04-01 food -4.20 Coffee
"""


class BookFile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "book.txt"

    def test_comments_and_empty_lines_are_no_entries(self):
        self.path.write_text(MARCH)
        self.assertEqual(len(book.load(self.path)), 4)

    def test_entries_come_in_the_order_of_the_file(self):
        self.path.write_text("2026-03-02 food -1\n2026-03-01 food -2\n")
        self.assertEqual([entry.cents for entry in book.load(self.path)], [-100, -200])

    def test_a_wrong_line_is_named_with_its_number(self):
        self.path.write_text("# first\n2026-03-01 food\n")
        with self.assertRaisesRegex(book.BookError, r"book\.txt:2: an entry needs"):
            book.load(self.path)

    def test_a_missing_book_cannot_be_read(self):
        with self.assertRaisesRegex(book.BookError, "cannot be read"):
            book.load(self.path)

    def test_a_book_that_is_no_text_cannot_be_read(self):
        self.path.write_bytes(b"\xff\xfe")
        with self.assertRaisesRegex(book.BookError, "cannot be read"):
            book.load(self.path)

    def test_append_makes_the_book(self):
        book.append(self.path, [parse_entry("2026-03-01 food -1")])
        self.assertEqual(self.path.read_text(), "2026-03-01 food -1.00\n")

    def test_append_keeps_what_is_there(self):
        self.path.write_text(MARCH)
        book.append(self.path, [parse_entry("2026-04-02 food -1")])
        self.assertEqual(self.path.read_text(), MARCH + "2026-04-02 food -1.00\n")

    def test_append_ends_a_last_line_that_has_no_end(self):
        self.path.write_text("2026-03-01 food -1.00")
        book.append(self.path, [parse_entry("2026-03-02 food -2")])
        self.assertEqual(self.path.read_text(), "2026-03-01 food -1.00\n2026-03-02 food -2.00\n")

    def test_a_folder_cannot_be_written(self):
        with self.assertRaisesRegex(book.BookError, "cannot be written"):
            book.append(self.path.parent, [parse_entry("2026-03-01 food -1")])


class Queries(unittest.TestCase):
    def setUp(self):
        self.entries = [parse_entry(line) for _, line in book.lines(MARCH)]

    def test_no_condition_selects_everything(self):
        self.assertEqual(book.select(self.entries), self.entries)

    def test_an_account_takes_in_those_below(self):
        self.assertEqual([e.cents for e in book.select(self.entries, account="food")], [-1250, -420])

    def test_both_days_are_included(self):
        chosen = book.select(self.entries, since=datetime.date(2026, 3, 2), until=datetime.date(2026, 3, 4))
        self.assertEqual([e.cents for e in chosen], [-1250, -78000])

    def test_balances_are_sorted_by_account(self):
        self.assertEqual(
            list(book.balances(self.entries).items()),
            [("food", -420), ("food:market", -1250), ("home:rent", -78000), ("income:salary", 215000)],
        )

    def test_balances_of_nothing(self):
        self.assertEqual(book.balances([]), {})

    def test_months_are_sorted(self):
        self.assertEqual(book.months(reversed(self.entries)), {"2026-03": 135750, "2026-04": -420})

    def test_problems_name_each_wrong_line(self):
        found = book.problems("2026-03-01 food -1\nnonsense\n2026-03-01 food x\n")
        self.assertEqual([problem.split(":")[0] for problem in found], ["2", "3"])
