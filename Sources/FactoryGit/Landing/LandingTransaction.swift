package import FactoryCore

/// How a landing ended.
package enum LandingOutcome: Hashable, Sendable {
    /// The main branch and the journal were moved.
    case landed
    /// The main branch is elsewhere; nothing was moved.
    case mainMoved(CommitID?)
    /// The PR's branch holds what the line has not put there; nothing was moved.
    case branchMoved(CommitID)
    /// The journal has a newer record, such as a person's `close`; nothing was moved.
    case journalMoved(CommitID?)
    /// The line's own record has a newer entry, such as a stop; nothing was moved.
    case lineMoved(CommitID?)
    /// Another entry names the holdouts; nothing was moved.
    case holdoutsMoved
    /// The main branch was moved, the journal could not be.
    ///
    /// The PR has landed: go on as after a crash, when `wasLanded` tells so.
    case landedWithoutRecord(GitError)
}

/// Moves the main branch and the journal of the PR that lands, together: both locked, both verified, then moved. The
/// PR's own branch is locked along and must not hold anybody's push: what was pushed before the landing is not passed
/// over by it.
///
/// A process that dies between the two moves leaves the main branch moved. Because the commit's id was fixed before,
/// `wasLanded` tells that afterwards.
package struct LandingTransaction {
    package let hub: Repository
    /// The branch, such as `refs/heads/main`.
    package let main: String
    /// Where the branch was read.
    package let from: CommitID
    /// The squash commit, written already.
    package let to: CommitID
    /// The PR's own branch, such as `refs/heads/spec/0007-login`.
    package let branch: String
    /// Where it may stand, if it is there: the head that lands, and what the line has shown of it last.
    package let heads: Set<CommitID>
    package let journal: JournalStore
    package let number: PRNumber
    /// The newest record, the certificate's.
    package let expecting: CommitID
    /// The record of the landing, written already.
    package let record: CommitID
    package var line = Line.ignored

    /// What a landing heeds of the line's own record.
    package enum Line: Hashable, Sendable {
        /// Nothing: it lands while the line is stopped, too.
        case ignored
        /// This must still be its newest entry.
        case at(CommitID?)
    }
    /// The entry that names the holdouts which the certificate rests on; nil when there are none.
    package var holdouts: CommitID?

    package init(
        hub: Repository, main: String, from: CommitID, to: CommitID, branch: String, heads: Set<CommitID>,
        journal: JournalStore, number: PRNumber, expecting: CommitID, record: CommitID
    ) {
        self.hub = hub
        self.main = main
        self.from = from
        self.to = to
        self.branch = branch
        self.heads = heads
        self.journal = journal
        self.number = number
        self.expecting = expecting
        self.record = record
    }

    /// Lands.
    ///
    /// Throws when a lock or the branch's move fails, and then nothing was moved.
    ///
    /// `afterMain` is called when the branch has moved and the journal has not, with both locks held.
    package func land(afterMain: () -> Void = {}) throws(GitError) -> LandingOutcome {
        let entry = JournalStore.ref(number)
        // Always the hub first: two landings must not wait for each other.
        let hubLock = try RefLocks(hub, [main, branch])
        let line = JournalStore.standingRef
        let holdoutRef = JournalStore.holdoutRef(number)
        let journalLock = try RefLocks(
            journal.repository, (self.line == .ignored ? [] : [line]) + [entry, holdoutRef])
        let actualMain = try hub.resolve(main)
        guard actualMain == from else { return .mainMoved(actualMain) }
        if let pushed = try hub.resolve(branch), !heads.contains(pushed) { return .branchMoved(pushed) }
        let actualEntry = try journal.repository.resolve(entry)
        guard actualEntry == expecting else { return .journalMoved(actualEntry) }
        if case .at(let expected) = self.line {
            let actual = try journal.repository.resolve(line)
            guard actual == expected else { return .lineMoved(actual) }
        }
        guard try journal.repository.resolve(holdoutRef) == holdouts else { return .holdoutsMoved }
        hubLock.set(main, to: to)
        journalLock.set(entry, to: record)
        try hubLock.commit()
        afterMain()
        do throws(GitError) { try journalLock.commit() } catch { return .landedWithoutRecord(error) }
        return .landed
    }

    /// Whether a certified commit has landed: a fact of the branch, with whatever was pushed on top.
    package static func wasLanded(_ commit: CommitID, in main: String, of hub: Repository) throws(GitError) -> Bool {
        guard let tip = try hub.resolve(main) else { return false }
        return try hub.isAncestor(commit, of: tip)
    }
}
