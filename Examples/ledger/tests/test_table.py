import unittest

from ledger.table import table


class Table(unittest.TestCase):
    def test_no_rows(self):
        self.assertEqual(table([]), "")

    def test_columns_are_two_spaces_apart(self):
        self.assertEqual(table([("a", "b"), ("long", "c")]), "a     b\nlong  c\n")

    def test_a_column_to_the_right(self):
        self.assertEqual(table([("a", "1"), ("b", "100")], right=[1]), "a    1\nb  100\n")

    def test_no_space_at_the_end_of_a_line(self):
        self.assertEqual(table([("a", ""), ("b", "note")]), "a\nb  note\n")
