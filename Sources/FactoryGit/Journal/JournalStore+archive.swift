import CGit2
package import FactoryCore

// Closed journals are folded into one ref, because every push receives the name of every ref and every listing reads
// them. The archive is a chain of commits; its tree holds the pages, its parents are the archive before and the tips
// that were folded, which so stay alive.

extension JournalStore {
    /// The ref of the archive.
    package static let archiveRef = "refs/factory/archive"

    /// Folds closed journals into the archive, each with a summary, and removes their refs.
    ///
    /// The archive is written first. A crash in between leaves both, which every reader takes well, and the next call
    /// removes what is left. A PR without a ref is passed over, one that is appended to meanwhile keeps its ref.
    package func archive(_ closed: [PRNumber: [UInt8]], at time: Timestamp) throws(GitError) {
        for batch in Self.batches(closed.keys.sorted()) {
            var folded: [ArchivedPR] = []
            for number in batch {
                guard let tip = try repository.resolve(Self.ref(number)) else { continue }
                folded.append(ArchivedPR(number: number, tip: tip, summary: closed[number] ?? []))
            }
            try fold(folded, at: time)
            try repository.remove(folded.map { Ref(name: Self.ref($0.number), target: $0.tip) })
        }
    }

    /// A commit with all of 10,000 tips as parents would be hard on every tool.
    private static func batches(_ numbers: [PRNumber]) -> [ArraySlice<PRNumber>] {
        stride(from: 0, to: numbers.count, by: 250).map { numbers[$0..<min($0 + 250, numbers.count)] }
    }

    private func fold(_ closed: [ArchivedPR], at time: Timestamp) throws(GitError) {
        guard !closed.isEmpty else { return }
        while true {
            let before = try repository.resolve(Self.archiveRef)
            let parent = if let before { before } else { try emptyArchive(at: time) }
            let commit = try archiveCommit(closed, after: parent, at: time)
            do throws(GitError) {
                return try repository.move(Self.archiveRef, from: before, to: commit)
            } catch {
                guard case .lostSwap = error else { throw error }
            }
        }
    }

    /// Where the chain of archives begins, so that it never runs into the journal of a PR.
    private func emptyArchive(at time: Timestamp) throws(GitError) -> CommitID {
        try write("Begin the archive\n", .empty, parents: [], at: time)
    }

    private func archiveCommit(
        _ closed: [ArchivedPR], after before: CommitID, at time: Timestamp
    ) throws(GitError) -> CommitID {
        var edits: [(RepoPath, TreeEdit)] = []
        let tree = try repository.tree(of: before)
        for (index, entries) in Dictionary(grouping: closed, by: { ArchivePage.index(of: $0.number) }) {
            var page = try page(index, in: tree) ?? ArchivePage()
            for entry in entries { page.set(entry) }
            edits.append((ArchivePage.path(index), .set(.file, try repository.write(blob: page.encoded))))
        }
        return try write(
            "Archive \(closed.count) closed pull requests\n", try repository.updating(tree, edits),
            parents: [before] + closed.map(\.tip), at: time)
    }

    private func write(
        _ message: String, _ tree: TreeID, parents: [CommitID], at time: Timestamp
    ) throws(GitError) -> CommitID {
        let identity = Signature(name: "Factory", email: "factory@localhost", when: time)
        return try repository.commit(
            CommitDraft(tree: tree, parents: parents, author: identity, committer: identity, message: message))
    }

    /// The closed PR of that number in the archive; nil when it is not there.
    package func archived(_ number: PRNumber) throws(GitError) -> ArchivedPR? {
        guard let archive = try repository.resolve(Self.archiveRef) else { return nil }
        return try page(ArchivePage.index(of: number), of: archive)?.entries[number.value]
    }

    /// The archived PRs with the highest numbers, highest first; all of them by default.
    package func newestArchived(_ limit: Int = .max) throws(GitError) -> [ArchivedPR] {
        guard let archive = try repository.resolve(Self.archiveRef) else { return [] }
        var found: [ArchivedPR] = []
        for index in try pageIndices(of: archive) where found.count < limit {
            let entries = try page(index, of: archive)?.entries.values.sorted { $0.number > $1.number } ?? []
            found += entries.prefix(limit - found.count)
        }
        return found
    }

    /// Highest first.
    private func pageIndices(of archive: CommitID) throws(GitError) -> [Int] {
        var indices: [Int] = []
        for directory in try repository.entries(of: repository.tree(of: archive)) {
            guard let high = Self.number(directory.name), directory.isDirectory else { continue }
            for page in try repository.entries(of: directory.tree) {
                if let low = Self.number(page.name) { indices.append(high * 100 + low) }
            }
        }
        return indices.sorted(by: >)
    }

    private static func number(_ name: [UInt8]) -> Int? { Int(String(decoding: name, as: UTF8.self)) }

    private func page(_ index: Int, of archive: CommitID) throws(GitError) -> ArchivePage? {
        if let pages, pages.archive == archive, let page = pages.byNumber[index] { return page }
        guard let page = try page(index, in: repository.tree(of: archive)) else { return nil }
        if pages?.archive != archive { pages = (archive, [:]) }
        pages?.byNumber[index] = page
        return page
    }

    private func page(_ index: Int, in tree: TreeID) throws(GitError) -> ArchivePage? {
        guard let entry = try repository.entry(at: ArchivePage.path(index), in: tree) else { return nil }
        guard let page = ArchivePage(try repository.read(entry.blob, limit: 256 << 20)) else {
            throw GitError.failed("read the archive \(Self.archiveRef)", "its page \(index) is damaged")
        }
        return page
    }
}
