/// Where the ledger stands: append-only, one compare-and-swap per event.
package protocol LedgerBook: Sendable {
    /// The ledger as its newest entry tells.
    func ledger() async throws -> LedgerTip
    /// All entries, oldest first.
    func ledgerHistory() async throws -> [RecordedLedgerEvent]
    /// Appends an event behind `tip`. Throws `LedgerConflict` when another event came first, and `LedgerFault` when
    /// the event does not belong here.
    func append(_ event: LedgerEvent, to tip: LedgerTip) async throws -> LedgerTip
}

/// The ledger, and the entry that tells it; no entry before the first.
package struct LedgerTip: Hashable, Sendable {
    package var id: CommitID?
    package var ledger: Ledger

    package init(id: CommitID?, ledger: Ledger) {
        self.id = id
        self.ledger = ledger
    }
}

/// One entry of the ledger as it stands there.
package struct RecordedLedgerEvent: Sendable {
    package var id: CommitID
    package var event: LedgerEvent
    /// The ledger that was stored with it.
    package var state: Ledger

    package init(id: CommitID, event: LedgerEvent, state: Ledger) {
        self.id = id
        self.event = event
        self.state = state
    }
}

/// Another event came first: read again, then decide again.
package struct LedgerConflict: Error, Hashable, CustomStringConvertible {
    package init() {}
    package var description: String { "the ledger has changed meanwhile" }
}
