/// What Python's `assert`, unittest, pytest, NumPy and mocks claim.
enum PythonAssertions {
    private static let forms: [String: AssertionForm] = [
        "assertEqual": .equal, "assertEquals": .equal, "assertListEqual": .equal, "assertDictEqual": .equal,
        "assertTupleEqual": .equal, "assertSetEqual": .equal, "assertSequenceEqual": .equal,
        "assertMultiLineEqual": .equal, "assertCountEqual": .equal, "assertIs": .equal,
        "assertNotEqual": .unequal, "assertIsNot": .unequal, "assertTrue": .yes(.present), "assertFalse": .no(.shape),
        "assertIsNone": .nothing, "assertIsNotNone": .something, "assertIn": .contains(elementFirst: true),
        "assertNotIn": .claims("out", .shape), "assertIsInstance": .claims("type", .shape),
        "assertNotIsInstance": .claims("not type", .shape), "assertGreater": .compares("gt"),
        "assertGreaterEqual": .compares("ge"), "assertLess": .compares("lt"), "assertLessEqual": .compares("le"),
        "assertAlmostEqual": .near(digits: 7), "assertAlmostEquals": .near(digits: 7),
        "assertNotAlmostEqual": .unequal, "assertRegex": .claims("matches", .shape),
        "assertLogs": .claims("logs", .shape),
        "assertQuerysetEqual": .equal, "assertContains": .contains(elementFirst: false),
        "assert_equal": .equal, "assert_array_equal": .equal, "assert_string_equal": .equal,
        "assert_frame_equal": .equal, "assert_series_equal": .equal, "assert_allclose": .near(digits: 7),
        "assert_almost_equal": .near(digits: 7), "assert_array_almost_equal": .near(digits: 6),
        "assert_approx_equal": .near(digits: 7), "assert_raises": .raises,
    ]

    /// Mocks: what is claimed of the object before the dot.
    private static let mocks: [String: (relation: String, strength: Assertion.Strength)] = [
        "assert_called": ("called", .present), "assert_called_once": ("calls", .shape),
        "assert_called_with": ("called with", .exact), "assert_called_once_with": ("called with", .exact),
        "assert_any_call": ("called with", .shape), "assert_has_calls": ("called with", .exact),
        "assert_not_called": ("uncalled", .exact), "assert_awaited": ("called", .present),
        "assert_awaited_once": ("calls", .shape), "assert_awaited_with": ("called with", .exact),
        "assert_awaited_once_with": ("called with", .exact), "assert_not_awaited": ("uncalled", .exact),
    ]

    private static let raising: Set<String> = [
        "raises", "warns", "assertRaises", "assertRaisesRegex", "assertWarns", "assertWarnsRegex", "deprecated_call",
    ]

    static func all(_ lines: [PythonLine], in masked: MaskedSource) -> [Assertion] {
        let expression = Expression(masked: masked, dialect: .python)
        var found: [Assertion] = []
        for line in lines {
            var index = line.start
            while let word = masked.word(from: index), word.upperBound <= line.end {
                index = word.upperBound
                guard let (claims, end) = claims(at: word, until: line.end, expression) else { continue }
                found += claims.map { $0.placed(word.lowerBound..<end, masked) }
                index = max(index, min(end, line.end))
            }
        }
        return found
    }

    private static let initials = Set("aercvwdf".utf8)

    private static func claims(
        at word: Range<Int>, until end: Int, _ expression: Expression
    ) -> ([Assertion], Int)? {
        let masked = expression.masked
        guard initials.contains(masked.code[word.lowerBound]) else { return nil }
        let name = masked.codeText(word)
        if name == "assert" {
            let whole = expression.split(word.upperBound..<end, at: ",")
            return (whole.first.map(expression.claims) ?? [], end)
        }
        guard masked.has("(", at: word.upperBound) else { return nil }
        let open = word.upperBound
        let close = min(masked.closing(open), end)
        let inside = (open + 1)..<max(open + 1, close)
        let arguments = expression.split(inside, at: ",")
        if raising.contains(name) {
            return ([error(name, arguments, expression)], close)
        }
        if let form = forms[name] { return (form.assertions(arguments, in: expression), close) }
        if let mock = mocks[name] {
            let start = receiver(before: word.lowerBound, masked)
            let subject = masked.squeezed(start..<max(start, word.lowerBound - 1))
            return (
                [
                    Assertion(
                        relation: mock.relation, subject: subject, expected: masked.squeezed(inside),
                        strength: mock.strength)
                ], close
            )
        }
        if name == "fail",
            masked.has("self.", at: word.lowerBound - 5) || masked.has("pytest.", at: word.lowerBound - 7)
        {
            return (AssertionForm.fails.assertions([], in: expression), close)
        }
        guard OwnAssertion.isNamed(name), !masked.isDeclared(word, by: "def "), isStatement(word, masked) else {
            return nil
        }
        return ([OwnAssertion.claim(name, expression.text(inside))], close)
    }

    private static func error(_ name: String, _ arguments: [Range<Int>], _ expression: Expression) -> Assertion {
        var values = arguments.map { expression.argument($0) }
        if name.hasSuffix("Regex"), values.count > 1 { values[1].label = "match" }
        var claim = AssertionForm.raising(values)
        if name.contains("arn") || name == "deprecated_call" {
            claim.relation = "warns"
            if ["", "Warning"].contains(claim.expected) { claim.strength = .present }
        }
        return claim
    }

    /// Whether nothing uses the value of the call that a word begins.
    private static func isStatement(_ word: Range<Int>, _ masked: MaskedSource) -> Bool {
        let start = receiver(before: word.lowerBound, masked)
        let before = masked.code[masked.lineStart(start)..<start].last { !MaskedSource.isSpace($0) }
        return before == nil || before == UInt8(ascii: ":") || masked.has("await ", at: start - 6)
            || masked.has("with ", at: start - 5)
    }

    /// Where the dotted name begins that ends at a place.
    private static func receiver(before index: Int, _ masked: MaskedSource) -> Int {
        var start = index
        while start > max(0, index - MaskedSource.reach),
            MaskedSource.isWord(masked.code[start - 1]) || masked.code[start - 1] == UInt8(ascii: ".")
        {
            start -= 1
        }
        return start
    }
}
