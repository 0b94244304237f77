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
        }
        finding.problems += Self.differences(charges, history.flatMap(\.event.settled), open: state)
    }

    /// A session may be settled at nothing and reserved for again, when a line died before it was started.
    private static func differences(
        _ charges: [SessionName: Charge], _ settled: [Settlement], open: Ledger
    ) -> [String] {
        var problems: [String] = []
        var known: [SessionName: Charge] = [:]
        for item in settled {
            if let before = known[item.session], before != .nothing {
                problems.append("the ledger settles \(item.session) twice")
            }
            known[item.session] = item.charge
        }
        for (session, charge) in charges where open.reservation(of: session) == nil && known[session] != charge {
            let told = known[session].map { "charges \(session) \($0.amount.text)" } ?? "does not know \(session)"
            problems.append("the ledger \(told), its journal says \(charge.amount.text)")
        }
        return problems.sorted()
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
