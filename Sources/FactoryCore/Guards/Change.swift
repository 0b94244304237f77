/// What a PR would do to the main branch: every path that differs between two trees, with content on both sides.
package struct Change: Sendable {
    /// Sorted by path. A rename is a deletion and an addition.
    package var files: [FileChange]

    package init(files: [FileChange]) { self.files = files }

    package var paths: [RepoPath] { files.map(\.path) }
}

/// One path that differs.
package struct FileChange: Sendable {
    package var path: RepoPath
    /// Nil: the path is new.
    package var before: FileVersion?
    /// Nil: the path is gone.
    package var after: FileVersion?

    package init(path: RepoPath, before: FileVersion?, after: FileVersion?) {
        self.path = path
        self.before = before
        self.after = after
    }
}

/// A file at one side of a change.
package struct FileVersion: Sendable {
    package enum Mode: UInt32, Sendable {
        case file = 0o100644
        case executable = 0o100755
        case symlink = 0o120000
        case submodule = 0o160000
    }
    package var mode: Mode
    package var blob: BlobID
    /// In bytes.
    package var size: Int
    /// The bytes, or nil when there are more than the reader was told to load.
    package var content: [UInt8]?

    package init(mode: Mode, blob: BlobID, size: Int, content: [UInt8]?) {
        self.mode = mode
        self.blob = blob
        self.size = size
        self.content = content
    }

    /// The lines, without their ends; nil for binary content (a zero byte) and content that was not loaded.
    package var lines: [Substring]? {
        guard let content, !content.contains(0) else { return nil }
        var text = String(decoding: content, as: UTF8.self)[...]
        if text.last?.isNewline == true { text = text.dropLast() }
        return text.isEmpty ? [] : text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }
}
