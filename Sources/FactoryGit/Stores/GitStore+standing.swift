package import FactoryCore

extension GitStore: StandingBook {
    package func standing() throws -> StandingTip {
        guard let id = try journal.standingTip() else { return StandingTip(id: nil, standing: Standing()) }
        if let knownStanding, knownStanding.id == id { return knownStanding }
        let tip = StandingTip(id: id, standing: try StandingRecord(parsing: journal.read(id).body).state)
        knownStanding = tip
        return tip
    }

    package func standingHistory() throws -> [RecordedStandingEvent] {
        try journal.standingHistory().map { item in
            let record = try StandingRecord(parsing: item.body)
            return RecordedStandingEvent(id: item.id, event: record.event, state: record.state)
        }
    }

    package func append(_ event: StandingEvent, to tip: StandingTip, artifacts: [Artifact]) async throws -> StandingTip
    {
        do { return try await append(event, to: tip, artifacts, aside: keepsArtifactsAside) } catch is RecordRefused
            where !artifacts.isEmpty && !keepsArtifactsAside
        {
            // That the line has stopped has to be recorded, whatever stands in a log.
            return try await append(event, to: tip, artifacts, aside: true)
        }
    }

    private func append(
        _ event: StandingEvent, to tip: StandingTip, _ artifacts: [Artifact], aside: Bool
    ) async throws -> StandingTip {
        let next = try tip.standing.applying(event)
        let draft = JournalDraft(
            subject: event.sentence, body: StandingRecord(event: event, state: next).json.bytes(),
            artifacts: aside ? [] : artifacts.map { ($0.name, $0.bytes) }, at: event.at)
        let id: CommitID
        do {
            id = try clearingLeftovers { try journal.appendToStanding(draft, expecting: tip.id) }
        } catch GitError.lostSwap {
            throw StandingConflict()
        }
        effect("line \(event.what.name)", 0)
        if aside { try journal.keepAside(artifacts.map { ($0.name, $0.bytes) }, of: id, event.at) }
        let tip = StandingTip(id: id, standing: next)
        knownStanding = tip
        try await publishStanding()
        return tip
    }
}

extension StandingEvent.What {
    fileprivate var name: String {
        switch self {
        case .stopped: "stopped"
        case .started: "started"
        case .probed: "probed"
        }
    }
}
