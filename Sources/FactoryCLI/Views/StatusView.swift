import FactoryCore

/// `status`: where everything stands.
struct StatusView: Sendable {
    let board: Board

    /// The one contract that scripts rely on most; every member is always there.
    var json: JSONObject {
        [
            "pullRequests": .array(board.pullRequests.map(\.statusJSON)), "night": board.night?.json ?? .null,
            "line": board.lineJSON, "configurationFault": .orNull(board.fault),
        ]
    }

    /// Three groups in at most 20 lines, the last of which is the command that comes next.
    var text: String {
        let groups = [
            ("NEEDS YOU", needsYou.map(parked)), ("MOVING", moving.map(onItsWay)),
            ("LANDED since yesterday", landed.map(arrived)),
        ].filter { !$0.1.isEmpty }
        let stopped = board.line.lines(5) + faultLines
        let top = stopped.isEmpty ? "" : stopped.joined(separator: "\n") + "\n\n"
        guard !groups.isEmpty else {
            return top + "Nothing is queued, nothing needs you, nothing landed.\nNext: \(next)"
        }
        let money = board.nightSpent.map { ["", "The line takes on no more: \($0)"] } ?? []
        let shares = Self.share(
            18 - money.count - groups.count - (stopped.isEmpty ? 0 : stopped.count + 1), among: groups.map(\.1.count))
        let rows = zip(groups, shares).map { Self.cut($0.1, to: $1) }
        var lines = Columns.lines(rows.joined().filter { $0.count > 1 })[...]
        var text: [String] = []
        for ((title, _), rows) in zip(groups, rows) {
            text.append(title)
            text += rows.map { $0.count > 1 ? lines.removeFirst() : "  " + $0[0] }
        }
        return top + (text + money + ["", "Next: \(next)"]).joined(separator: "\n")
    }

    /// Nothing runs with a configuration that cannot be read, so it comes first.
    private var faultLines: [String] {
        guard let fault = board.fault else { return [] }
        return [
            "NOTHING CAN RUN: the configuration on \(board.mainBranch) cannot be read",
            "  \(Wording.line(fault, limit: 300))",
        ]
    }

    private var needsYou: [PullRequest] {
        board.pullRequests.filter { $0.state == .needsAttention }.sorted {
            ($0.updatedAt, $0.number) < ($1.updatedAt, $1.number)
        }
    }
    private var moving: [PullRequest] { board.pullRequests.filter { !$0.state.isFinal && $0.state != .needsAttention } }
    private var landed: [PullRequest] {
        board.pullRequests.filter { $0.state == .merged && board.time.now - $0.updatedAt <= 86_400 }
            .sorted { ($1.updatedAt, $1.number) < ($0.updatedAt, $0.number) }
    }

    private func parked(_ pr: PullRequest) -> [String] {
        [
            pr.number.description, pr.shownTitle, Wording.line(pr.reason?.rule ?? "", limit: 40),
            board.time.age(pr.updatedAt),
        ]
    }

    private func onItsWay(_ pr: PullRequest) -> [String] { [pr.number.description, pr.shownTitle, board.doing(pr)] }

    private func arrived(_ pr: PullRequest) -> [String] {
        let commit = pr.reverted.map { "reverted as \($0.short)" } ?? pr.landed?.short ?? ""
        return [pr.number.description, pr.shownTitle, commit, board.time.text(pr.updatedAt)]
    }

    /// The command that a person would most likely want next.
    var next: String {
        if board.fault != nil { return "factory doctor" }
        if board.standing.isStopped { return "factory start" }
        if let first = needsYou.first { return "factory why \(first.number.value)" }
        if let running = moving.first(where: { board.working.contains($0.number) }) {
            return "factory logs \(running.number.value) --follow"
        }
        if !moving.isEmpty { return board.nightSpent == nil ? "factory run" : "factory run --new-night" }
        return landed.isEmpty ? "factory spec new \"TITLE\"" : "git pull factory \(board.mainBranch)"
    }

    /// Hands out rows one at a time, so that a long group leaves room for the short ones.
    static func share(_ rows: Int, among wanted: [Int]) -> [Int] {
        var shares = wanted.map { _ in 0 }
        var left = rows
        while left > 0, shares != wanted {
            for index in wanted.indices where left > 0 && shares[index] < wanted[index] {
                shares[index] += 1
                left -= 1
            }
        }
        return shares
    }

    /// The first rows; what does not fit is counted in the last one.
    private static func cut(_ rows: [[String]], to count: Int) -> [[String]] {
        guard rows.count > count else { return rows }
        return rows.prefix(count - 1) + [["… and \(rows.count - count + 1) more"]]
    }
}

extension PullRequest {
    /// The title as a cell of a table.
    var shownTitle: String { Wording.line(title, limit: 36) }

    /// Sessions by stage, for every stage that was started, in the order of the line.
    var attemptsJSON: JSON { .attempts(counts.mapValues(\.attempts)) }

    var statusJSON: JSON {
        .object([
            "number": .of(number.value), "spec": .string(specPath.description), "title": .string(title),
            "state": .string(state.rawValue), "attempts": attemptsJSON, "head": .string(head.hex),
            "landed": .orNull(landed?.hex), "reverted": .orNull(reverted?.hex),
            "reason": reason.map(\.shortJSON) ?? .null, "costUSD": usage.costUSD.map { .double($0) } ?? .null,
            "updated": .string(updatedAt.iso),
        ])
    }
}

extension Reason {
    /// The reason without its evidence.
    var shortJSON: JSON {
        .object(["kind": .string(kind.rawValue), "rule": .string(rule), "message": .string(message)])
    }
}

extension JSON {
    /// The text, or null.
    static func orNull(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

    /// Sessions by stage in the order of the line; stages that were never started are left out.
    static func attempts(_ counts: [Stage: Int]) -> JSON {
        var object = JSONObject()
        for stage in Stage.allCases {
            if let count = counts[stage], count > 0 { object[stage.rawValue] = .of(count) }
        }
        return .object(object)
    }
}
