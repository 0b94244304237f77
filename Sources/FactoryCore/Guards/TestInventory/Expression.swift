/// The parts of an expression in a masked source: arguments, and what it compares.
struct Expression {
    let masked: MaskedSource
    /// Whether words join and negate, and a bare value claims only that it is truthy.
    let dialect: Dialect

    enum Dialect { case swift, python, javaScript }

    /// Further than this no expression is followed.
    private static let longest = 20 * MaskedSource.reach

    /// The claims that a condition makes: one for each part joined by `and`.
    func claims(_ range: Range<Int>) -> [Assertion] {
        let range = trimmed(range)
        if range.isEmpty { return [] }
        if let open = wholeParenthesis(range) {
            // A tuple of a condition and its message is always true.
            if dialect == .python, split(open, at: ",").count > 1 {
                return [Assertion(relation: "is", subject: text(range), strength: .vacuous)]
            }
            return claims(open)
        }
        let parts = conjuncts(range)
        if parts.count > 1 { return parts.flatMap(claims) }
        if let either = alternatives(range) { return [either] }
        return [negation(range) ?? comparison(range) ?? .truth(text(range), strength: bare)]
    }

    /// The claims that a condition does not hold.
    func denials(_ range: Range<Int>) -> [Assertion] {
        let range = trimmed(range)
        let claim = claims(range)
        if claim.count == 1, ["eq", "is", "present"].contains(claim[0].relation), comparison(range) != nil {
            var denied = claim[0]
            denied.relation = "ne"
            denied.strength = .shape
            return [denied]
        }
        return [.falsehood(text(range), strength: .shape)]
    }

    private var bare: Assertion.Strength { dialect == .swift ? .shape : .present }

    private func negation(_ range: Range<Int>) -> Assertion? {
        if dialect == .python {
            guard masked.has("not ", at: range.lowerBound) else { return nil }
            return denials((range.lowerBound + 4)..<range.upperBound).first
        }
        guard masked.has("!", at: range.lowerBound), !masked.has("!=", at: range.lowerBound),
            comparison(range) == nil
        else { return nil }
        return denials((range.lowerBound + 1)..<range.upperBound).first
    }

    private func comparison(_ range: Range<Int>) -> Assertion? {
        guard let (at, length, relation) = comparator(range) else { return nil }
        let left = text(range.lowerBound..<at)
        let right = text((at + length)..<range.upperBound)
        if relation == "in" || relation == "out" {
            return Assertion(relation: relation, subject: right, expected: left, strength: .shape)
        }
        if let near = tolerance(relation, left, right, (at + length)..<range.upperBound) { return near }
        return .comparison(relation, left, right)
    }

    /// `x == approx(…)` and `abs(x - y) < …`.
    private func tolerance(
        _ relation: String, _ left: String, _ right: String, _ range: Range<Int>
    ) -> Assertion? {
        if relation == "eq", right.contains("approx(") {
            let arguments = call(in: range).map { split($0, at: ",") } ?? []
            return Assertion(
                relation: "near", subject: left, expected: arguments.first.map(text) ?? right, strength: .near,
                slack: Tolerance.slack(of: arguments.dropFirst().map(argument), otherwise: 1e-6))
        }
        guard relation == "lt" || relation == "le", left.hasPrefix("abs(") || left.contains(".abs(") else { return nil }
        return Assertion(
            relation: "near", subject: left, expected: "", strength: .near, slack: Literals.number(right))
    }

    /// What stands between the first parentheses in a range.
    private func call(in range: Range<Int>) -> Range<Int>? {
        guard let open = masked.code[range].firstIndex(of: UInt8(ascii: "(")) else { return nil }
        return (open + 1)..<max(open + 1, min(masked.closing(open), range.upperBound))
    }

    // MARK: Splitting

    /// A label or keyword and the value behind it.
    func labelled(_ range: Range<Int>) -> (label: String?, value: Range<Int>) {
        let range = trimmed(range)
        let end = min(masked.wordEnd(range.lowerBound), range.upperBound)
        let mark = masked.skipSpace(end)
        let sign: UInt8 = dialect == .python ? UInt8(ascii: "=") : UInt8(ascii: ":")
        guard end > range.lowerBound, mark < range.upperBound, masked.code[mark] == sign, !masked.has("==", at: mark)
        else { return (nil, range) }
        return (masked.codeText(range.lowerBound..<end), trimmed((mark + 1)..<range.upperBound))
    }

    /// An argument with the text of its value.
    func argument(_ range: Range<Int>) -> (label: String?, text: String) {
        let (label, value) = labelled(range)
        return (label, text(value))
    }

    /// The parts between commas that no bracket holds; empty ones are left out.
    func split(_ range: Range<Int>, at separator: Character) -> [Range<Int>] {
        let byte = separator.asciiValue ?? UInt8(ascii: ",")
        var parts: [Range<Int>] = []
        var start = range.lowerBound
        for index in top(range) where masked.code[index] == byte {
            parts.append(start..<index)
            start = index + 1
        }
        parts.append(start..<max(start, range.upperBound))
        return parts.map(trimmed).filter { !$0.isEmpty }
    }

