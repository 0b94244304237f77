import FactoryCore

extension Audit {
    /// Each stored ledger must be what its events give, and what a session was charged there must be what its PR's
    /// journal says.
    func auditLedger(_ charges: [SessionName: Charge], _ finding: inout Finding) async throws {
        let history: [RecordedLedgerEvent]
        do { history = try await ledger.ledgerHistory() } catch {
            finding.problems.append("the ledger cannot be read: \(error)")
            return
        }
        finding.ledgerEntries = history.count
        var state = Ledger()
        for item in history {
            do throws(LedgerFault) {
                state = try state.applying(item.event)
                if state != item.state {
                    finding.problems.append(
                        "the ledger's entry \(item.id.short) stores another state than its events give")
                }
            } catch {
                finding.problems.append("the ledger's entry \(item.id.short) does not belong there: \(error)")
            }
            state = item.state
            for settled in item.event.settled {
                // A session that a person ended has no charge in its PR's journal.
                guard let told = charges[settled.session], told != settled.charge else { continue }
                finding.problems.append(
                    "the ledger charges \(settled.session) \(settled.charge.amount.text), its journal \(told.amount.text)"
                )
            }
        }
    }

    /// What a PR's journal says that its sessions were charged.
    static func charges(_ number: PRNumber, _ history: [RecordedEntry]) -> [SessionName: Charge] {
        var charges: [SessionName: Charge] = [:]
        for item in history {
            guard case .finished(let finish) = item.entry.event, let charge = finish.charge else { continue }
            charges[SessionName(pr: number, stage: finish.stage, attempt: finish.attempt)] = charge
        }
        return charges
    }
}
