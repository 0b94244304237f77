package import FactoryCore

/// A journal that lives as long as the value: the rules of the real one without a repository.
package actor MemoryJournal: Journal {
    private var chains: [PRNumber: [RecordedEntry]] = [:]
    private var artifacts: [CommitID: [Artifact]] = [:]
    private var written = 0

    package init() {}

    package func numbers() -> [PRNumber] { list().map(\.pr.number) }

    package func list() -> [Tip] {
        chains.keys.sorted().compactMap(tip(of:))
    }

    package func tip(of number: PRNumber) -> Tip? {
        chains[number]?.last.map { Tip(id: $0.id, pr: $0.state) }
    }

    package func history(of number: PRNumber) -> [RecordedEntry] { chains[number] ?? [] }

    package func open(
        _ number: PRNumber, _ opening: Opening, at time: Timestamp, by: String
    ) throws(JournalConflict) -> Tip {
        guard chains[number] == nil else { throw JournalConflict(number: number) }
        let pr = PullRequest(opening, number: number, at: time)
        return record(Entry(.opened(opening), at: time, by: by), pr, [])
    }

    package func append(_ entry: Entry, to tip: Tip, artifacts: [Artifact]) throws -> Tip {
        let next = try tip.pr.applying(entry)
        guard chains[next.number]?.last?.id == tip.id else { throw JournalConflict(number: next.number) }
        return record(entry, next, artifacts)
    }

    package func artifact(_ name: String, of entry: CommitID) -> [UInt8]? {
        artifacts[entry]?.first { $0.name == name }?.bytes
    }

    private func record(_ entry: Entry, _ state: PullRequest, _ files: [Artifact]) -> Tip {
        written += 1
        let id = CommitID.numbered(written)
        chains[state.number, default: []].append(
            RecordedEntry(id: id, subject: entry.event.sentence, entry: entry, state: state))
        artifacts[id] = files
        return Tip(id: id, pr: state)
    }
}