    /// The places of a range that stand in no bracket inside it.
    private func top(_ range: Range<Int>) -> [Int] {
        var places: [Int] = []
        var index = range.lowerBound
        let end = min(range.upperBound, range.lowerBound + Self.longest, masked.code.count)
        while index < end {
            places.append(index)
            switch masked.code[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): index = max(index + 1, masked.closing(index))
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
                let quote = masked.code[index]
                index = (masked.code[(index + 1)..<end].firstIndex(of: quote) ?? index) + 1
            default: index += 1
            }
        }
        return places
    }

    private func conjuncts(_ range: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = range.lowerBound
        for index in top(range) {
            let length = dialect == .python ? word("and", at: index) : masked.has("&&", at: index) ? 2 : 0
            guard length > 0, index >= start else { continue }
            parts.append(start..<index)
            start = index + length
        }
        parts.append(start..<range.upperBound)
        return parts
    }

    /// A claim of which one of several parts suffices: never more than a shape.
    private func alternatives(_ range: Range<Int>) -> Assertion? {
        let at = top(range).first { index in
            dialect == .python ? word("or", at: index) > 0 : masked.has("||", at: index)
        }
        guard let at else { return nil }
        let sides = [text(range.lowerBound..<at), text((at + 2)..<range.upperBound)]
        let isConstant = sides.contains { ["true", "True"].contains($0) || Literals.isTruthy($0) }
        return Assertion(
            relation: "or", subject: sides[0], expected: sides[1], strength: isConstant ? .vacuous : .present)
    }

    private func word(_ word: StaticString, at index: Int) -> Int {
        guard masked.has(word, at: index), index > 0, !MaskedSource.isWord(masked.code[index - 1]),
            masked.wordEnd(index) == index + word.utf8CodeUnitCount
        else { return 0 }
        return word.utf8CodeUnitCount
    }

    /// The comparing operator: where it stands, its length and its relation.
    private func comparator(_ range: Range<Int>) -> (at: Int, length: Int, relation: String)? {
        for index in top(range) where index > range.lowerBound {
            for (sign, relation) in Self.signs where masked.has(sign, at: index) {
                return (index, sign.utf8CodeUnitCount, relation)
            }
            guard dialect == .python else { continue }
            for (phrase, relation) in Self.phrases where masked.has(phrase, at: index) {
                return (index, phrase.utf8CodeUnitCount, relation)
            }
        }
        return nil
    }

    private static let signs: [(StaticString, String)] = [
        ("===", "eq"), ("!==", "ne"), ("==", "eq"), ("!=", "ne"), (" <= ", "le"), (" >= ", "ge"), (" < ", "lt"),
        (" > ", "gt"),
    ]
    private static let phrases: [(StaticString, String)] = [
        (" not in ", "out"), (" in ", "in"), (" is not ", "ne"), (" is ", "eq"),
    ]

    private func wholeParenthesis(_ range: Range<Int>) -> Range<Int>? {
        guard masked.has("(", at: range.lowerBound), masked.closing(range.lowerBound) == range.upperBound - 1 else {
            return nil
        }
        return (range.lowerBound + 1)..<(range.upperBound - 1)
    }

    /// Without white space, and without words that say nothing about the value.
    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = min(masked.skipBlank(range.lowerBound), range.upperBound)
        var end = range.upperBound
        while end > start, MaskedSource.isSpace(masked.text[end - 1]) { end -= 1 }
        for word: StaticString in ["try ", "await "] where masked.has(word, at: start) {
            start = min(masked.skipBlank(start + word.utf8CodeUnitCount), end)
        }
        return start..<end
    }

    /// The text without white space and comments, with one kind of quotes.
    func text(_ range: Range<Int>) -> String { masked.squeezed(trimmed(range)) }
}

/// Tolerances of comparisons, as numbers of which the larger is the looser.
enum Tolerance {
    /// Labels of digits, and of differences.
    private static let digits: Set<String> = ["places", "decimal", "digits"]
    private static let differences: Set<String> = [
        "delta", "accuracy", "abs", "rel", "abs_tol", "rel_tol", "atol", "rtol", "absoluteTolerance",
        "relativeTolerance", "within",
    ]

    static func isLabel(_ label: String) -> Bool { digits.contains(label) || differences.contains(label) }

    /// The largest of the labelled tolerances, or what holds when none is given.
    ///
    /// Nil for one that is no number.
    static func slack(of arguments: [(label: String?, text: String)], otherwise: Double?) -> Double? {
        let given = arguments.filter { $0.label.map(isLabel) ?? false }
        if given.isEmpty { return otherwise }
        let values = given.compactMap { argument in
            Literals.number(argument.text).map { digits.contains(argument.label ?? "") ? power(of: $0) : $0 }
        }
        return values.count == given.count ? values.max() : nil
    }

    /// Ten to the power of minus so many digits.
    static func power(of digits: Double) -> Double {
        (0..<max(0, min(Int(digits), 30))).reduce(1.0) { value, _ in value / 10 }
    }
}
