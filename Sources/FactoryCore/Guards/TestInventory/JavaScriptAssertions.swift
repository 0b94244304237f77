/// What Jest, Vitest, Chai, Playwright and node:assert claim.
enum JavaScriptAssertions {
    /// Matchers behind `expect(…)` and `.should`.
    private static let matchers: [String: AssertionForm] = [
        "toBe": .equal, "toEqual": .equal, "toStrictEqual": .equal, "equal": .equal, "equals": .equal, "eql": .equal,
        "eq": .equal, "members": .equal, "toHaveValue": .equal, "toHaveText": .equal, "toHaveTextContent": .equal,
        "toHaveURL": .equal, "toHaveCount": .length, "toHaveReturnedWith": .equal, "toBeCloseTo": .near(digits: 2),
        "closeTo": .near(digits: 2), "approximately": .near(digits: 2), "toBeDefined": .something,
        "toBeUndefined": .nothing, "toBeNull": .nothing, "null": .nothing, "undefined": .nothing, "exist": .something,
        "toBeTruthy": .yes(.present), "ok": .yes(.present), "true": .yes(.shape), "false": .no(.exact),
        "toBeFalsy": .no(.present), "toBeNaN": .claims("NaN", .exact), "toContain": .contains(elementFirst: false),
        "toContainEqual": .contains(elementFirst: false), "contain": .contains(elementFirst: false),
        "include": .contains(elementFirst: false), "includes": .contains(elementFirst: false),
        "toContainText": .contains(elementFirst: false), "toMatch": .claims("matches", .shape),
        "match": .claims("matches", .shape), "toMatchObject": .claims("matches", .shape),
        "toBeInstanceOf": .claims("type", .shape), "instanceOf": .claims("type", .shape),
        "instanceof": .claims("type", .shape), "a": .claims("type", .shape), "an": .claims("type", .shape),
        "toBeTypeOf": .claims("type", .shape), "toBeGreaterThan": .compares("gt"), "above": .compares("gt"),
        "toBeGreaterThanOrEqual": .compares("ge"), "least": .compares("ge"), "toBeLessThan": .compares("lt"),
        "below": .compares("lt"), "toBeLessThanOrEqual": .compares("le"), "most": .compares("le"),
        "toHaveLength": .length, "lengthOf": .length, "toHaveProperty": .property, "property": .property,
        "empty": .claims("empty", .exact), "toThrow": .raises, "toThrowError": .raises, "throw": .raises,
        "throws": .raises, "rejectedWith": .raises, "toHaveBeenCalled": .claims("called", .present),
        "toBeCalled": .claims("called", .present), "toHaveBeenCalledTimes": .claims("calls", .exact),
        "toBeCalledTimes": .claims("calls", .exact), "toHaveBeenCalledOnce": .claims("calls", .exact),
        "toHaveBeenCalledWith": .claims("called with", .exact), "toBeCalledWith": .claims("called with", .exact),
        "toHaveBeenLastCalledWith": .claims("called with", .exact),
        "toHaveBeenNthCalledWith": .claims("called with", .exact),
        "toHaveBeenCalledExactlyOnceWith": .claims("called with", .exact),
        "toMatchSnapshot": .claims("snapshot", .exact), "toMatchInlineSnapshot": .claims("snapshot", .exact),
        "toThrowErrorMatchingSnapshot": .claims("raises", .exact), "toHaveScreenshot": .claims("snapshot", .exact),
        "toBeVisible": .claims("visible", .shape), "toBeInTheDocument": .claims("present", .present),
        "toBeAttached": .claims("present", .present), "fulfilled": .raisesNothing,
    ]

