import CGit2
import FactoryFiles

extension Repository {
    /// Whether the history is cut off: a shallow clone has no reliable merge base.
    package var isShallow: Bool { git_repository_is_shallow(handle) == 1 }

    /// Whether objects are fetched only when needed, which libgit2 cannot do.
    package var isPartial: Bool {
        Self.settings(of: path).contains {
            $0.key == "extensions.partialclone" || ($0.key.hasPrefix("remote.") && $0.key.hasSuffix(".promisor"))
        }
    }

    /// Why libgit2 would not open it, in words that tell what to do.
    static func openingError(_ code: Int32, _ path: String) -> GitError {
        let error = GitError.last(code, "open the repository \(path)")
        if case .notFound = error { return .notFound("a git repository at \(path)") }
        let settings = settings(of: Files.isDirectory(path + "/.git") ? path + "/.git" : path)
        for (key, value) in settings {
            if let refusal = refusal(of: key, value.lowercased(), path) { return refusal }
        }
        return error
    }

    private static func refusal(of key: String, _ value: String, _ path: String) -> GitError? {
        switch (key, value) {
        case ("extensions.worktreeconfig", _) where value != "false":
            .unsupported(
                "\(path) with a configuration per worktree",
                advice: "move the settings of `git config --worktree --list` into the common configuration, then run "
                    + "`git -C \(path) config --unset extensions.worktreeConfig`; or use a clone without it")
        case ("extensions.refstorage", let format) where format != "files":
            .unsupported(
                "\(path) with refs stored as \(format)",
                advice: "run `git -C \(path) refs migrate --ref-format=files`, or use a clone made with "
                    + "`git clone --ref-format=files`")
        case ("extensions.objectformat", let format) where format != "sha1":
            .unsupported(
                "\(path) with \(format) object ids",
                advice: "git cannot convert a repository in place: use one that was made with "
                    + "`git init --object-format=sha1`")
        case ("extensions.partialclone", _):
            .unsupported(
                "the partial clone \(path)",
                advice: "use a clone that was made without --filter")
        default: nil
        }
    }

    /// The settings of a repository's own file, keys in lower case but for the middle part.
    private static func settings(of path: String) -> [(key: String, value: String)] {
        var configuration: OpaquePointer?
        guard git_config_open_ondisk(&configuration, path + "/config") == 0 else { return [] }
        defer { git_config_free(configuration) }
        var iterator: OpaquePointer?
        guard git_config_iterator_new(&iterator, configuration) == 0 else { return [] }
        defer { git_config_iterator_free(iterator) }
        var found: [(key: String, value: String)] = []
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0, let setting = entry?.pointee {
            let value = setting.value.map { String(cString: $0) } ?? "true"
            found.append((String(cString: setting.name), value))
        }
        return found
    }
}
