import FactoryCore

/// `report`: what happened since a moment, with the main branch beside it. One value, shown as text, Markdown and JSON.
struct Morning: Sendable {
    let report: Report
    let main: MainBranch
    /// For what is still moving.
    let board: Board
    /// What the checks of these pull requests did, the flakiest first.
    var checks: [CheckTally] = []
    /// What the line would have landed, where it may not land.
    var shadow: ShadowTally?
    /// What landed and only a person can judge, by number.
    var human: [Int: [String]] = [:]

    var time: LocalTime { board.time }

    /// The main branch, and how it stands to what landed last.
    struct MainBranch: Hashable, Sendable {
        enum Standing: String, Sendable {
            /// Its tip is a commit that landed, and so what was tested.
            case landed
            /// There are newer commits that did not come through the line.
            case ahead
            /// It does not contain what landed last.
            case rewritten
            /// Nothing has landed lately that it could be compared with.
            case idle
        }
        var name: String
        var tip: CommitID
        var standing: Standing

        var sentence: String {
            switch standing {
            case .landed: "\(name) is at \(tip.short), which was tested and landed"
            case .ahead: "\(name) is at \(tip.short); its newest commits did not come through the line"
            case .rewritten: "\(name) is at \(tip.short) and lacks what landed last: it was rewritten"
            case .idle: "\(name) is at \(tip.short)"
            }
        }
    }

    /// `20 Nov 22:04 to 21 Nov 06:31: 5 landed, 2 need you, 1 is moving.`
    var headline: String {
        var parts: [String] = []
        if !report.landed.isEmpty { parts.append("\(report.landed.count) landed") }
        if !report.needsYou.isEmpty {
            parts.append(report.needsYou.count == 1 ? "1 needs you" : "\(report.needsYou.count) need you")
        }
        if !report.moving.isEmpty {
            parts.append(report.moving.count == 1 ? "1 is moving" : "\(report.moving.count) are moving")
        }
        if !report.closed.isEmpty { parts.append("\(report.closed.count) closed") }
        let what = parts.isEmpty ? "nothing happened" : parts.joined(separator: ", ")
        return "\(time.full(report.from)) to \(time.full(report.to)): \(what)."
    }

    /// The sum over all sessions of what the report names; nil when no agent told.
    var cost: String? { report.costUSD.map { "\(Wording.cost($0)) on all of these so far" } }

    /// What the open night has spent, and whether that keeps anything back.
    var money: [String] {
        [board.night?.sentence, board.nightSpent].compactMap { $0.map { $0.prefix(1).uppercased() + $0.dropFirst() } }
    }

    /// The checks that gave two answers to one question.
    var flaky: [CheckTally] { checks.filter { $0.flakes > 0 } }

    /// What is to be said of checks: the name, then half a sentence.
    var checkNotes: [[String]] {
        let unsteady = flaky.prefix(5).map {
            ["\($0.name)", "flaky \(Wording.count($0.flakes, "time")) in \(Wording.count($0.runs, "run"))"]
        }
        let resting = board.quarantine.map { entry in
            [
                entry.check,
                "\(isOver(entry) ? "counts again, its quarantine ended on" : "does not count until") \(entry.until): \(Wording.line(entry.reason, limit: 80))",
            ]
        }
        return unsteady + resting
    }

    private func isOver(_ entry: Quarantine) -> Bool { entry.until < Day(time.now) }

    /// What an item that is still moving does, as half a sentence.
    func doing(_ item: Report.Item) -> String {
        board.pullRequests.first { $0.number.value == item.number }.map { board.doing($0) } ?? item.state.rawValue
    }

    /// The two likeliest commands for an item that needs a person.
    func ways(_ item: Report.Item) -> [String] {
        guard let pr = board.pullRequests.first(where: { $0.number.value == item.number }), let reason = pr.reason
        else { return [] }
        let all = WayOn.list(
            reason, number: item.number, spec: pr.specPath.description, resume: pr.resume)
        return ["factory why \(item.number)"] + all.prefix(2).map(\.command)
    }

    /// `2 sessions of implementation, 1 return`: what it took.
    func effort(_ item: Report.Item) -> String {
        let rounds = Wording.count(item.attempts[.implementation] ?? 0, "round")
        if let commit = item.reverted { return "reverted as \(commit.short)" }
        let returns = item.returns > 0 ? [Wording.count(item.returns, "return")] : []
        return ([rounds] + returns + (item.costUSD.map { [Wording.cost($0)] } ?? [])).joined(separator: ", ")
    }

    /// A line for each warning of an item, the first few.
    func warnings(_ item: Report.Item) -> [String] {
        let shown = item.warnings.prefix(item.warnings.count > 4 ? 3 : 4).map { "warned: \(Evidence($0).text)" }
        let rest = item.warnings.count - shown.count
        return shown + (rest > 0 ? ["and \(rest) more: factory show \(item.number)"] : [])
    }

    /// `blocks #3 and #4`, or nothing.
    func blocks(_ item: Report.Item) -> String { item.blocks.isEmpty ? "" : "blocks \(Wording.numbers(item.blocks))" }
}

extension Morning {
    var json: JSONObject {
        [
            "from": .string(report.from.iso), "to": .string(report.to.iso),
            "main": .object([
                "branch": .string(main.name), "tip": .string(main.tip.hex), "standing": .string(main.standing.rawValue),
            ]),
            "needsYou": .array(report.needsYou.map(json)), "landed": .array(report.landed.map(json)),
            "moving": .array(report.moving.map(json)), "closed": .array(report.closed.map(json)),
            "costUSD": report.costUSD.map { .double($0) } ?? .null, "night": board.night?.json ?? .null,
            "flaky": .array(
                flaky.map { tally in
                    .object([
                        "check": .string(tally.name), "runs": .of(tally.runs), "red": .of(tally.red),
                        "flakes": .of(tally.flakes),
                    ])
                }),
            "quarantine": .array(
                board.quarantine.map { entry in
                    .object([
                        "check": .string(entry.check), "until": .string(entry.until.description),
                        "reason": .string(entry.reason), "over": .bool(isOver(entry)),
                    ])
                }),
            "shadow": shadow?.json ?? .null,
            "line": board.lineJSON,
        ]
    }

    private func json(_ item: Report.Item) -> JSON {
        .object([
            "number": .of(item.number), "title": .string(item.title), "state": .string(item.state.rawValue),
            "reason": item.reason.map(\.shortJSON) ?? .null, "landed": .orNull(item.landed?.hex),
            "reverted": .orNull(item.reverted?.hex), "updated": .string(item.updated.iso),
            "attempts": .attempts(item.attempts), "returns": .of(item.returns),
            "costUSD": item.costUSD.map { .double($0) } ?? .null, "blocks": .array(item.blocks.map { .of($0) }),
            "human": .of(human[item.number] ?? []),
            "warnings": .array(item.warnings.map { Evidence($0).json }),
        ])
    }
}
