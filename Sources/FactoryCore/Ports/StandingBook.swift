/// Where the line's own record stands: append-only, one compare-and-swap per event.
package protocol StandingBook: Sendable {
    /// The standing as the newest entry tells.
    func standing() async throws -> StandingTip
    /// All entries, oldest first.
    func standingHistory() async throws -> [RecordedStandingEvent]
    /// Appends an event behind `tip`. Throws `StandingConflict` when another event came first, and `StandingFault` when
    /// the event does not belong here.
    func append(_ event: StandingEvent, to tip: StandingTip, artifacts: [Artifact]) async throws -> StandingTip
}

extension StandingBook {
    /// Appends what is made of the standing as it is, however often others come first; nil: there is nothing to append.
    @discardableResult
    package func append(
        artifacts: [Artifact] = [], _ event: (Standing) -> StandingEvent?
    ) async throws -> StandingTip {
        while true {
            let tip = try await standing()
            guard let event = event(tip.standing) else { return tip }
            do { return try await append(event, to: tip, artifacts: artifacts) } catch is StandingConflict {}
        }
    }
}

/// The standing, and the entry that tells it; no entry before the first.
package struct StandingTip: Hashable, Sendable {
    package var id: CommitID?
    package var standing: Standing

    package init(id: CommitID?, standing: Standing) {
        self.id = id
        self.standing = standing
    }
}

/// One entry of the line's record as it stands there.
package struct RecordedStandingEvent: Sendable {
    package var id: CommitID
    package var event: StandingEvent
    /// The standing that was stored with it.
    package var state: Standing

    package init(id: CommitID, event: StandingEvent, state: Standing) {
        self.id = id
        self.event = event
        self.state = state
    }
}

/// Another event came first: read again, then decide again.
package struct StandingConflict: Error, Hashable, CustomStringConvertible {
    package init() {}
    package var description: String { "the line was stopped or started meanwhile" }
}
