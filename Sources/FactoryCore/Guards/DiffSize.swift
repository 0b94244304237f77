/// Trips when a change is larger than a person would review well.
///
/// The spec and its plan do not count.
package struct DiffSize: Guard {
    package let id = "diff-size"
    package let summary = "more lines or files than `limits:` says; spec and plan do not count"

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        let files = change.files.filter { $0.path != context.specPath && $0.path != context.planPath }
        let lines = files.reduce(0) { $0 + Self.lines(of: $1) }
        return objection("files", files.count, context.limits.diffFiles)
            + objection("added and removed lines", lines, context.limits.diffLines)
    }

    /// Added and removed lines of one file; 0 for binary content and content that was not loaded.
    package static func lines(of file: FileChange) -> Int {
        guard file.before?.isBinary != true, file.after?.isBinary != true, file.before?.blob != file.after?.blob else {
            return 0
        }
        return LineDistance.between(file.before?.content ?? [], file.after?.content ?? [])
    }

    private func objection(_ what: String, _ count: Int, _ limit: Int) -> [Violation] {
        guard count > limit else { return [] }
        return [Violation(rule: id, message: "the change has \(count) \(what), the limit is \(limit)")]
    }
}
