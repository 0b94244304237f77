package import FactoryCore

extension GitStore: Hub {
    package func mainTip() throws -> CommitID {
        guard let tip = try hub.resolve(main) else {
            throw GitError.failed(
                "read the hub's main branch",
                "\(mainBranch) is not there; push yours with `git push factory \(mainBranch)`, then `factory verify` "
                    + "says whether all that has landed is on it")
        }
        return tip
    }

    package func tree(of commit: CommitID) throws -> TreeID { try hub.tree(of: commit) }

    package func fingerprint(of path: RepoPath, in tree: TreeID) throws -> String? {
        try hub.entry(at: path, in: tree)?.hex
    }

    package func fingerprint(of content: [UInt8]) throws -> BlobID { try hub.hash(blob: content) }

    package func file(_ path: RepoPath, in tree: TreeID, limit: Int) throws -> [UInt8]? {
        guard let entry = try hub.entry(at: path, in: tree), !entry.isDirectory else { return nil }
        return try hub.read(entry.blob, limit: limit)
    }

    package func content(of blob: BlobID, limit: Int) throws -> [UInt8] { try hub.read(blob, limit: limit) }

    package func names(in directory: RepoPath, of tree: TreeID) throws -> [String] {
        guard let entry = try hub.entry(at: directory, in: tree), entry.isDirectory else { return [] }
        return try hub.entries(of: entry.tree).map { String(decoding: $0.name, as: UTF8.self) }
    }

    package func mergeBase(_ a: CommitID, _ b: CommitID) throws -> CommitID? { try hub.mergeBase(a, b) }

    package func isAncestor(_ commit: CommitID, of descendant: CommitID) throws -> Bool {
        // A commit that another machine has made and not landed may be unknown here.
        try commit == descendant || hub.contains(commit) && hub.isAncestor(commit, of: descendant)
    }

    package func merge(ancestor: TreeID, ours: TreeID, theirs: TreeID) throws -> Merge {
        switch try hub.merge(ancestor: ancestor, ours: ours, theirs: theirs) {
        case .clean(let tree): .clean(tree)
        case .conflict(let paths, let marked): .conflict(paths, marked: marked)
        }
    }

    package func change(from: TreeID, to: TreeID) throws -> Change { try hub.change(from: from, to: to) }

    package func renames(from: TreeID, to: TreeID) throws -> [RepoPath: RepoPath] {
        try hub.renames(from: from, to: to)
    }

    package func outline(from: TreeID, to: TreeID) throws -> Change {
        let files = try hub.differences(from: from, to: to).map { difference in
            let version = { (file: TreeFile) in
                FileVersion(mode: file.kind, blob: file.blob, size: 0, content: nil)
            }
            return FileChange(
                path: difference.path, before: difference.before.map(version), after: difference.after.map(version))
        }
        return Change(files: files)
    }

    package func diff(from: TreeID, to: TreeID, limit: Int) throws -> String {
        try hub.patch(from: from, to: to, limit: limit)
    }

    package func overlaying(_ paths: [RepoPath], from source: TreeID, onto tree: TreeID) throws -> TreeID {
        let edits = try paths.map { path -> (RepoPath, TreeEdit) in
            guard let entry = try hub.entry(at: path, in: source), !entry.isDirectory else { return (path, .remove) }
            return (path, .set(FileVersion.Mode(rawValue: entry.mode) ?? .file, entry.blob))
        }
        return try hub.updating(tree, edits)
    }

    package func putting(_ content: [UInt8], at path: RepoPath, into tree: TreeID) throws -> TreeID {
        try hub.updating(tree, [(path, .set(.file, hub.write(blob: content)))])
    }

    package func commit(_ draft: FactoryCore.CommitDraft) throws -> CommitID {
        try hub.commit(CommitDraft(draft))
    }

    package func identity(of draft: FactoryCore.CommitDraft) throws -> CommitID {
        try hub.hash(commit: CommitDraft(draft))
    }

    package func facts(of commit: CommitID) throws -> CommitFacts {
        let info = try hub.info(commit)
        return CommitFacts(tree: info.tree, parents: info.parents, message: info.text)
    }

    package func mainLine() throws -> [CommitID] {
        var line: [CommitID] = []
        var next: CommitID? = try mainTip()
        while let commit = next {
            line.append(commit)
            next = try hub.info(commit).parents.first
        }
        return line
    }

