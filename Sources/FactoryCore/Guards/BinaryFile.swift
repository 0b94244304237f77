/// Trips on new or changed content that no reviewer can read: a zero byte makes it binary.
///
/// Moving a file is no new content.
package struct BinaryFile: Guard {
    package let id = "binary-file"
    package let summary = "new or changed binary content"

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        let known = change.replacedBlobs
        return change.files.compactMap { file in
            guard let after = file.newContent, !known.contains(after.blob), after.isBinary else { return nil }
            let verb = file.before == nil ? "new" : "changed"
            return Violation(
                rule: id, message: "\(file.path) is \(verb) binary content of \(after.size) bytes", path: file.path)
        }
    }
}
