/// What a PR would do to the main branch: every path that differs between two trees, with content on both sides.
package struct Change: Sendable {
    /// Sorted by path.
    ///
    /// A rename is a deletion and an addition.
    package var files: [FileChange]

    package init(files: [FileChange]) { self.files = files }

    package var paths: [RepoPath] { files.map(\.path) }

    /// The contents that the change replaces or removes.
    ///
    /// What stands among them is not new, but moved.
    package var replacedBlobs: Set<BlobID> { Set(files.compactMap { $0.before?.blob }) }
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

    /// The file after the change, if it is regular and its bytes are not those from before.
    ///
    /// A new mode alone is none.
    package var newContent: FileVersion? {
        guard let after, after.isRegular, before?.blob != after.blob || before?.isRegular != true else { return nil }
        return after
    }
}

/// A file at one side of a change.
package struct FileVersion: Sendable {
    /// What git makes of a path.
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

    /// Regular content, not a link and not a submodule.
    package var isRegular: Bool { mode == .file || mode == .executable }

    /// Whether a zero byte stands in the content; false for content that was not loaded.
    package var isBinary: Bool { content?.contains(0) ?? false }

    /// The lines, without their ends (LF or CRLF); nil for binary content and content that was not loaded.
    package var lines: [Substring]? {
        guard let content, !isBinary else { return nil }
        var lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { line in
            let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            return Substring(String(decoding: text, as: UTF8.self))
        }
    }
}
