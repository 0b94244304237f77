import CGit2
import FactoryFiles

/// A person's own repository, looked at without opening it: it may use what libgit2 cannot open.
package struct Clone: Hashable, Sendable {
    /// Where refs and configuration are; for a linked worktree that of the main one.
    package let gitDirectory: String

    /// Looks for a repository from a directory upwards; nil when there is none.
    package static func find(from directory: String) -> Clone? {
        var directory = directory
        while true {
            if let found = gitDirectory(at: Paths.join(directory, ".git")) { return Clone(gitDirectory: found) }
            let parent = Paths.parent(of: directory)
            if parent == directory || parent == "." { return nil }
            directory = parent
        }
    }

    private static func gitDirectory(at path: String) -> String? {
        if Files.isDirectory(path) { return Files.exists(path + "/HEAD") ? path : nil }
        guard let text = try? Files.text(path, limit: 4096), text.hasPrefix("gitdir: ") else { return nil }
        let target = text.dropFirst(8).split(separator: "\n").first.map(String.init) ?? ""
        let linked = Paths.join(Paths.parent(of: path), target)
        guard let common = try? Files.text(linked + "/commondir", limit: 4096) else { return linked }
        let shared = common.split(separator: "\n").first.map(String.init) ?? ""
        return try? Paths.resolve(Paths.join(linked, shared))
    }

    /// A value of the repository's own configuration, such as `remote.factory.url`; nil when it is not set.
    package func value(of key: String) throws(GitError) -> String? {
        GitLibrary.ready
        var configuration: OpaquePointer?
        try check(
            git_config_open_ondisk(&configuration, gitDirectory + "/config"), "read \(gitDirectory)/config")
        defer { git_config_free(configuration) }
        var buffer = git_buf()
        let code = git_config_get_string_buf(&buffer, configuration, key)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "read \(key)")
        defer { git_buf_dispose(&buffer) }
        return buffer.ptr.map { String(cString: $0) }
    }
}
