package import FactoryCore

/// Takes back what a PR has brought: the inverse change on today's main branch, checked, certified and landed as a PR
/// is. It works while the line is stopped.
package struct Reverting: Sendable {
    let ports: LinePorts

    package init(_ ports: LinePorts) { self.ports = ports }

    /// How often the main branch may move while a revert is checked before it gives up.
    private static let attempts = 5

    /// Reverts a PR's landing, for a person. Gives the PR as it stands then, and those that depend on it. Throws
    /// `RevertRefused`, and then nothing has landed.
    package func revert(
        _ number: PRNumber, by person: Person, note: String
    ) async throws -> (tip: Tip, dependents: [PRNumber]) {
        guard let lease = try await ports.leases.take(number) else { throw RevertRefused.busy(number) }
        defer { lease.release() }
        try await ports.upstream?.fetch()
        for _ in 0..<Self.attempts {
            guard let before = try await ports.journal.tip(of: number) else { throw RevertRefused.notLanded(number) }
            let tip = try await Self.completed(before, ports)
            if tip != before, tip.pr.reverted != nil { return (tip, try await tell(tip.pr)) }
            let candidate = try await RevertCandidate.build(tip.pr, ports.hub)
            let certified = try await certify(candidate, tip, by: person, note: note)
            if let landed = try await land(certified, candidate) { return (landed, try await tell(landed.pr)) }
        }
        throw RevertRefused.contended(number)
    }

    /// Checks, guards, and the certificate with its commit: written, and on no branch yet.
    private func certify(
        _ candidate: RevertCandidate, _ tip: Tip, by person: Person, note: String
    ) async throws -> Tip {
        let (pr, floor) = (tip.pr, try await ports.floors.floor(at: candidate.main))
        var violations = try await candidate.violations(pr, ports.hub)
        if let fault = try await ports.floors.fault(in: candidate.tree) {
            violations.append(Violation(rule: "floor", message: "without it the line could not go on: \(fault)"))
        }
        guard violations.isEmpty else { throw RevertRefused.guarded(pr.number, violations) }
        let checks = try await check(candidate, pr, floor)
        let certificate = RevertCertificate(
            number: pr.number, reverts: candidate.landed, base: candidate.main, tree: candidate.tree,
            floor: floor.version, checks: checks, guards: RevertCandidate.rules, by: person.name, note: note)
        let id = try await ports.hub.fingerprint(of: certificate.json.bytes())
        let squash = try await ports.hub.commit(
            CommitDraft(
                tree: candidate.tree, parents: [candidate.main], author: person,
                message: SquashMessage.reverting(pr, candidate.landed, note: note, certificate: id),
                time: ports.clock.now()))
        let certification = Certification(id: id, squash: squash, base: candidate.main)
        let event = Event.reverting(certification, certificate: certificate.json, note: note)
        return try await ports.journal.append(
            Entry(event, at: ports.clock.now(), by: person.name), to: tip, artifacts: [])
    }

    private func check(
        _ candidate: RevertCandidate, _ pr: PullRequest, _ floor: Floor
    ) async throws -> [CheckResult] {
        guard !floor.configuration.checks.isEmpty else { throw LineStopped.noChecks }
        let folder = "\(ports.folder)/\(pr.number.value)/revert"
        let token = "\(pr.number.value)-revert-" + String(UInt64.random(in: .min ... .max), radix: 36)
        let shift = Shift.ofLine(
            on: candidate.main, tree: candidate.tree, floor: floor, ports: ports, for: pr.number, token: token,
            folder: folder)
        let report = try await CheckRun(shift: shift, tree: candidate.tree, main: candidate.main).perform()
        guard report.outcome == .green else {
            if case .deferred = report.outcome { throw RevertRefused.cancelled(pr.number) }
            let said = report.artifacts.first.map { String(decoding: $0.bytes, as: UTF8.self) } ?? report.saying
            throw RevertRefused.red(pr.number, said, logs: folder)
        }
        return report.results
    }

    /// Nil: the main branch has moved, or somebody has written to the journal.
    private func land(_ certified: Tip, _ candidate: RevertCandidate) async throws -> Tip? {
        guard let squash = certified.pr.revert?.squash else { return nil }
        try await ports.catchUp()
        let entry = Entry(.reverted(squash), at: ports.clock.now(), by: "factory")
        switch try await ports.hub.land(certified, entry: entry) {
        case .mainMoved, .branchMoved, .journalMoved, .lineStopped, .holdoutsMoved: return nil
        case .refused(let reason), .unrecognised(let reason): throw RevertRefused.byRemote(certified.pr.number, reason)
        case .landed(let tip):
            try await LandingAttempt(ports: ports, tested: candidate.tree).confirm(squash, of: tip.pr.number)
            try await ports.upstream?.push()
            return tip
        }
    }

    /// Those that depend on what is gone get a remark.
    private func tell(_ pr: PullRequest) async throws -> [PRNumber] {
        let commit = pr.reverted?.short ?? "?"
        let text =
            "\(pr.number), which this depends on, was reverted as \(commit): what it brought is no longer on the main "
            + "branch"
        let recorder = Recorder(journal: ports.journal, clock: ports.clock)
        let dependents = try await ports.journal.list().filter {
            $0.pr.dependsOn.contains(pr.number.value) && $0.pr.state != .closed
        }
        for tip in dependents { _ = try await recorder.remark(text, on: tip) }
        return dependents.map(\.pr.number)
    }
}

