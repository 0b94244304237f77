import FactoryCore

/// The context of all guard tests: spec 7, no protected globs, the default limits.
let context = GuardContext(specPath: RepoPath("specs/0007-login.md"), planPath: RepoPath("specs/0007-login.plan.md"))

/// A version of a file; equal bytes have equal blob ids.
func version(_ content: [UInt8], mode: FileVersion.Mode = .file) -> FileVersion {
    let hash = content.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    let blob = BlobID(String(repeating: "0", count: 24) + String(hash | 1 << 63, radix: 16))
    return FileVersion(mode: mode, blob: blob, size: content.count, content: content)
}

/// One file's change by its text before and after; nil: there was or is none.
func file(
    _ path: String, _ before: String?, _ after: String?, mode: FileVersion.Mode = .file
) -> FileChange {
    FileChange(
        path: RepoPath(path), before: before.map { version(Array($0.utf8), mode: mode) },
        after: after.map { version(Array($0.utf8), mode: mode) })
}

/// A change of these files, sorted as a reader of trees would.
func change(_ files: FileChange...) -> Change { Change(files: files.sorted { $0.path < $1.path }) }

extension Guard {
    /// The objections in the context of all tests.
    func objections(to files: FileChange..., in context: GuardContext = context) -> [Violation] {
        judge(Change(files: files.sorted { $0.path < $1.path }), in: context)
    }
}
