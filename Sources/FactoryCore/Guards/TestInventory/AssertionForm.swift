/// What a function or matcher of an assertion library claims of its arguments.
///
/// A language's vocabulary is a table from names to forms, so equal claims of two libraries look equal.
enum AssertionForm {
    case equal, unequal
    /// True, or whatever counts as true.
    case yes(Assertion.Strength)
    case no(Assertion.Strength)
    /// `nil` and its kin.
    case nothing
    case something
    /// The element comes first, then what holds it; or the other way round.
    case contains(elementFirst: Bool)
    case compares(String)
    /// Within a tolerance; so many digits when none is given.
    case near(digits: Double?)
    case length
    case property
    case raises
    case raisesNothing
    case fails
    /// Something of this strength about its first argument.
    case claims(String, Assertion.Strength)
    /// Nothing of the kind: what stands before it is all.
    case ignored

    /// What `not` makes of it.
    var negated: AssertionForm {
        switch self {
        case .equal: .unequal
        case .unequal: .equal
        case .yes: .no(.shape)
        case .no: .yes(.present)
        case .nothing: .something
        case .something: .nothing
        case .raises: .raisesNothing
        case .raisesNothing: .raises
        case .contains, .compares, .near, .length, .property: .claims("not", .shape)
        case .claims("called", _): .claims("uncalled", .exact)
        case .claims(let relation, _): .claims("not " + relation, .shape)
        case .fails, .ignored: self
        }
    }

    /// The claims about arguments, such as those of one call.
    func assertions(_ arguments: [Range<Int>], in expression: Expression) -> [Assertion] {
        let labelled = arguments.map { expression.argument($0) }
        let values = labelled.filter { $0.label.map { !Self.asides.contains($0) && !Tolerance.isLabel($0) } ?? true }
        let texts = values.map(\.text)
        let first = texts.first ?? ""
        let second = texts.count > 1 ? texts[1] : ""
        switch self {
        case .yes(let strength):
            guard let range = arguments.first else { return [] }
            let claims = expression.claims(range)
            return claims.count == 1 && ["is", "present"].contains(claims[0].relation)
                ? [.truth(first, strength: strength)] : claims
        case .no(let strength):
            guard let range = arguments.first else { return [] }
            let claim = expression.denials(range)
            return claim.first?.relation == "no" ? [.falsehood(first, strength: strength)] : claim
        case .equal: return [equality(first, second, labelled)]
        case .near(let digits):
            let positional = texts.count > 2 ? Literals.number(texts[2]) : nil
            let slack = Tolerance.slack(
                of: labelled, otherwise: (positional ?? digits).map { Tolerance.power(of: $0) })
            return [Assertion(relation: "near", subject: first, expected: second, strength: .near, slack: slack)]
        case .unequal: return [.comparison("ne", first, second)]
        case .compares(let relation): return [.comparison(relation, first, second)]
        case .nothing: return [.comparison("eq", first, "nil")]
        case .something: return [presence(of: first)]
        case .contains(let elementFirst):
            return [
                Assertion(
                    relation: "in", subject: elementFirst ? second : first, expected: elementFirst ? first : second,
                    strength: .shape)
            ]
        case .length: return [.comparison("eq", first + ".length", second)]
        case .property:
            return texts.count > 2
                ? [.comparison("eq", first + "." + second.filter { $0 != "\"" }, texts[2])]
                : [presence(of: first + "." + second.filter { $0 != "\"" })]
        case .raises: return [Self.raising(values)]
        case .raisesNothing: return [Assertion(relation: "raises nothing", subject: "it", strength: .present)]
        case .fails: return [Assertion(relation: "fails", subject: "it", strength: .present)]
        case .claims(let relation, let strength):
            return [
                Assertion(
                    relation: relation, subject: first, expected: texts.dropFirst().joined(separator: ","),
                    strength: strength)
            ]
        case .ignored: return []
        }
    }

    private func presence(of subject: String) -> Assertion {
        Assertion(
            relation: "present", subject: subject, strength: Literals.isLiteral(subject) ? .vacuous : .present)
    }

    private func equality(
        _ first: String, _ second: String, _ labelled: [(label: String?, text: String)]
    ) -> Assertion {
        guard labelled.contains(where: { $0.label.map(Tolerance.isLabel) ?? false }) else {
            return .comparison("eq", first, second)
        }
        return Assertion(
            relation: "near", subject: first, expected: second, strength: .near,
            slack: Tolerance.slack(of: labelled, otherwise: nil))
    }

    /// Arguments that say where, or what to print.
    private static let asides: Set<String> = [
        "msg", "message", "file", "line", "sourceLocation", "err_msg", "verbose", "reason", "column", "fileID",
        "filePath",
    ]

    /// The claim that errors of a kind are thrown; `arguments` are the kind, then its words or the code that throws.
    static func raising(_ arguments: [(label: String?, text: String)]) -> Assertion {
        let kind = arguments.first?.text ?? ""
        let words = arguments.dropFirst().first { $0.label == "match" || $0.label == "expected_regex" }?.text
        let any = ["", "Exception", "BaseException", "Error", "Error.self", "(anyError).self", "anyError.self"]
        var strength: Assertion.Strength = any.contains(kind) ? .present : .exact
        if let words, !["\"\"", "\".*\"", "r\"\"", "r\".*\"", "\".\""].contains(words) { strength = .precise }
        return Assertion(relation: "raises", subject: "it", expected: kind + (words ?? ""), strength: strength)
    }
}

/// Functions of a project's own that claim something, known by how people name them.
enum OwnAssertion {
    private static let prefixes = ["assert", "expect", "verify", "check"]

    /// Whether a name such as `assertUser` or `check_user` promises to claim something.
    static func isNamed(_ name: String) -> Bool {
        guard let prefix = prefixes.first(where: name.hasPrefix) else { return false }
        let next = name.utf8.dropFirst(prefix.utf8.count).first ?? 0
        return next == UInt8(ascii: "_") || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(next)
    }

    /// What such a call claims: how much is not known, so it counts as exact.
    static func claim(_ name: String, _ arguments: String) -> Assertion {
        Assertion(relation: "own", subject: name, expected: arguments, strength: .exact)
    }
}
