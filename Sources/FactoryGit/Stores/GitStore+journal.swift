package import FactoryCore

extension GitStore: Journal {
    package func list() throws -> [Tip] {
        var tips: [Tip] = []
        for (number, id) in try journal.list() { tips.append(try read(number, at: id)) }
        return tips
    }

    package func numbers() throws -> [PRNumber] {
        let open = try journal.list().map(\.0)
        return Set(open + (try journal.newestArchived().map(\.number))).sorted()
    }

    package func tip(of number: PRNumber) throws -> Tip? {
        try journal.tip(number).map { try read(number, at: $0) }
    }

    /// Entries do not change, so one that was read once is known.
    private func read(_ number: PRNumber, at id: CommitID) throws -> Tip {
        if let tip = known[number], tip.id == id { return tip }
        let tip = Tip(id: id, pr: try Record(parsing: journal.read(id).body).state)
        known[number] = tip
        return tip
    }

    package func history(of number: PRNumber) throws -> [RecordedEntry] {
        guard let tip = try journal.tip(number) else { return [] }
        var newer: [RecordedEntry] = []
        var next: CommitID? = tip
        let told = stories[number] ?? []
        while let id = next, id != told.last?.id {
            let item = try journal.read(id)
            let record = try Record(parsing: item.body)
            newer.append(
                RecordedEntry(id: id, subject: item.subject, entry: record.entry, state: record.state))
            next = item.previous
        }
        let history = (next == nil ? [] : told) + newer.reversed()
        stories[number] = history.last?.state.state.isFinal == true ? nil : history
        return history
    }

    package func open(_ number: PRNumber, _ opening: Opening, at time: Timestamp, by: String) async throws -> Tip {
        let pr = PullRequest(opening, number: number, at: time)
        let tip = try appendHere(Entry(.opened(opening), at: time, by: by), state: pr, after: nil, artifacts: [])
        try await publish(number)
        return tip
    }

    package func append(_ entry: Entry, to tip: Tip, artifacts: [Artifact]) async throws -> Tip {
        let next = try appendHere(entry, state: try tip.pr.applying(entry), after: tip, artifacts: artifacts)
        try await publish(tip.pr.number)
        return next
    }

    func appendHere(
        _ entry: Entry, state: PullRequest, after tip: Tip?, artifacts: [Artifact]
    ) throws -> Tip {
        let draft = Self.draft(entry, state, keepsArtifactsAside ? [] : artifacts)
        do {
            let id = try clearingLeftovers {
                if let tip { try completeLanding(tip, before: entry) }
                return try journal.append(state.number, expecting: tip?.id, draft)
            }
            effect("journal \(entry.event.kind)", state.number.value)
            if keepsArtifactsAside { try journal.keepAside(artifacts.map { ($0.name, $0.bytes) }, of: id, draft.at) }
            continueStory(of: tip, with: RecordedEntry(id: id, subject: draft.subject, entry: entry, state: state))
            return remember(Tip(id: id, pr: state))
        } catch GitError.lostSwap {
            throw JournalConflict(number: state.number)
        }
    }

    /// A landing that died between the main branch and the journal comes first, whoever wants to write: what is on the
    /// main branch has landed. Throws `JournalConflict` then, because the PR is another one now.
    private func completeLanding(_ tip: Tip, before entry: Entry) throws {
        if case .sound(let commit, let certified) = try squashed(tip), !entry.event.tells(of: commit) {
            _ = try recordHere(commit, certified, of: tip, at: entry.at)
            throw JournalConflict(number: tip.pr.number)
        }
        guard let certification = tip.pr.certified, let event = tip.pr.landing(of: certification.squash),
            entry.event != event, try isAncestor(certification.squash, of: mainTip())
        else { return }
        let landed = Entry(event, at: entry.at, by: "factory")
        _ = try appendHere(landed, state: tip.pr.applying(landed), after: tip, artifacts: [])
        throw JournalConflict(number: tip.pr.number)
    }

    /// What was just written need not be read again.
    private func continueStory(of tip: Tip?, with next: RecordedEntry) {
        let number = next.state.number
        guard let story = stories[number], story.last?.id == tip?.id, !next.state.state.isFinal else {
            return stories[number] = nil
        }
        stories[number] = story + [next]
    }

    func remember(_ tip: Tip) -> Tip {
        known[tip.pr.number] = tip
        return tip
    }

    static func draft(_ entry: Entry, _ state: PullRequest, _ artifacts: [Artifact]) -> JournalDraft {
        JournalDraft(
            subject: entry.event.sentence, body: Record(entry: entry, state: state).json.bytes(),
            artifacts: artifacts.map { ($0.name, $0.bytes) }, about: entry.event.subjectCommit(state), at: entry.at)
    }

    package func artifact(_ name: String, of entry: CommitID) throws -> [UInt8]? {
        try journal.artifact(name, in: journal.read(entry)) ?? journal.asideArtifact(name, of: entry)
    }

    /// Folds PRs that are final and were last touched before `time` into the archive, and gives how many.
    package func archive(closedBefore time: Timestamp, at now: Timestamp) throws -> Int {
        let old = try list().filter { $0.pr.state.isFinal && $0.pr.updatedAt < time }
        guard !old.isEmpty else { return 0 }
        let summaries = old.map { ($0.pr.number, $0.pr.summary.bytes()) }
        try journal.archive(Dictionary(summaries) { first, _ in first }, at: now)
        effect("archive", 0)
        return old.count
    }

    /// The newest archived PRs, highest number first, as their summaries tell.
    package func archived(_ limit: Int) throws -> [PullRequest] {
        try journal.newestArchived(limit).map { try Record(parsing: journal.read($0.tip).body).state }
    }
}

extension PullRequest {
    /// What the archive says of a PR without opening its journal.
    fileprivate var summary: JSON {
        .object([
            "spec": .string(specPath.text), "title": .string(title), "state": .string(state.rawValue),
            "landed": landed.map { .string($0.hex) }, "updated": .string(updatedAt.iso),
        ])
    }
}

extension Event {
    /// The commit of the product that an entry speaks of.
    fileprivate func subjectCommit(_ state: PullRequest) -> CommitID? {
        switch self {
        case .opened(let opening), .amended(let opening): opening.head
        case .pushed(let head, _, _): head
        case .started(let start): start.head
        case .finished(let finish): finish.head
        case .certified(_, let certification, _, _), .reverting(let certification, _, _): certification.squash
        case .landed(let commit), .reverted(let commit): commit
        case .approved(_, let head, _, _): head
        case .answered, .retried, .resumed, .parked, .closed, .noted, .unknown: nil
        }
    }
}
