/// Trips when a file that stays becomes executable, a link, or regular again.
///
/// What is new may be executable, and where a link leads is `EscapingSymlink`'s.
package struct ModeChange: Guard {
    package let id = "mode-change"
    package let summary = "a file that becomes executable, a link, or a regular file again"

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        change.files.compactMap { file in
            guard let before = file.before?.mode, let after = file.after?.mode, before != after,
                before != .submodule, after != .submodule
            else { return nil }
            let message = "\(file.path) becomes \(after.phrase); it was \(before.phrase)"
            return Violation(rule: id, message: message, path: file.path)
        }
    }
}

/// Trips on submodules that go away. Those that come or move are `UnsupportedContent`'s, which always parks.
package struct Submodule: Guard {
    package let id = "submodule"
    package let summary = "a submodule that is removed or replaced"

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        change.files.compactMap { file in
            guard file.before?.mode == .submodule, file.after?.mode != .submodule else { return nil }
            let what = file.after.map { "replaced by \($0.mode.phrase)" } ?? "removed"
            return Violation(rule: id, message: "the submodule \(file.path) is \(what)", path: file.path)
        }
    }
}

extension FileVersion.Mode {
    /// With its article, for people.
    fileprivate var phrase: String {
        switch self {
        case .file: "a regular file"
        case .executable: "an executable file"
        case .symlink: "a symbolic link"
        case .submodule: "a submodule"
        }
    }
}
