package import FactoryCore

/// Proves the record from journal and hub alone: chains, certificates, landed trees.
package struct Audit: Sendable {
    private let journal: any Journal
    let ledger: any LedgerBook
    let standing: any StandingBook
    let hub: any Hub
    let floors: any FloorReader
    let library: any Library

    private let holdouts: any HoldoutBook

    package init(
        journal: any Journal, ledger: any LedgerBook, standing: any StandingBook, hub: any Hub,
        floors: any FloorReader, library: any Library, holdouts: any HoldoutBook
    ) {
        self.holdouts = holdouts
        self.journal = journal
        self.ledger = ledger
        self.standing = standing
        self.hub = hub
        self.floors = floors
        self.library = library
    }

    /// What was looked at, and what is wrong; nothing wrong is an empty list.
    package struct Finding: Sendable {
        package var pullRequests = 0
        package var entries = 0
        package var landings = 0
        package var reverts = 0
        /// Entries of the ledger.
        package var ledgerEntries = 0
        /// Entries of the line's own record.
        package var lineEntries = 0
        package var problems: [String] = []
    }

    /// Looks at every PR and every commit of the main branch.
    package func run() async throws -> Finding {
        var finding = Finding()
        let line = try await hub.mainLine()
        let onMain = Set(line)
        var landed: [CommitID: PRNumber] = [:]
        var reverted: Set<CommitID> = []
        var charges: [SessionName: Charge] = [:]
        for number in try await journal.numbers() {
            finding.pullRequests += 1
            do {
                let history = try await journal.history(of: number)
                finding.entries += history.count
                finding.problems += Self.chainProblems(number, history)
                finding.problems += await certificateProblems(number, history)
                charges.merge(Self.charges(number, history)) { _, new in new }
                if let commit = try await landing(number, history, onMain, &finding) { landed[commit] = number }
                if let commit = try await revert(number, history, &finding) { reverted.insert(commit) }
            } catch {
                finding.problems.append("\(number): its journal cannot be read: \(error)")
            }
        }
        try await auditLedger(charges, &finding)
        try await auditStanding(&finding)
        for commit in line {
            let message = try await hub.facts(of: commit).message
            if let trailer = SquashMessage.trailer("Factory-Reverts", in: message), !reverted.contains(commit) {
                finding.problems.append(
                    "\(commit.short) on the main branch says it reverts #\(trailer), whose journal does not")
            }
            guard let trailer = SquashMessage.trailer("Factory-PR", in: message), landed[commit] == nil else {
                continue
            }
            finding.problems.append("\(commit.short) on the main branch says it is #\(trailer), whose journal does not")
        }
        return finding
    }

    /// Each stored state must be what folding the entries up to it gives.
    static func chainProblems(_ number: PRNumber, _ history: [RecordedEntry]) -> [String] {
        var state: PullRequest?
        var problems: [String] = []
        for item in history {
            do throws(IllegalMove) {
                let next: PullRequest
                if let before = state {
                    next = try before.applying(item.entry)
                } else {
                    next = try Fold.pullRequest(number, from: [item.entry])
                }
                if case .unknown = item.entry.event {
                    state = item.state
                } else {
                    if next != item.state {
                        problems.append("\(number): entry \(item.id.short) stores another state than its events give")
                    }
                    state = next
                }
            } catch {
                problems.append("\(number): entry \(item.id.short) does not belong there: \(error)")
                state = item.state
            }
        }
        return problems
    }

    /// Checks the certificate that a PR landed under; gives the landed commit.
    private func landing(
        _ number: PRNumber, _ history: [RecordedEntry], _ onMain: Set<CommitID>, _ finding: inout Finding
    ) async throws -> CommitID? {
        guard let commit = history.last?.state.landed else { return nil }
        finding.landings += 1
        // Whoever merges the main branch into work of his own and pushes that makes a history in which what landed stands
        // on a side. It is there all the same.
        var isThere = onMain.contains(commit)
        if !isThere { isThere = try await hub.isAncestor(commit, of: hub.mainTip()) }
        guard isThere else {
            finding.problems.append("\(number): landed as \(commit.short), which is not on the main branch")
            return commit
        }
        let certified = history.compactMap { item -> (Certification, JSON)? in
            if case .certified(_, let certification, let certificate, _) = item.entry.event {
                (certification, certificate)
            } else {
                nil
            }
        }
        guard let (certification, certificate) = certified.last else {
            finding.problems.append("\(number): landed without a certificate")
            return commit
        }
        finding.problems += try await problems(number, history, commit, certification, certificate)
        return commit
    }

    private func problems(
        _ number: PRNumber, _ history: [RecordedEntry], _ commit: CommitID, _ certification: Certification,
        _ certificate: JSON
    ) async throws -> [String] {
        var wrong: [String] = []
        func expect(_ holds: Bool, _ problem: String) { if !holds { wrong.append("\(number): \(problem)") } }
        let facts = try await hub.facts(of: commit)
        expect(certification.squash == commit, "it landed as another commit than was certified")
        expect(facts.tree.hex == certificate["tree"]?.string, "the landed tree is not the certified one")
        expect(
            facts.parents.map(\.hex) == [certificate["base"]?.string], "it landed on another base than was certified")
        expect(
            SquashMessage.trailer("Factory-Certificate", in: facts.message) == certification.id.hex,
            "the commit names another certificate")
        expect(
            SquashMessage.trailer("Factory-PR", in: facts.message) == String(number.value),
            "the commit names another pull request")
        let checks = (certificate["checks"]?.array ?? []).map { try? CheckResult(json: $0) }
        let day = Day(Self.landingBegan(history))
        expect(
            checks.contains { $0?.isGreen == true && $0?.quarantine == nil },
            "no green check stands in its certificate")
        expect(
            checks.allSatisfy { $0?.passes(on: day) == true },
            "a check is red in its certificate, and in no quarantine of that day")
        return try await wrong + holdoutProblems(number, certification, certificate)
    }

    /// The holdouts that were in force must have been run, as they were, and passed.
    private func holdoutProblems(
        _ number: PRNumber, _ certification: Certification, _ certificate: JSON
    ) async throws -> [String] {
        let now = try await holdouts.holdouts(of: number)
        guard now.id == certification.holdouts else {
            return ["\(number): other holdouts were in force than those it was certified with"]
        }
        let told = (certificate["holdouts"]?.array ?? []).map { try? HoldoutResult(json: $0) }
        guard now.arePassed(by: told.compactMap(\.self)), !told.contains(nil) else {
            return ["\(number): its certificate does not say of every holdout that it has passed"]
        }
        return []
    }

    /// When the session began in which it landed: what its checks were good for then counts.
    private static func landingBegan(_ history: [RecordedEntry]) -> Timestamp {
        let start = history.last { if case .started = $0.entry.event { true } else { false } }
        return (start ?? history.last)?.entry.at ?? Timestamp(milliseconds: 0)
    }
}
