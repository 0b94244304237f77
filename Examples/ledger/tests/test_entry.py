import datetime
import unittest

from ledger.entry import Entry, EntryError, format_entry, parse_date, parse_entry


class ParseDate(unittest.TestCase):
    def test_a_day(self):
        self.assertEqual(parse_date("2026-03-01"), datetime.date(2026, 3, 1))

    def test_a_leap_day(self):
        self.assertEqual(parse_date("2028-02-29"), datetime.date(2028, 2, 29))

    def test_a_date_that_does_not_exist_is_refused(self):
        for text in ["2026-02-29", "2026-13-01", "2026-04-31"]:
            with self.subTest(text), self.assertRaises(EntryError):
                parse_date(text)

    def test_other_ways_to_write_a_date_are_refused(self):
        for text in ["", "01.03.2026", "20260301", "2026-W09-7", "yesterday"]:
            with self.subTest(text), self.assertRaises(EntryError):
                parse_date(text)


class ParseEntry(unittest.TestCase):
    def test_all_four_fields(self):
        entry = parse_entry("2026-03-02 food:market -12.50 Bread and milk")
        self.assertEqual(entry, Entry(datetime.date(2026, 3, 2), "food:market", -1250, "Bread and milk"))

    def test_the_note_may_be_missing(self):
        self.assertEqual(parse_entry("2026-03-02 food -1").note, "")

    def test_columns_may_be_any_width(self):
        self.assertEqual(parse_entry("2026-03-02   food \t -1.00   Milk "), parse_entry("2026-03-02 food -1.00 Milk"))

    def test_the_note_keeps_its_inner_spaces(self):
        self.assertEqual(parse_entry("2026-03-02 food -1 two  spaces").note, "two  spaces")

    def test_a_line_with_too_few_fields_is_refused(self):
        with self.assertRaisesRegex(EntryError, "needs a date, an account and an amount"):
            parse_entry("2026-03-02 food")

    def test_a_wrong_amount_is_refused(self):
        with self.assertRaisesRegex(EntryError, "'much' is not an amount"):
            parse_entry("2026-03-02 food much")

    def test_a_wrong_account_is_refused(self):
        for account in ["Food", "food:", ":food", "food::market", "7up"]:
            with self.subTest(account), self.assertRaises(EntryError):
                parse_entry(f"2026-03-02 {account} -1")


class FormatEntry(unittest.TestCase):
    def test_what_is_formatted_can_be_parsed(self):
        entry = Entry(datetime.date(2026, 3, 2), "home:rent", -78000, "March")
        self.assertEqual(parse_entry(format_entry(entry)), entry)

    def test_no_space_is_left_where_the_note_is_missing(self):
        self.assertEqual(format_entry(Entry(datetime.date(2026, 3, 2), "food", -100)), "2026-03-02 food -1.00")


class Accounts(unittest.TestCase):
    def setUp(self):
        self.entry = parse_entry("2026-03-02 food:market -1")

    def test_an_entry_belongs_to_its_account_and_those_above(self):
        self.assertTrue(self.entry.belongs_to("food:market"))
        self.assertTrue(self.entry.belongs_to("food"))

    def test_an_entry_belongs_to_no_account_that_only_starts_alike(self):
        self.assertFalse(self.entry.belongs_to("foo"))
        self.assertFalse(self.entry.belongs_to("food:mark"))
