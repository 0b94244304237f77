package import FactoryCore

extension GitStore {
    /// Where the remote's refs are mirrored to, in the hub and in the journal.
    package static let mirrored = "refs/remote/"
    /// Where the hub notes how far it has followed the remote's branches. A fetch moves the mirror before anybody has
    /// looked at what it brought, so the mirror cannot tell.
    static let followed = "refs/followed/"

    /// Publishes a PR's record up to its newest entry. Throws `JournalConflict` when the remote has another one: then
    /// that one counts, and what was written here is kept aside. Throws `RecordRefused` when the remote does not take it:
    /// the same holds then for what the remote has.
    func publish(_ number: PRNumber) async throws {
        guard let publisher, let tip = try journal.tip(number) else { return }
        switch try await publisher.publish(JournalStore.ref(number), at: tip) {
        case .done: effect("published", number.value)
        case .stale(let theirs):
            try adopt(theirs, number)
            throw JournalConflict(number: number)
        case .refused(let reason):
            try adopt(mirror(of: JournalStore.ref(number), in: .journal), number, keeping: "refused")
            throw RecordRefused(number: number, reason: reason)
        }
    }

    /// The same for the ledger. Throws `LedgerConflict` and `RecordRefused`.
    func publishLedger() async throws {
        guard let publisher, let tip = try journal.ledgerTip() else { return }
        switch try await publisher.publish(JournalStore.ledgerRef, at: tip) {
        case .done: effect("published ledger", 0)
        case .stale(let theirs):
            try adopt(theirs, JournalStore.ledgerRef)
            knownLedger = nil
            throw LedgerConflict()
        case .refused(let reason):
            try adopt(mirror(of: JournalStore.ledgerRef, in: .journal), JournalStore.ledgerRef)
            knownLedger = nil
            throw RecordRefused(number: nil, reason: reason)
        }
    }

    /// The same for the line's own record. Throws `StandingConflict` and `RecordRefused`.
    func publishStanding() async throws {
        guard let publisher, let tip = try journal.standingTip() else { return }
        switch try await publisher.publish(JournalStore.standingRef, at: tip) {
        case .done: effect("published line", 0)
        case .stale(let theirs):
            try adopt(theirs, JournalStore.standingRef)
            knownStanding = nil
            throw StandingConflict()
        case .refused(let reason):
            try adopt(mirror(of: JournalStore.standingRef, in: .journal), JournalStore.standingRef)
            knownStanding = nil
            throw RecordRefused(number: nil, reason: reason)
        }
    }

    /// Takes over what a remote says of a PR. What was written here only is kept for people, but for a mere opening: that
    /// is tried again with each look.
    func adopt(_ theirs: CommitID?, _ number: PRNumber, keeping attempt: String = "unpublished") throws {
        let ours = try journal.tip(number)
        if let ours, try theirs.map({ try !journal.repository.isAncestor(ours, of: $0) }) ?? !isOpening(ours) {
            try journal.rescue(number, attempt: "\(attempt)-\(ours.short)", commit: ours)
        }
        try adopt(theirs, JournalStore.ref(number))
        (known[number], stories[number]) = (nil, nil)
        // What the record speaks of came along with it, into the journal alone.
        guard let pr = try tip(of: number)?.pr else { return }
        for commit in [pr.head, pr.base, pr.certificate?.squash].compactMap({ $0 }) where try !hub.contains(commit) {
            if try journal.repository.contains(commit) { try hub.copy(commit, from: journal.repository) }
        }
    }

    private func isOpening(_ entry: CommitID) throws -> Bool { try journal.read(entry).previous == nil }

    private func adopt(_ theirs: CommitID?, _ ref: String) throws {
        let now = try journal.repository.resolve(ref)
        guard now != theirs else { return }
        try clearingLeftovers { try journal.repository.move(ref, from: now, to: theirs) }
    }
}

extension GitStore {
    /// Brings the record to where its mirror stands, after a fetch: what the remote has and we lack is taken over. Gives
    /// the PRs whose newest entries the remote lacks.
    package func followRecord() throws -> [PRNumber] {
        var behind: Set<PRNumber> = Set(try journal.list().map(\.0))
        let mirrored = Self.mirrored + "factory/pr/"
        for ref in try journal.repository.references(prefix: mirrored) {
            guard let number = Int(ref.name.dropFirst(mirrored.count)).map({ PRNumber($0) }) else { continue }
            if try follow(ref.target, number) { behind.remove(number) }
        }
        try follow(JournalStore.ledgerRef)
        try follow(JournalStore.standingRef)
        (knownLedger, knownStanding) = (nil, nil)
        return behind.sorted()
    }

    /// Takes over a ref of the whole line, unless ours goes on from there.
    private func follow(_ ref: String) throws {
        guard let theirs = try mirror(of: ref, in: .journal) else { return }
        let ours = try journal.repository.resolve(ref)
        if try ours.map({ try $0 != theirs && !journal.repository.isAncestor(theirs, of: $0) }) ?? true {
            try adopt(theirs, ref)
        }
    }

    /// True: both have the same now.
    private func follow(_ theirs: CommitID, _ number: PRNumber) throws -> Bool {
        guard let ours = try journal.tip(number), ours != theirs else {
            if try journal.tip(number) == nil { try adopt(theirs, number) }
            return true
        }
        if try journal.repository.isAncestor(theirs, of: ours) { return false }
        try adopt(theirs, number)
        return true
    }

    /// Publishes what the remote lacks of a PR. What lost a race is over then, and the remote's is taken.
    /// Throws `RecordRefused`.
    package func publishRest(of number: PRNumber) async throws {
        do { try await publish(number) } catch is JournalConflict {}
    }

