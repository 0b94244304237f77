/// One claim that a test makes, in a form in which claims of two libraries can be compared.
package struct Assertion: Hashable, Sendable {
    /// How much a claim rules out; more is stronger.
    package enum Strength: Int, Comparable, Sendable {
        /// It holds whatever the product does.
        case vacuous
        /// Something is there, is true, or throws at all.
        case present
        /// A bound, a part, a type, a difference.
        case shape
        /// A number within a tolerance.
        case near
        /// One value, or an error of one type.
        case exact
        /// One error of a type, with its words.
        case precise

        package static func < (a: Strength, b: Strength) -> Bool { a.rawValue < b.rawValue }
    }

    /// Such as `eq`; the same in all languages and libraries.
    var relation: String
    /// What is looked at, without white space.
    var subject: String
    /// What it is compared with, without white space; empty where there is nothing.
    var expected = ""
    var strength: Strength
    /// The tolerance as a number: more is looser.
    var slack: Double?
    /// Why it does not count, where its strength alone does not say it, such as `inside a try that swallows failures`.
    var flaw: String?
    /// It stands in a branch.
    var isConditional = false
    /// As it was written, white space left out, bounded.
    var text = ""
    /// From 1.
    var line = 0
    /// Where it begins.
    var offset = 0

    /// In what two claims agree that are one.
    var key: String { "\(relation)|\(subject)|\(expected)|\(slack ?? -1)|\(strength.rawValue)|\(isConditional)" }

    /// The strings and numbers in what is expected.
    var literals: Set<String> { Literals.of(expected) }
}

extension Assertion {
    /// A comparison of two texts, put into the common form.
    static func comparison(_ relation: String, _ left: String, _ right: String) -> Assertion {
        var (subject, expected) = (left, right)
        if Literals.isLiteral(left), !Literals.isLiteral(right) { (subject, expected) = (right, left) }
        let flipped = subject != left ? (mirrored[relation] ?? relation) : relation
        if isAlwaysTrue(flipped, subject, expected) {
            return Assertion(relation: flipped, subject: subject, expected: expected, strength: .vacuous)
        }
        switch flipped {
        case "eq": return equality(subject, expected)
        case "ne" where Literals.isNothing(expected):
            return Assertion(relation: "present", subject: subject, strength: .present)
        case "lt", "gt":
            let bound = Literals.number(expected)
            return Assertion(
                relation: flipped, subject: subject, expected: expected, strength: .shape,
                slack: flipped == "lt" ? bound : bound.map { -$0 })
        default: return Assertion(relation: flipped, subject: subject, expected: expected, strength: .shape)
        }
    }

    private static let mirrored = ["lt": "gt", "gt": "lt"]

    private static func equality(_ subject: String, _ expected: String) -> Assertion {
        if expected == "true" || expected == "True" {
            return Assertion(relation: "is", subject: subject, expected: "true", strength: .shape)
        }
        let isPart = wildcards.contains { expected.contains($0) }
        return Assertion(
            relation: "eq", subject: subject, expected: expected, strength: isPart ? .shape : .exact)
    }

    /// Stand-ins that equal more than one value.
    private static let wildcards = [
        "expect.any(", "expect.anything(", "expect.objectContaining(", "expect.arrayContaining(",
        "expect.stringContaining(", "expect.stringMatching(", "mock.ANY", "sinon.match", "anything()",
    ]

    /// Whether no product could make it fail. A call may differ from itself, so it is no such thing.
    private static func isAlwaysTrue(_ relation: String, _ subject: String, _ expected: String) -> Bool {
        switch relation {
        case "eq":
            return subject == expected && (!subject.contains("(") || Literals.isLiteral(subject))
        case "ne": return Literals.isLiteral(subject) && Literals.isLiteral(expected) && subject != expected
        case "gt" where expected == "0" || expected == "-1":
            return expected == "-1" && isSize(subject)
        case "ge" where expected == "0": return isSize(subject)
        case "gt", "ge", "lt", "le": return subject == expected && relation.hasSuffix("e")
        default: return false
        }
    }

