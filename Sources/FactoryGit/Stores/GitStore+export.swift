package import FactoryCore
import FactoryFiles

extension GitStore {
    /// Writes the files of a tree into a directory, which exists. Links and submodules are left out.
    package func export(_ tree: TreeID, to directory: String) throws { try export(tree, of: hub, to: directory) }

    func export(_ tree: TreeID, of store: Repository, to directory: String) throws {
        for entry in try store.entries(of: tree) {
            guard let name = String(validating: entry.name, as: UTF8.self) else { continue }
            let path = Paths.join(directory, name)
            if entry.isDirectory {
                try Files.makeDirectory(path)
                try export(entry.tree, of: store, to: path)
            } else {
                try export(entry, of: store, to: path)
            }
        }
    }

    /// Writes one file of a tree into a directory, under its own name.
    package func export(_ path: RepoPath, of tree: TreeID, to directory: String) throws {
        guard let entry = try hub.entry(at: path, in: tree) else { throw GitError.notFound("\(path)") }
        try export(entry, of: hub, to: Paths.join(directory, path.name))
    }

    private func export(_ entry: TreeEntry, of store: Repository, to path: String) throws {
        guard let mode = FileVersion.Mode(rawValue: entry.mode), mode == .file || mode == .executable else { return }
        let bytes = try store.read(entry.blob, limit: 64 << 20)
        try Files.write(bytes, to: path, mode: mode == .executable ? 0o555 : 0o444)
    }
}
