/// What a spec allows beyond the usual: the objections of one rule, all or those about one thing.
package struct Allowance: Hashable, Sendable, CustomStringConvertible {
    package let rule: String
    /// Of what: paths, or names such as that of a dependency. Nil: whatever the rule objects to.
    package let pattern: Glob?
    /// The one test that is meant, at that path; nil: all that is there.
    package let test: String?

    package init(rule: String, pattern: Glob? = nil, test: String? = nil) {
        self.rule = rule
        self.pattern = pattern
        self.test = test
    }

    /// Reads `deleted-test` or `deleted-test:Tests/OldTests.swift`. Throws when there is no such rule, or when no spec
    /// may allow what it objects to.
    package init(_ text: String) throws(AllowanceError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.trimming(while: \.isWhitespace) }
        let id = String(parts[0])
        guard let rule = Guards.rule(id) else { throw .unknown(id) }
        guard rule.isAllowable else { throw .forbidden(id) }
        if parts.count == 2, parts[1].isEmpty { throw .empty(id) }
        let (path, test) = parts.count == 2 ? Leave.parts(of: String(parts[1])) : ("", nil)
        self.init(rule: id, pattern: parts.count == 2 ? Glob(path) : nil, test: test)
    }

    /// As a spec says it.
    package var description: String { pattern.map { "\(rule):\($0)" + (test.map { "::\($0)" } ?? "") } ?? rule }

    /// Whether it is meant for an objection. One about no path and no name is allowed only with the whole rule.
    package func covers(_ violation: Violation) -> Bool {
        guard violation.rule == rule else { return false }
        guard let pattern else { return true }
        if let test, !(violation.subject.map { Leave.isMeant($0, by: test) } ?? false) { return false }
        return violation.path.map(pattern.matches) == true
            || violation.subject.map { pattern.matches(RepoPath($0)) } == true
    }
}

/// What is wrong with an entry of `allows`.
package enum AllowanceError: Error, Hashable {
    case unknown(String)
    /// The rule is there, and no spec may allow what it objects to.
    case forbidden(String)
    /// Nothing stands behind the colon.
    case empty(String)
}

extension Substring {
    fileprivate func trimming(while predicate: (Character) -> Bool) -> Substring {
        var rest = drop(while: predicate)
        while let last = rest.last, predicate(last) { rest.removeLast() }
        return rest
    }
}
