package import FactoryCore

/// A holdout that is to be added.
package struct HoldoutDraft: Sendable {
    /// A file of it.
    package struct File: Sendable {
        /// Relative to the holdout's directory.
        package var path: RepoPath
        package var bytes: [UInt8]
        package var isExecutable: Bool

        package init(path: RepoPath, bytes: [UInt8], isExecutable: Bool) {
            self.path = path
            self.bytes = bytes
            self.isExecutable = isExecutable
        }
    }
    package var order: HoldoutOrder
    package var files: [File]

    package init(_ order: HoldoutOrder, files: [File]) {
        self.order = order
        self.files = files
    }
}

/// The tree of an entry: `next` holds the next free number, `H1/order.json` the command of the holdout H1, and
/// `H1/files` its files.
extension GitStore: HoldoutBook {
    private static let next = RepoPath("next")

    package func holdouts(of number: PRNumber) throws -> HoldoutSet {
        guard let id = try journal.repository.resolve(JournalStore.holdoutRef(number)) else { return HoldoutSet() }
        return try holdouts(at: id)
    }

    /// The specs that have or had holdouts.
    package func numbersWithHoldouts() throws -> [PRNumber] {
        let prefix = JournalStore.holdoutPrefix
        return try journal.repository.references(prefix: prefix).compactMap {
            Int($0.name.dropFirst(prefix.count)).map { PRNumber($0) }
        }.sorted()
    }

    package func holdouts(at entry: CommitID) throws -> HoldoutSet {
        let store = journal.repository
        let found = try store.entries(of: store.tree(of: entry)).filter(\.isDirectory).map { try holdout($0) }
        return HoldoutSet(id: entry, holdouts: found.sorted { ($0.id.utf8.count, $0.id) < ($1.id.utf8.count, $1.id) })
    }

    private func holdout(_ entry: TreeEntry) throws -> Holdout {
        let store = journal.repository
        let id = String(decoding: entry.name, as: UTF8.self)
        guard let file = try store.entry(at: RepoPath("order.json"), in: entry.tree) else {
            throw GitError.notFound("the command of the holdout \(id)")
        }
        let order = try HoldoutOrder(json: JSON(parsing: store.read(file.blob, limit: 1 << 20)))
        let files = try store.entry(at: RepoPath("files"), in: entry.tree)
        var holdout = Holdout(id: id, run: order.run, timeout: order.timeout, hash: entry.tree)
        if let files { holdout.files = try paths(of: files.tree, below: RepoPath("")).sorted() }
        return holdout
    }

    private func paths(of tree: TreeID, below directory: RepoPath) throws -> [RepoPath] {
        try journal.repository.entries(of: tree).flatMap { entry in
            let path = directory.appending(entry.name)
            return entry.isDirectory ? try paths(of: entry.tree, below: path) : [path]
        }
    }

    /// Writes the files of a holdout into a directory, which exists.
    package func export(_ holdout: Holdout, to directory: String) throws {
        guard let files = try journal.repository.entry(at: RepoPath("files"), in: holdout.hash) else { return }
        try export(files.tree, of: journal.repository, to: directory)
    }

    /// Adds a holdout to a spec, submitted or not, and gives it. Throws `JournalConflict` when the pull request has ended
    /// or somebody else has changed its holdouts meanwhile.
    package func add(
        _ draft: HoldoutDraft, to number: PRNumber, by person: Person, at time: Timestamp
    ) throws -> Holdout {
        let store = journal.repository
        let before = try holdouts(of: number)
        let tree = try before.id.map { try store.tree(of: $0) } ?? TreeID.empty
        let free = try nextNumber(in: tree)
        let id = "H\(free)"
        var edits: [(RepoPath, TreeEdit)] = [
            (RepoPath("\(id)/order.json"), .set(.file, try store.write(blob: draft.order.json.bytes()))),
            (Self.next, .set(.file, try store.write(blob: Array("\(free + 1)\n".utf8)))),
        ]
        for file in draft.files {
            let mode: FileVersion.Mode = file.isExecutable ? .executable : .file
            let path = RepoPath(bytes: Array("\(id)/files/".utf8) + file.path.bytes)
            edits.append((path, .set(mode, try store.write(blob: file.bytes))))
        }
        let commit = try move(
            number, from: before.id, to: store.updating(tree, edits), "Add holdout \(id)", person, time)
        guard let added = try holdouts(at: commit).holdouts.first(where: { $0.id == id }) else {
            throw GitError.notFound("the holdout \(id)")
        }
        return added
    }

    /// Takes a holdout out of force. Throws as for adding, and `GitError.notFound` when there is none of that id.
    package func remove(holdout id: String, of number: PRNumber, by person: Person, at time: Timestamp) throws {
        let before = try holdouts(of: number)
        guard let entry = before.id, before.holdouts.contains(where: { $0.id == id }) else {
            throw GitError.notFound("the holdout \(id) of \(number)")
        }
        let store = journal.repository
        let tree = try store.updating(store.tree(of: entry), [(RepoPath(id), .remove)])
        _ = try move(number, from: entry, to: tree, "Remove holdout \(id)", person, time)
    }

    private func nextNumber(in tree: TreeID) throws -> Int {
        guard let entry = try journal.repository.entry(at: Self.next, in: tree) else { return 1 }
        let text = String(decoding: try journal.repository.read(entry.blob, limit: 100), as: UTF8.self)
        guard let number = Int(text.prefix { $0.isNumber }) else {
            throw GitError.notFound("the next free number of a holdout")
        }
        return number
    }

    private func move(
        _ number: PRNumber, from expected: CommitID?, to tree: TreeID, _ what: String, _ person: Person,
        _ time: Timestamp
    ) throws -> CommitID {
        let author = Signature(name: person.name, email: person.email, when: time)
        let commit = try journal.repository.commit(
            CommitDraft(
                tree: tree, parents: expected.map { [$0] } ?? [], author: author, committer: author,
                message: "\(what) of \(number)\n"))
        do {
            try clearingLeftovers {
                try journal.moveHoldouts(of: number, from: expected, to: commit) {
                    if try tip(of: number)?.pr.state.isFinal == true { throw JournalConflict(number: number) }
                }
            }
        } catch GitError.lostSwap {
            throw JournalConflict(number: number)
        }
        effect("holdout", number.value)
        return commit
    }
}
