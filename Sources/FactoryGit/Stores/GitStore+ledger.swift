package import FactoryCore

extension GitStore: LedgerBook {
    package func ledger() throws -> LedgerTip {
        guard let id = try journal.ledgerTip() else { return LedgerTip(id: nil, ledger: Ledger()) }
        if let knownLedger, knownLedger.id == id { return knownLedger }
        let tip = LedgerTip(id: id, ledger: try LedgerRecord(parsing: journal.read(id).body).state)
        knownLedger = tip
        return tip
    }

    package func ledgerHistory() throws -> [RecordedLedgerEvent] {
        try journal.ledgerHistory().map { item in
            let record = try LedgerRecord(parsing: item.body)
            return RecordedLedgerEvent(id: item.id, event: record.event, state: record.state)
        }
    }

    package func append(_ event: LedgerEvent, to tip: LedgerTip) async throws -> LedgerTip {
        let next = try tip.ledger.applying(event)
        let draft = JournalDraft(
            subject: event.sentence, body: LedgerRecord(event: event, state: next).json.bytes(), at: event.at)
        let id: CommitID
        do {
            id = try clearingLeftovers { try journal.appendToLedger(draft, expecting: tip.id) }
        } catch GitError.lostSwap {
            throw LedgerConflict()
        }
        effect("ledger \(event.reserved == nil ? "settled" : "reserved")", event.reserved?.session.pr.value ?? 0)
        let tip = LedgerTip(id: id, ledger: next)
        knownLedger = tip
        try await publishLedger()
        return tip
    }
}
