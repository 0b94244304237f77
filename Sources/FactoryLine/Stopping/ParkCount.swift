import FactoryCore

/// Counts what the line parks in a row, from the journals alone: there is no counter that a crash could lose.
struct ParkCount {
    let ports: LinePorts

    /// Stops the line when as many PRs as are allowed were parked, none has landed since the first of them, and nobody
    /// has started the line since.
    func stopIfTooMany() async throws {
        let limit = try await ports.floors.floor(at: ports.hub.mainTip()).configuration.stop.parks
        guard limit > 0 else { return }
        let parked = try await inARow()
        guard parked.count >= limit else { return }
        let evidence = parked.map { pr in
            Violation(rule: pr.number.description, message: pr.reason.map { "\($0.rule): \($0.message)" } ?? "parked")
        }
        let message = "\(parked.count) pull requests in a row were parked, and none has landed in between"
        try await ports.stop(Standing.Stop(.parks, message, evidence: evidence, at: ports.clock.now()))
    }

    private func inARow() async throws -> [PullRequest] {
        let all = try await ports.journal.list().map(\.pr)
        let times = all.filter { $0.state == .merged }.map(\.updatedAt)
        let started = [try await ports.standing.standing().standing.startedAt].compactMap { $0 }
        // What has landed before is put away, so whether that came in between nobody can tell.
        let since = (times + started).reduce(ports.clock.now() + -PullRequest.archiveAge) { max($0, $1) }
        var parked: [PullRequest] = []
        for pr in all where pr.reason?.kind.isHardship == true {
            if pr.updatedAt > since, let time = try await parkedAt(pr.number), time > since { parked.append(pr) }
        }
        return parked
    }

    /// A remark touches a parked PR as well, so that only its history tells.
    private func parkedAt(_ number: PRNumber) async throws -> Timestamp? {
        for item in try await ports.journal.history(of: number).reversed() {
            if case .finished(let finish) = item.entry.event, finish.move.to == .needsAttention { return item.entry.at }
        }
        return nil
    }
}

extension Reason.Kind {
    /// Whether something went wrong: a question, a gate and a person's own word are the line at its best.
    fileprivate var isHardship: Bool {
        switch self {
        case .returns, .failed, .agent, .deferred, .interrupted, .guard, .budget, .contained, .baseLost, .contention:
            true
        case .question, .approval, .shadow, .person: false
        }
    }
}
