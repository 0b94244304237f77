import FactoryCore

/// The ignore rules that hold in one directory: its own `.gitignore` and those above it. Nothing is read before an
/// untracked name asks.
final class IgnoreScope {
    private let directory: OpenDirectory
    private let parent: IgnoreScope?
    /// The longest `.gitignore` that is obeyed, in bytes.
    private static let limit = 1 << 20

    init(_ directory: OpenDirectory, within parent: IgnoreScope?) {
        self.directory = directory
        self.parent = parent
    }

    private lazy var rules: IgnoreRules? =
        (try? directory.readFile(EntryName(".gitignore"), limit: Self.limit)).map { IgnoreRules($0.bytes) }

    /// Below an ignored directory everything is ignored, whatever other rules say.
    private lazy var isIgnored: Bool = parent?.ignores(directory.path, isDirectory: true) ?? false

    /// Whether git would ignore an untracked path in this directory.
    func ignores(_ path: RepoPath, isDirectory: Bool) -> Bool {
        if isIgnored { return true }
        var scope: IgnoreScope? = self
        while let here = scope {
            let depth = here.directory.path.bytes.isEmpty ? 0 : here.directory.path.bytes.count + 1
            if let verdict = here.rules?.verdict(on: path.bytes[depth...], isDirectory: isDirectory) { return verdict }
            scope = here.parent
        }
        return false
    }
}
