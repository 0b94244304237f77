/// What XCTest, Swift Testing and Nimble claim.
enum SwiftAssertions {
    private static let forms: [String: AssertionForm] = [
        "XCTAssert": .yes(.shape), "XCTAssertTrue": .yes(.shape), "XCTAssertFalse": .no(.shape),
        "XCTAssertEqual": .equal, "XCTAssertIdentical": .equal, "XCTAssertNotEqual": .unequal,
        "XCTAssertNotIdentical": .unequal, "XCTAssertNil": .nothing, "XCTAssertNotNil": .something,
        "XCTUnwrap": .something, "XCTAssertGreaterThan": .compares("gt"), "XCTAssertLessThan": .compares("lt"),
        "XCTAssertGreaterThanOrEqual": .compares("ge"), "XCTAssertLessThanOrEqual": .compares("le"),
        "XCTAssertNoThrow": .raisesNothing, "XCTFail": .fails,
    ]

    /// Nimble's matchers.
    private static let matchers: [String: AssertionForm] = [
        "equal": .equal, "be": .equal, "beIdenticalTo": .equal, "beNil": .nothing, "beTrue": .yes(.shape),
        "beFalse": .no(.shape), "beTruthy": .yes(.present), "beFalsy": .no(.present), "beEmpty": .no(.shape),
        "contain": .contains(elementFirst: false), "beGreaterThan": .compares("gt"), "beLessThan": .compares("lt"),
        "throwError": .raises, "beCloseTo": .near(digits: 4), "haveCount": .length,
    ]

    static func all(in masked: MaskedSource) -> [Assertion] {
        let expression = Expression(masked: masked, dialect: .swift)
        var found: [Assertion] = []
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard let (claims, end) = claims(at: word, expression), !claims.isEmpty else { continue }
            found += claims.map { $0.placed(word.lowerBound..<end, masked) }
            index = max(index, end)
        }
        return found
    }

    /// The claims of the call that a word begins, and where to read on.
    private static func claims(at word: Range<Int>, _ expression: Expression) -> ([Assertion], Int)? {
        let masked = expression.masked
        guard initials.contains(masked.code[word.lowerBound]) else { return nil }
        let open = masked.skipSpace(word.upperBound)
        if masked.has("confirmation", at: word.lowerBound), word.count == 12 {
            return ([Assertion(relation: "called", subject: "it", strength: .exact)], word.upperBound)
        }
        guard masked.has("(", at: open) else { return nil }
        let name = masked.codeText(word)
        let close = min(masked.closing(open), masked.code.count)
        let arguments = expression.split((open + 1)..<max(open + 1, close), at: ",")
        if isMacro(word, masked) { return (macro(name, arguments, expression), close) }
        if let form = forms[name] { return (form.assertions(arguments, in: expression), close) }
        if name == "XCTAssertThrowsError" {
            // A block behind it looks at the error.
            let hasBlock = masked.has("{", at: masked.skipSpace(close + 1)) || arguments.count > 1
            return (
                [Assertion(relation: "raises", subject: "it", strength: hasBlock ? .exact : .present)], close
            )
        }
        if name == "record", masked.has("Issue.", at: word.lowerBound - 6) {
            return (AssertionForm.fails.assertions([], in: expression), close)
        }
        if name == "expect" { return nimble(arguments, from: close + 1, expression) }
        guard OwnAssertion.isNamed(name) || name.hasPrefix("XCTAssert"), !masked.isDeclared(word, by: "func ") else {
            return nil
        }
        return ([OwnAssertion.claim(name, expression.text((open + 1)..<max(open + 1, close)))], close)
    }

    private static let initials = Set("XerIacvf".utf8)

    private static func isMacro(_ word: Range<Int>, _ masked: MaskedSource) -> Bool {
        masked.has("#expect", at: word.lowerBound - 1) && word.count == 6
            || masked.has("#require", at: word.lowerBound - 1) && word.count == 7
    }

    /// `#expect` and `#require`: a condition, an optional that must be there, or an error.
    private static func macro(_ name: String, _ arguments: [Range<Int>], _ expression: Expression) -> [Assertion] {
        guard let first = arguments.first else {
            return [Assertion(relation: "raises", subject: "it", strength: .exact)]
        }
        let (label, value) = expression.labelled(first)
        if label == "throws" {
            let kind = expression.text(value)
            if kind == "Never.self" { return AssertionForm.raisesNothing.assertions([], in: expression) }
            var claim = AssertionForm.raising([(nil, kind)])
            if claim.strength == .exact, !kind.hasSuffix(".self") { claim.strength = .precise }
            return [claim]
        }
        let claims = expression.claims(first)
        guard name == "require", claims.count == 1, claims[0].relation == "is", claims[0].strength == .shape else {
            return claims
        }
        return [Assertion(relation: "present", subject: claims[0].subject, strength: .present)]
    }

    /// `expect(x).to(equal(y))`.
    private static func nimble(
        _ arguments: [Range<Int>], from end: Int, _ expression: Expression
    ) -> ([Assertion], Int)? {
        let masked = expression.masked
        guard masked.has(".to", at: end), let open = masked.near(UInt8(ascii: "("), from: end) else { return nil }
        let close = min(masked.closing(open), masked.code.count)
        guard let matcher = masked.word(from: open), matcher.upperBound < close else { return nil }
        let isNot = masked.has(".toNot", at: end) || masked.has(".notTo", at: end)
        let form = matchers[masked.codeText(matcher)] ?? .claims(masked.codeText(matcher), .shape)
        var inner: [Range<Int>] = []
        if masked.has("(", at: matcher.upperBound) {
            let end = min(masked.closing(matcher.upperBound), close)
            inner = expression.split((matcher.upperBound + 1)..<max(matcher.upperBound + 1, end), at: ",")
        }
        return ((isNot ? form.negated : form).assertions(arguments + inner, in: expression), close)
    }
}

extension Assertion {
    /// The claim with where it stands and how it is written.
    func placed(_ range: Range<Int>, _ masked: MaskedSource) -> Assertion {
        var placed = self
        placed.offset = range.lowerBound
        let end = min(range.upperBound + 1, masked.code.count)
        let text = masked.sourceText(range.lowerBound..<max(range.lowerBound, min(end, range.lowerBound + 400)))
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        placed.text = words.count > 80 ? words.prefix(80) + "…" : words
        return placed
    }
}

extension MaskedSource {
    /// Whether a keyword and its space stand right before a word.
    func isDeclared(_ word: Range<Int>, by keyword: StaticString) -> Bool {
        has(keyword, at: word.lowerBound - keyword.utf8CodeUnitCount)
    }
}
