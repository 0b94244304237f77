import FactoryCore

extension Projection {
    /// State, spec, plan and a table of the stages.
    static func description(_ source: Source) -> String {
        let pr = source.pr
        let commit = pr.landed ?? pr.head
        var links = ["spec \(link(pr.specPath, at: commit, source.site))"]
        if source.history.contains(where: { $0.entry.event.delivered(.plan) }) {
            links.append("plan \(link(pr.planPath, at: commit, source.site))")
        }
        var lines = ["**\(standing(pr))** · \(links.joined(separator: " · "))", ""]
        let rows = Stage.allCases.compactMap { row($0, source.history) }
        if !rows.isEmpty {
            lines +=
                ["| Stage | Sessions | Sent back | Newest | Time |", "| --- | --- | --- | --- | --- |"] + rows + [""]
        }
        if !pr.state.isFinal {
            lines.append(
                "<sub>Worked by the factory. In a comment: `/factory park`, `/factory retry STAGE`, `/factory close`; "
                    + "or set another `state:` label.</sub>")
        }
        return lines.joined(separator: "\n")
    }

    private static func standing(_ pr: PullRequest) -> String {
        switch pr.state {
        case .needsAttention: "Needs a person: \(SafeText.line(pr.reason?.rule ?? "", limit: 120))"
        case .merged: "Landed as \(pr.landed?.short ?? "")"
        case .closed: "Closed"
        case .queued: "Queued"
        case .plan, .planReview, .implementation, .implementationCI, .codeReview, .merge: "At \(pr.state.rawValue)"
        }
    }

    static func link(_ path: RepoPath, at commit: CommitID, _ site: String) -> String {
        "[`\(SafeText.line(path.description))`](\(site)/blob/\(commit.hex)/\(PercentCoding.path(path.description)))"
    }

    private static func row(_ stage: Stage, _ history: [RecordedEntry]) -> String? {
        var (sessions, returns, seconds, newest) = (0, 0, 0.0, "")
        for item in history {
            switch item.entry.event {
            // A session that has just begun shows as the state and as a status; here it would cost a request.
            case .finished(let finish) where finish.stage == stage:
                sessions += 1
                seconds += finish.seconds
                newest = finish.outcome.phrase
                if finish.outcome.sendsBack { returns += 1 }
            case .landed(let commit) where stage == .merge: newest = "landed as \(commit.short)"
            case .reverted(let commit) where stage == .merge: newest = "reverted as \(commit.short)"
            case .opened, .amended, .pushed, .started, .finished, .certified, .landed, .reverting, .reverted, .approved,
                .answered, .retried, .resumed, .parked, .closed, .noted, .unknown:
                break
            }
        }
        guard !newest.isEmpty else { return nil }
        let cells = [
            stage.rawValue, "\(sessions)", returns == 0 ? "–" : "\(returns)", SafeText.line(newest), duration(seconds),
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private static func duration(_ seconds: Double) -> String {
        seconds < 90 ? "\(Int(seconds)) s" : seconds < 5400 ? "\(Int(seconds / 60)) min" : "\(Int(seconds / 3600)) h"
    }
}

extension Event {
    /// Whether a session of the stage has delivered.
    func delivered(_ stage: Stage) -> Bool {
        if case .finished(let finish) = self { finish.stage == stage && finish.outcome == .delivered } else { false }
    }
}