    /// Brings the main branch to where its mirror stands. Throws `GitError` when each has commits that the other lacks.
    package func followMain() throws {
        guard let theirs = try hub.resolve(Self.mirrored + "heads/" + mainBranch) else { return }
        let ours = try mainTip()
        if ours == theirs { return }
        guard try hub.isAncestor(ours, of: theirs) else {
            throw GitError.failed(
                "follow the remote's \(mainBranch)",
                "the hub's \(mainBranch) (\(ours.short)) and the remote's (\(theirs.short)) have diverged, or the "
                    + "remote's was rewritten: push what should stay, or bring the hub's back with "
                    + "`git push --force factory \(theirs.short):\(mainBranch)`")
        }
        try clearingLeftovers { try hub.move(main, from: ours, to: theirs) }
    }

    /// Shows in the hub what people have pushed to branches of the remote. `before` is how far they were followed when the
    /// look began; one that we have moved ourselves since is left for the next look.
    package func followBranches(since before: [String: CommitID]) throws {
        let theirs = try branches(under: Self.mirrored)
        let followed = try followedBranches()
        for branch in Set(theirs.keys).union(followed.keys).sorted() {
            guard theirs[branch] != followed[branch], followed[branch] == before[branch] else { continue }
            if let commit = theirs[branch] {
                let now = try projections.resolve(branch)
                if now != commit { try clearingLeftovers { try projections.move(branch, from: now, to: commit) } }
            }
            // Last: until then the push counts as not seen, and nothing of ours goes over it.
            try note(theirs[branch], at: Self.seenRef(branch), in: projections)
        }
    }

    /// How far the remote's branches were followed, by their names there.
    package func followedBranches() throws -> [String: CommitID] { try branches(under: Self.followed) }

    /// Where a branch of the remote stood when the hub's own was brought there, or when we moved it ourselves: whatever
    /// else stands there is somebody's push. Nil: it is not to be there.
    package func followed(_ branch: String) throws -> CommitID? { try projections.resolve(Self.seenRef(branch)) }

    private func branches(under place: String) throws -> [String: CommitID] {
        let refs = try projections.references(prefix: place + "heads/spec/")
        return Dictionary(refs.map { ("refs/" + $0.name.dropFirst(place.count), $0.target) }) { first, _ in first }
    }

    private static func seenRef(_ branch: String) -> String { followed + branch.dropFirst("refs/".count) }

    /// Notes in the mirror that a ref of the remote has moved, as `git push` does for a remote that it knows by name.
    package func noteMirror(_ ref: String, of store: MirrorStore, at commit: CommitID?) throws {
        let repository = store == .hub ? projections : journal.repository
        try note(commit, at: Self.mirrored + ref.dropFirst("refs/".count), in: repository)
        if store == .hub, ref.hasPrefix("refs/heads/spec/") { try note(commit, at: Self.seenRef(ref), in: repository) }
    }

    private func note(_ commit: CommitID?, at ref: String, in repository: Repository) throws {
        // A fetch moves the same refs meanwhile. What it brings is no older than what was there when it began, so the
        // next push finds out what counts: the note may be left out, the push that it is of may not be lost.
        for _ in 0..<Self.noteTries {
            let now = try repository.resolve(ref)
            guard now != commit else { return }
            do { return try clearingLeftovers { try repository.move(ref, from: now, to: commit) } } catch GitError
                .lostSwap
            { continue }
        }
    }

    private static let noteTries = 5

    /// Where a ref of the remote was seen last.
    package func mirror(of ref: String, in store: MirrorStore) throws -> CommitID? {
        let repository = store == .hub ? projections : journal.repository
        return try repository.resolve(Self.mirrored + ref.dropFirst("refs/".count))
    }

    /// Whether an entry of the record stands behind another one.
    package func entry(_ entry: CommitID, follows earlier: CommitID) throws -> Bool {
        try journal.repository.isAncestor(earlier, of: entry)
    }

    /// The two repositories that mirror a remote.
    package enum MirrorStore: Sendable { case hub, journal }
}

/// Leases are commits without files, each another one.
extension GitStore {
    private static let leaseSubject = "Lease of "

    /// A new commit that says who holds the lease.
    package func leaseCommit(host: String, number: PRNumber) throws -> CommitID {
        let line = Signature(name: "Factory", email: "factory@localhost", when: Timestamp(milliseconds: 0))
        let once = String(UInt64.random(in: .min ... .max), radix: 36)
        return try journal.repository.commit(
            CommitDraft(
                tree: .empty, parents: [], author: line, committer: line,
                message: "\(Self.leaseSubject)\(number) by \(host)\n\n\(once)\n"))
    }

    /// Who held which lease when the remote was looked at last.
    package func mirroredLeases() throws -> [PRNumber: String] {
        let mirrored = Self.mirrored + "factory/lease/"
        var hosts: [PRNumber: String] = [:]
        for ref in try journal.repository.references(prefix: mirrored) {
            guard let number = Int(ref.name.dropFirst(mirrored.count)).map({ PRNumber($0) }) else { continue }
            hosts[number] = try leaseHost(ref.target)
        }
        return hosts
    }

    private func leaseHost(_ commit: CommitID) throws -> String? {
        guard try journal.repository.contains(commit) else { return nil }
        let subject = try journal.repository.info(commit).text.split(separator: "\n").first ?? ""
        guard subject.hasPrefix(Self.leaseSubject), let by = subject.firstRange(of: " by ") else { return nil }
        return String(subject[by.upperBound...])
    }

    /// Who holds a lease; nil when the commit is none. Calls `fetch` for a commit that is not here.
    package func leaseHost(_ commit: CommitID, fetchedBy fetch: @Sendable () async throws -> Void) async throws
        -> String?
    {
        if try !journal.repository.contains(commit) { try await fetch() }
        return try leaseHost(commit)
    }
}
