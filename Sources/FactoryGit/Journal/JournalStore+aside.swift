import CGit2
package import FactoryCore

extension JournalStore {
    /// Where the artifacts of entries are kept that have none in them: one directory an entry, by its id.
    private static let asideRef = "refs/factory/aside"

    /// Keeps files beside an entry. None cost nothing.
    package func keepAside(
        _ artifacts: [(name: String, bytes: [UInt8])], of entry: CommitID, _ time: Timestamp
    ) throws(GitError) {
        guard !artifacts.isEmpty else { return }
        var edits: [(RepoPath, TreeEdit)] = []
        for (name, bytes) in artifacts {
            edits.append((RepoPath("\(entry.hex)/\(name)"), .set(.file, try repository.write(blob: bytes))))
        }
        let line = Signature(name: "Factory", email: "factory@localhost", when: time)
        while true {
            let before = try repository.resolve(Self.asideRef)
            let tree = try repository.updating(
                before.map { id throws(GitError) in try repository.tree(of: id) } ?? .empty, edits)
            let kept = try repository.commit(
                CommitDraft(
                    tree: tree, parents: before.map { [$0] } ?? [], author: line, committer: line,
                    message: "Keep artifacts of \(entry.short)\n"))
            do throws(GitError) { return try repository.move(Self.asideRef, from: before, to: kept) } catch .lostSwap {}
        }
    }

    /// A file that is kept beside an entry; nil when there is none of that name.
    package func asideArtifact(
        _ name: String, of entry: CommitID, limit: Int = 64 << 20
    ) throws(GitError) -> [UInt8]? {
        guard let kept = try repository.resolve(Self.asideRef),
            let file = try repository.entry(at: RepoPath("\(entry.hex)/\(name)"), in: repository.tree(of: kept))
        else { return nil }
        return try repository.read(file.blob, limit: limit)
    }
}