    package func branch(_ name: String) throws -> CommitID? { try hub.resolve("refs/heads/\(name)") }

    package func project(_ pr: PullRequest, over known: CommitID?) async throws {
        try projectHere(pr, over: known)
        // Read in the same turn: what is followed after that is somebody's push.
        let shown = try followed("refs/heads/\(pr.branch)")
        try await publisher?.show(pr.branch, at: pr.state.isFinal ? nil : pr.head, over: shown)
    }

    private func projectHere(_ pr: PullRequest, over known: CommitID?) throws {
        let (branch, head) = ("refs/heads/\(pr.branch)", "refs/pull/\(pr.number.value)/head")
        let (now, shown) = (try projections.resolve(branch), try projections.resolve(head))
        if let now, now != pr.head, now != shown, now != known { throw ForeignPush(branch: pr.branch, commit: now) }
        // The branch first: until the other follows, it stands where the journal says.
        try move(branch, from: now, to: pr.state.isFinal ? nil : pr.head)
        try move(head, from: shown, to: pr.head)
        effect("projection", pr.number.value)
    }

    private func move(_ ref: String, from now: CommitID?, to commit: CommitID?) throws {
        guard now != commit else { return }
        try clearingLeftovers { try projections.move(ref, from: now, to: commit) }
    }

    package func land(_ tip: Tip, entry: Entry) async throws -> Landing {
        guard let certification = tip.pr.certified else { return .journalMoved }
        let state = try tip.pr.applying(entry)
        if entry.event.heedsStop, try standing().standing.isStopped { return .lineStopped }
        let record = try journal.write(Self.draft(entry, state, []), after: tip.id)
        if let publisher {
            // What is taken back is no matter of holdouts.
            if entry.event.heedsStop,
                try journal.repository.resolve(JournalStore.holdoutRef(tip.pr.number)) != certification.holdouts
            {
                return .holdoutsMoved
            }
            let branch = "refs/heads/\(tip.pr.branch)"
            if entry.event.heedsStop, let pushed = try pushed(branch, tip.pr) { return .branchMoved(pushed) }
            let landing = try PublishedLanding(
                number: tip.pr.number, branch: tip.pr.branch, shown: followed(branch), head: tip.pr.head,
                base: certification.base,
                squash: certification.squash, certificate: certification.id, isRevert: tip.pr.landed != nil,
                certified: tip.id, landed: record)
            switch try await publisher.land(landing) {
            case .landed: return .landed(try follow(landing, state))
            case .mainMoved(let commit): return .mainMoved(commit)
            case .branchMoved(let commit): return .branchMoved(commit)
            case .journalMoved: return .journalMoved
            case .refused(let reason): return .refused(reason)
            case .squashed(let commit):
                effect("main", tip.pr.number.value)
                return try await self.record(commit, certification.id, of: tip, at: entry.at)
            case .unrecognised(let difference): return .unrecognised(difference)
            }
        }
        return try landHere(tip, entry, certification, state, record)
    }

    /// What a branch holds that the line has not put there.
    private func pushed(_ branch: String, _ pr: PullRequest) throws -> CommitID? {
        let shown = try projections.resolve("refs/pull/\(pr.number.value)/head")
        return try projections.resolve(branch).flatMap { $0 == pr.head || $0 == shown ? nil : $0 }
    }

    /// What has landed on the remote has landed, whatever was written here meanwhile.
    private func follow(_ landing: PublishedLanding, _ state: PullRequest) throws -> Tip {
        effect("main", landing.number.value)
        let now = try mainTip()
        if now == landing.base { try clearingLeftovers { try hub.move(main, from: now, to: landing.squash) } }
        try adopt(landing.landed, landing.number)
        effect("journal landed", landing.number.value)
        return remember(Tip(id: landing.landed, pr: state))
    }

