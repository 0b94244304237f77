import unittest

from ledger.money import MoneyError, format_money, parse_money


class ParseMoney(unittest.TestCase):
    def test_two_decimals(self):
        self.assertEqual(parse_money("12.50"), 1250)

    def test_one_decimal_is_ten_cents(self):
        self.assertEqual(parse_money("12.5"), 1250)

    def test_no_decimals(self):
        self.assertEqual(parse_money("12"), 1200)

    def test_signs(self):
        self.assertEqual((parse_money("-3"), parse_money("+3")), (-300, 300))

    def test_less_than_one_keeps_its_sign(self):
        self.assertEqual(parse_money("-0.05"), -5)

    def test_large_amounts_are_exact(self):
        self.assertEqual(parse_money("90071992547409.93"), 9007199254740993)

    def test_what_is_not_an_amount_is_refused(self):
        for text in ["", "-", ".5", "12.", "12.345", "1e3", "twelve", "1 2", "١٢"]:
            with self.subTest(text), self.assertRaises(MoneyError):
                parse_money(text)

    def test_the_error_names_the_text(self):
        with self.assertRaisesRegex(MoneyError, "'12,5' is not an amount"):
            parse_money("12,5")


class FormatMoney(unittest.TestCase):
    def test_two_decimals_always(self):
        self.assertEqual([format_money(cents) for cents in (0, 5, 50, 1250)], ["0.00", "0.05", "0.50", "12.50"])

    def test_below_zero(self):
        self.assertEqual(format_money(-5), "-0.05")

    def test_what_is_formatted_can_be_parsed(self):
        for cents in (-123456, -1, 0, 1, 99, 100, 123456):
            self.assertEqual(parse_money(format_money(cents)), cents)
