/// Trips on product code that says of itself that it is not done.
///
/// What stood there before may stay, also in another place or file.
package struct Stub: Guard {
    package let id = "stub"
    package let summary = """
        added product code that is not done: marks of work to do, "not implemented", "rest of the code unchanged", Python \
        functions that only pass
        """

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        var before: [String: Int] = [:]
        var after: [(path: RepoPath, mark: StubMark)] = []
        for file in change.files where file.before?.blob != file.after?.blob {
            guard let language = StubLanguage(file.path), !FileKind.isTest(file.path), !FileKind.isForeign(file.path)
            else { continue }
            for mark in language.marks(in: file.before?.content ?? []) { before[mark.text, default: 0] += 1 }
            after += language.marks(in: file.after?.content ?? []).map { (file.path, $0) }
        }
        return after.compactMap { path, mark in
            if let count = before[mark.text], count > 0 {
                before[mark.text] = count - 1
                return nil
            }
            return Violation(
                rule: id, message: "\(path) is not done: \(mark.what)", path: path, line: mark.line)
        }
    }
}

/// One place that says that work is left.
struct StubMark: Hashable {
    /// As people know it.
    var what: String
    /// The whole line, trimmed: a mark is the same mark when it moves.
    var text: String
    /// From 1.
    var line: Int
}