    private func landHere(
        _ tip: Tip, _ entry: Entry, _ certification: Certification, _ state: PullRequest, _ record: CommitID
    ) throws -> Landing {
        let standing = try standing()
        if entry.event.heedsStop, standing.standing.isStopped { return .lineStopped }
        let branch = "refs/heads/\(tip.pr.branch)"
        // What is taken back is no matter of its branch.
        let shown = try projections.resolve(
            entry.event.heedsStop ? "refs/pull/\(tip.pr.number.value)/head" : branch)
        var transaction = LandingTransaction(
            hub: hub, main: main, from: certification.base, to: certification.squash, branch: branch,
            heads: [tip.pr.head, shown ?? tip.pr.head], journal: journal,
            number: tip.pr.number, expecting: tip.id, record: record)
        if entry.event.heedsStop { transaction.line = .at(standing.id) }
        // What is taken back is no matter of holdouts.
        transaction.holdouts =
            entry.event.heedsStop
            ? certification.holdouts : try journal.repository.resolve(JournalStore.holdoutRef(tip.pr.number))
        let landing = try clearingLeftovers {
            try transaction.land(afterMain: { [effect] in effect("main", tip.pr.number.value) })
        }
        switch landing {
        case .landed:
            effect("journal \(entry.event.kind)", tip.pr.number.value)
            return .landed(remember(Tip(id: record, pr: state)))
        case .mainMoved(let actual): return .mainMoved(actual ?? certification.base)
        case .branchMoved(let pushed): return .branchMoved(pushed)
        case .journalMoved: return .journalMoved
        case .lineMoved: return try landHere(tip, entry, certification, state, record)
        case .holdoutsMoved: return .holdoutsMoved
        case .landedWithoutRecord(let error): throw error
        }
    }

    package func rescue(
        _ tree: TreeID, of pr: PullRequest, attempt: String, lacking: [String]
    ) throws -> CommitID {
        let lost = lacking.isEmpty ? "" : "\nIt is not all that was there:\n" + lacking.map { "- \($0)\n" }.joined()
        let line = Signature(name: Person.factory.name, email: Person.factory.email, when: pr.updatedAt)
        let commit = try hub.commit(
            CommitDraft(
                tree: tree, parents: [pr.head], author: line, committer: line,
                message: "Work of \(pr.name) that did not go on, from \(attempt)\n\(lost)"))
        let kept = try clearingLeftovers { try keep(commit, of: tree, pr.number, attempt) }
        effect("rescue", pr.number.value)
        return kept
    }

    /// An attempt whose work was saved before keeps that; other work of it gets a number.
    private func keep(_ commit: CommitID, of tree: TreeID, _ number: PRNumber, _ attempt: String) throws -> CommitID {
        var (name, next) = (attempt, 2)
        while let kept = try journal.repository.resolve(JournalStore.rescueRef(number, attempt: name)) {
            if try hub.tree(of: kept) == tree { return kept }
            (name, next) = ("\(attempt).\(next)", next + 1)
        }
        try journal.rescue(number, attempt: name, commit: commit)
        return commit
    }

    /// The branches `spec/*`, with where they stand.
    package func specBranches() throws -> [(name: String, head: CommitID)] {
        try hub.references(prefix: "refs/heads/spec/").map {
            (String($0.name.dropFirst("refs/heads/".count)), $0.target)
        }
    }
}

extension Event {
    /// Whether it may not happen while the line is stopped. A revert may: a red main branch is why people want one.
    fileprivate var heedsStop: Bool { if case .landed = self { true } else { false } }
}

extension GitStore {
    /// Where submodules stand in a tree.
    package func submodules(in tree: TreeID) throws -> [RepoPath] { try hub.submodules(in: tree) }

    /// The main branch's name.
    package var mainBranch: String { String(main.dropFirst("refs/heads/".count)) }

    package func author(of commit: CommitID) throws -> Person {
        let author = try hub.info(commit).author
        return Person(name: author.name, email: author.email)
    }
}

extension GitStore {
    /// Whether the hub has a commit of that id and it is an ancestor of the other.
    package func isKnown(_ commit: String, ancestorOf descendant: String) throws -> Bool {
        guard try hub.contains(CommitID(commit)) else { return false }
        return try isAncestor(CommitID(commit), of: CommitID(descendant))
    }
}

extension CommitDraft {
    /// The same as git writes it: the line is the committer.
    fileprivate init(_ draft: FactoryCore.CommitDraft) {
        let author = Signature(name: draft.author.name, email: draft.author.email, when: draft.time)
        let line = Signature(name: Person.factory.name, email: Person.factory.email, when: draft.time)
        self.init(
            tree: draft.tree, parents: draft.parents, author: author, committer: line, message: draft.message)
    }
}
