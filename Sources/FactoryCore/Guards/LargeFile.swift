/// Trips on new files above the limit, and on content that was too large to be loaded and so was judged by no guard.
package struct LargeFile: Guard {
    package let id = "large-file"
    package let summary = "a new file above `bytes`, or one too large to be looked at"
    package let judgesSnapshot = true

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        let known = change.replacedBlobs
        return change.files.compactMap { file in
            guard let after = file.newContent, !known.contains(after.blob) else { return nil }
            if file.before == nil, after.size > context.largeFile {
                return violation(file.path, "has \(after.size) bytes, the limit is \(context.largeFile)")
            }
            return after.content == nil
                ? violation(file.path, "has \(after.size) bytes, too many to be looked at by the other guards") : nil
        }
    }

    private func violation(_ path: RepoPath, _ problem: String) -> Violation {
        Violation(rule: id, message: "\(path) \(problem)", path: path)
    }
}