extension Reverting {
    /// Puts right what reverts have left that died between the main branch and the journal.
    static func complete(_ ports: LinePorts) async throws {
        for tip in try await ports.journal.list() where tip.pr.state == .merged {
            do { _ = try await completed(tip, ports) } catch let refused as RecordRefused {
                ports.observe(.warning("\(refused)"))
            }
        }
    }

    private static func completed(_ tip: Tip, _ ports: LinePorts) async throws -> Tip {
        guard tip.pr.landed != nil, let pending = tip.pr.certified,
            try await ports.hub.isAncestor(pending.squash, of: ports.hub.mainTip())
        else { return tip }
        do {
            let entry = Entry(.reverted(pending.squash), at: ports.clock.now(), by: "factory")
            let next = try await ports.journal.append(entry, to: tip, artifacts: [])
            ports.observe(.recovered(next.pr, "it had been reverted as \(pending.squash.short)"))
            return next
        } catch is JournalConflict {
            return try await ports.journal.tip(of: tip.pr.number) ?? tip
        }
    }
}

/// Why nothing was reverted.
package enum RevertRefused: Error, CustomStringConvertible {
    case notLanded(PRNumber)
    /// It was reverted before, as this commit.
    case already(PRNumber, CommitID)
    /// What landed is not in the main branch's history.
    case gone(PRNumber, CommitID)
    /// The main branch has nothing of it any more.
    case nothingLeft(PRNumber)
    /// What landed later changed the same lines.
    case conflict(PRNumber, CommitID, [RepoPath])
    case guarded(PRNumber, [Violation])
    /// The checks are red without it: what they said, and where their logs are.
    case red(PRNumber, String, logs: String)
    case busy(PRNumber)
    case contended(PRNumber)
    case cancelled(PRNumber)
    /// The remote does not take it.
    case byRemote(PRNumber, String)

    package var description: String {
        switch self {
        case .notLanded(let number): "\(number) has not landed, so there is nothing to revert"
        case .already(let number, let commit): "\(number) was reverted before, as \(commit.short)"
        case .gone(let number, let commit):
            "\(number) landed as \(commit.short), which is not in the main branch's history: see `factory verify`"
        case .nothingLeft(let number): "the main branch has nothing of \(number) any more: there is nothing to revert"
        case .conflict(let number, let landed, let paths):
            "\(number) cannot be taken back by itself: later commits changed the same lines of "
                + "\(paths.map(\.description).joined(separator: ", ")). Nothing was changed. Revert what came later "
                + "first, or do it by hand: git revert \(landed.short), then git push factory"
        case .guarded(let number, let violations):
            "\(number) was not reverted: "
                + violations.map { "\($0.message) (\($0.rule))" }.joined(separator: "; ")
                + ". Nothing was changed. Do it by hand if it has to be: git revert, then git push factory"
        case .red(let number, let said, let logs):
            "\(number) was not reverted: without it the checks are red, so nothing was changed. Logs: \(logs)\n\(said)"
        case .busy(let number): "somebody works on \(number) at the moment: try again"
        case .contended(let number): "\(number) was not reverted: the main branch kept moving. Try again"
        case .cancelled(let number): "\(number) was not reverted: the checks were ended"
        case .byRemote(let number, let reason): "\(number) was not reverted: the remote does not take it: \(reason)"
        }
    }
}