    private static func isSize(_ subject: String) -> Bool {
        subject.hasPrefix("len(") || subject.hasSuffix(".count") || subject.hasSuffix(".length")
            || subject.hasSuffix(".size")
    }

    /// A claim that an expression holds; a constant one claims nothing.
    static func truth(_ subject: String, strength: Strength) -> Assertion {
        for ending in [".isEmpty"] where subject.hasSuffix(ending) {
            return Assertion(
                relation: "eq", subject: subject.dropLast(ending.count) + ".count", expected: "0", strength: .exact)
        }
        let isConstant = subject == "true" || subject == "True" || Literals.isTruthy(subject)
        let relation = strength == .present ? "present" : "is"
        return Assertion(
            relation: relation, subject: subject, expected: strength == .present ? "" : "true",
            strength: isConstant ? .vacuous : looseCalls.contains { subject.contains($0) } ? .shape : strength)
    }

    /// A claim that an expression does not hold.
    static func falsehood(_ subject: String, strength: Strength) -> Assertion {
        if ["false", "False", "0", "nil", "None", "null", "undefined", "\"\""].contains(subject) {
            return Assertion(relation: "no", subject: subject, strength: .vacuous)
        }
        if subject.hasSuffix(".isEmpty") {
            return Assertion(
                relation: "gt", subject: subject.dropLast(8) + ".count", expected: "0", strength: .shape, slack: 0)
        }
        return Assertion(relation: "no", subject: subject, strength: strength)
    }

    /// Calls that look for a part.
    private static let looseCalls = [
        ".contains(", ".hasPrefix(", ".hasSuffix(", ".startswith(", ".endswith(", ".includes(", ".startsWith(",
        ".endsWith(", "isinstance(", ".test(",
    ]
}

/// What is a constant in the text of an expression, in any of the languages.
enum Literals {
    /// The contents of strings, and numbers.
    static func of(_ text: String) -> Set<String> {
        var found: Set<String> = []
        let bytes = Array(text.utf8.prefix(4000))
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\"") {
                let end = closingQuote(bytes, index)
                let content = bytes[min(index + 1, end)..<end]
                found.insert("\"" + String(decoding: content, as: UTF8.self))
                index = end + 1
            } else if MaskedSource.isWord(bytes[index]) {
                var end = index
                while end < bytes.count, MaskedSource.isWord(bytes[end]) || isPoint(bytes, end) { end += 1 }
                if isDigit(bytes[index]) { found.insert(String(decoding: bytes[index..<end], as: UTF8.self)) }
                index = end
            } else {
                index += 1
            }
        }
        return found
    }

    private static func closingQuote(_ bytes: [UInt8], _ open: Int) -> Int {
        var index = open + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index, bytes.count)
    }

    private static func isPoint(_ bytes: [UInt8], _ index: Int) -> Bool {
        bytes[index] == UInt8(ascii: ".") && index > 0 && isDigit(bytes[index - 1])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Whether the whole text is one constant.
    static func isLiteral(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        if ["true", "false", "nil", "null", "None", "True", "False", "undefined"].contains(text) { return true }
        if isDigit(first) || (first == UInt8(ascii: "-") && text.utf8.dropFirst().first.map(isDigit) == true) {
            return text.utf8.allSatisfy { MaskedSource.isWord($0) || $0 == UInt8(ascii: ".") || $0 == first }
        }
        let bytes = Array(text.utf8)
        return first == UInt8(ascii: "\"") && bytes.count > 1 && closingQuote(bytes, 0) == bytes.count - 1
    }

    static func isNothing(_ text: String) -> Bool { ["nil", "null", "None", "undefined"].contains(text) }

    /// Whether the text is a constant that counts as true in a language that asks so.
    static func isTruthy(_ text: String) -> Bool {
        isLiteral(text) && !isNothing(text) && !["false", "False", "0", "0.0", "\"\""].contains(text)
    }

    /// The number that a literal is.
    static func number(_ text: String) -> Double? { Double(text.filter { $0 != "_" }) }
}