    /// Functions of node:assert and of Chai's `assert`.
    private static let functions: [String: AssertionForm] = [
        "equal": .equal, "strictEqual": .equal, "deepEqual": .equal, "deepStrictEqual": .equal, "notEqual": .unequal,
        "notStrictEqual": .unequal, "notDeepEqual": .unequal, "notDeepStrictEqual": .unequal, "ok": .yes(.present),
        "isOk": .yes(.present), "isTrue": .yes(.shape), "isFalse": .no(.exact), "isNull": .nothing,
        "isUndefined": .nothing, "isNotNull": .something, "isDefined": .something, "exists": .something,
        "isNotOk": .no(.present), "match": .claims("matches", .shape), "include": .contains(elementFirst: false),
        "lengthOf": .length, "instanceOf": .claims("type", .shape), "isAbove": .compares("gt"),
        "isBelow": .compares("lt"), "isAtLeast": .compares("ge"), "isAtMost": .compares("le"),
        "closeTo": .near(digits: 2), "throws": .raises, "rejects": .raises, "doesNotThrow": .raisesNothing,
        "doesNotReject": .raisesNothing, "ifError": .claims("no error", .exact), "fail": .fails,
        "property": .property, "strict": .yes(.present),
    ]

    static func all(in masked: MaskedSource) -> [Assertion] {
        let expression = Expression(masked: masked, dialect: .javaScript)
        var found: [Assertion] = []
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard let (claims, end) = claims(at: word, expression) else { continue }
            found += claims.map { $0.placed(word.lowerBound..<end, masked) }
            index = max(index, end)
        }
        return found
    }

    private static let initials = Set("easvcf".utf8)

    private static func claims(at word: Range<Int>, _ expression: Expression) -> ([Assertion], Int)? {
        let masked = expression.masked
        guard initials.contains(masked.code[word.lowerBound]) else { return nil }
        let name = masked.codeText(word)
        let next = masked.skipSpace(word.upperBound)
        switch name {
        case "expect": return expect(word, next, expression)
        case "should" where masked.has(".", at: word.lowerBound - 1):
            let start = masked.lineStart(word.lowerBound)
            return chain([start..<(word.lowerBound - 1)], from: next, awaited: true, expression)
        case "assert": return assert(next, expression)
        default:
            guard OwnAssertion.isNamed(name), masked.has("(", at: next), !masked.isDeclared(word, by: "function "),
                masked.byteBefore(word.lowerBound) != UInt8(ascii: ".") || masked.has("this.", at: word.lowerBound - 5)
            else { return nil }
            let close = min(masked.closing(next), masked.code.count)
            return ([OwnAssertion.claim(name, expression.text((next + 1)..<max(next + 1, close)))], close)
        }
    }

    /// `expect(x).not.toBe(y)`, and `expect.assertions(2)`.
    private static func expect(
        _ word: Range<Int>, _ next: Int, _ expression: Expression
    ) -> ([Assertion], Int)? {
        let masked = expression.masked
        var open = next
        if masked.has(".", at: next), let method = masked.word(from: next) {
            let name = masked.codeText(method)
            if name == "assertions" || name == "hasAssertions" {
                return ([Assertion(relation: "assertions", subject: "it", strength: .present)], method.upperBound)
            }
            guard name == "soft" || name == "poll" else { return nil }
            open = masked.skipSpace(method.upperBound)
        }
        guard masked.has("(", at: open) else { return nil }
        let close = min(masked.closing(open), masked.code.count)
        let subject = expression.split((open + 1)..<max(open + 1, close), at: ",")
        return chain(
            Array(subject.prefix(1)), from: min(close + 1, masked.code.count),
            awaited: isAwaited(word.lowerBound, masked),
            expression)
    }

    /// Whether something waits for the promise that starts at a place.
    private static func isAwaited(_ index: Int, _ masked: MaskedSource) -> Bool {
        guard let last = masked.code[..<index].lastIndex(where: { !MaskedSource.isSpace($0) }) else { return false }
        if "(,[>".utf8.contains(masked.code[last]) { return true }
        return masked.has("await", at: last - 4) || masked.has("return", at: last - 5)
    }

    private static let links: Set<String> = [
        "to", "be", "been", "is", "that", "which", "and", "has", "have", "with", "at", "of", "same", "but", "does",
        "still", "also", "deep", "own", "ordered", "nested", "all", "any", "strictly", "eventually",
    ]

    /// The matchers behind a subject.
    private static func chain(
        _ subject: [Range<Int>], from start: Int, awaited: Bool, _ expression: Expression
    ) -> ([Assertion], Int) {
        let masked = expression.masked
        var claims: [Assertion] = []
        var isNegated = false
        var isPromise = false
        var end = start
        var index = masked.skipSpace(start)
        while masked.has(".", at: index) {
            let name = masked.skipSpace(index + 1)
            let nameEnd = masked.wordEnd(name)
            guard nameEnd > name else { break }
            let matcher = masked.codeText(name..<nameEnd)
            index = masked.skipSpace(nameEnd)
            end = nameEnd
            let isCall = masked.has("(", at: index)
            if matcher == "not" { isNegated.toggle() }
            if matcher == "resolves" || matcher == "rejects" || matcher == "eventually" { isPromise = true }
            if isCall {
                end = min(masked.closing(index), masked.code.count)
                let arguments = expression.split((index + 1)..<max(index + 1, end), at: ",")
                if matcher == "catch" || matcher == "then" { break }
                let form = matchers[matcher] ?? .claims(matcher, .exact)
                claims += claim(form, isNegated, subject, arguments, expression)
                index = masked.skipSpace(min(end + 1, masked.code.count))
            } else if !links.contains(matcher), let form = matchers[matcher], isChai(form) {
                claims += claim(form, isNegated, subject, [], expression)
            }
        }
        if claims.isEmpty {
            let text = subject.first.map(expression.text) ?? ""
            return ([Assertion(relation: "none", subject: text, strength: .vacuous, flaw: "it has no matcher")], end)
        }
        if isPromise, !awaited {
            claims = claims.map { claim in
                var claim = claim
                claim.strength = .vacuous
                claim.flaw = "nothing awaits it"
                return claim
            }
        }
        return (claims, end)
    }

    /// Whether a matcher claims something without being called.
    private static func isChai(_ form: AssertionForm) -> Bool {
        switch form {
        case .yes, .no, .nothing, .something, .raisesNothing, .raises: true
        case .claims(let relation, _): relation == "empty"
        case .equal, .unequal, .contains, .compares, .near, .length, .property, .fails, .ignored: false
        }
    }

    private static func claim(
        _ form: AssertionForm, _ isNegated: Bool, _ subject: [Range<Int>], _ arguments: [Range<Int>],
        _ expression: Expression
    ) -> [Assertion] {
        let form = isNegated ? form.negated : form
        if case .raises = form {
            // The subject is the code that throws.
            return [AssertionForm.raising(arguments.map { expression.argument($0) })]
        }
        if case .equal = form {
            switch arguments.first.map(expression.text) {
            case "true": return AssertionForm.yes(.shape).assertions(subject, in: expression)
            case "false": return AssertionForm.no(.exact).assertions(subject, in: expression)
            case "null", "undefined": return AssertionForm.nothing.assertions(subject, in: expression)
            default: break
            }
        }
        return form.assertions(subject + arguments, in: expression)
    }

    /// `assert(x)` and `assert.equal(x, y)`.
    private static func assert(_ next: Int, _ expression: Expression) -> ([Assertion], Int)? {
        let masked = expression.masked
        var form = AssertionForm.yes(.present)
        var open = next
        while masked.has(".", at: open), let word = masked.word(from: open) {
            form = functions[masked.codeText(word)] ?? .claims(masked.codeText(word), .exact)
            open = masked.skipSpace(word.upperBound)
        }
        guard masked.has("(", at: open) else { return nil }
        let close = min(masked.closing(open), masked.code.count)
        var arguments = expression.split((open + 1)..<max(open + 1, close), at: ",")
        if case .raises = form {
            arguments.removeFirst(min(1, arguments.count))
            return ([AssertionForm.raising(arguments.map { expression.argument($0) })], close)
        }
        if case .yes = form { arguments = Array(arguments.prefix(1)) }
        return (form.assertions(arguments, in: expression), close)
    }
}
