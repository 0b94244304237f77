/// What a spec allows its change beyond the usual: the `allows:` of its front matter, entries `rule` or `rule:pattern`.
///
/// A bare rule is allowed everywhere. A pattern names paths as `Glob` does; behind `::` it may name one test of them.
package struct Leave: Hashable, Sendable {
    private struct Entry: Hashable {
        var rule: String
        /// Nil: everywhere.
        var path: Glob?
        /// Nil: every test.
        var test: String?
    }
    private let entries: [Entry]

    /// Allows nothing.
    package static let none = Leave([])

    package init(_ allows: [String]) {
        entries = allows.map { text in
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return Entry(rule: text) }
            let names = Self.parts(of: String(parts[1]))
            return Entry(rule: String(parts[0]), path: Glob(names.path), test: names.test)
        }
    }

    /// Whether a rule may be broken at a path, by the test of that name where one is named.
    package func covers(_ rule: String, at path: RepoPath, test: String? = nil) -> Bool {
        entries.contains { entry in
            guard entry.rule == rule, entry.path?.matches(path) ?? true else { return false }
            guard let wanted = entry.test else { return true }
            return test.map { Self.isMeant($0, by: wanted) } ?? false
        }
    }

    /// Whether a rule may be broken at a path in any way, be it by one test alone.
    package func mentions(_ rule: String, at path: RepoPath) -> Bool {
        entries.contains { $0.rule == rule && $0.path?.matches(path) ?? true }
    }

    /// A test is named alone or, as runners do, behind its class.
    static func isMeant(_ test: String, by wanted: String) -> Bool {
        let plain = wanted.split(separator: ":").last.map(String.init) ?? wanted
        return test == wanted || test == plain || Glob(plain).matches(RepoPath(test))
    }

    /// What stands before and behind the first `::`.
    static func parts(of pattern: String) -> (path: String, test: String?) {
        let bytes = Array(pattern.utf8)
        let colon = UInt8(ascii: ":")
        guard let place = bytes.indices.dropLast().first(where: { bytes[$0] == colon && bytes[$0 + 1] == colon })
        else { return (pattern, nil) }
        let (path, test) = (bytes[..<place], bytes[(place + 2)...])
        return (String(decoding: path, as: UTF8.self), String(decoding: test, as: UTF8.self))
    }
}
