import FactoryCore

extension Morning {
    /// For a terminal: one screen, five blocks.
    var text: String {
        var lines = [headline] + board.line.lines(5)
        if board.standing.isStopped { lines += ["  Go on with: factory start"] }
        if !report.needsYou.isEmpty {
            lines.append("NEEDS YOU")
            let rows = Columns.lines(
                report.needsYou.map { item in
                    ["#\(item.number)", Self.title(item), Self.reason(item), time.age(item.updated), blocks(item)]
                })
            for (row, item) in zip(rows, report.needsYou) {
                lines += [row] + indented(item) + ["       " + ways(item).joined(separator: "  |  ")]
            }
        }
        if !report.landed.isEmpty {
            lines.append("LANDED")
            let rows = Columns.lines(
                report.landed.map { item in
                    [
                        "#\(item.number)", Self.title(item), item.landed?.short ?? "", time.text(item.updated),
                        effort(item),
                    ]
                })
            for (row, item) in zip(rows, report.landed) { lines += [row] + indented(item) }
        }
        lines += Self.block("TO BE JUDGED BY A PERSON", judged.map { ["#\($0.number)", $0.item] })
        lines += Self.block("MOVING", report.moving.map { ["#\($0.number)", Self.title($0), doing($0)] })
        lines += Self.block("CLOSED", report.closed.map { ["#\($0.number)", Self.title($0), time.text($0.updated)] })
        lines += Self.block("CHECKS", checkNotes)
        if let shadow {
            lines += ["SHADOW", "  \(shadow.sentence)"]
            lines += Columns.lines(
                shadow.wouldLand.map { [$0.pr.number.description, $0.pr.shownTitle, $0.fate.phrase] })
        }
        let health = [main.sentence] + (cost.map { [$0] } ?? [])
        return (lines + ["HEALTH", "  " + health.joined(separator: "; ")] + money.map { "  \($0)" }).joined(
            separator: "\n")
    }

    /// What landed without anybody having judged it, item by item.
    fileprivate var judged: [(number: Int, item: String)] {
        report.landed.flatMap { landed in (human[landed.number] ?? []).map { (landed.number, $0) } }
    }

    private func indented(_ item: Report.Item) -> [String] { warnings(item).map { "       \($0)" } }

    private static func block(_ title: String, _ rows: [[String]]) -> [String] {
        rows.isEmpty ? [] : [title] + Columns.lines(rows)
    }

    private static func title(_ item: Report.Item) -> String { Wording.line(item.title, limit: 36) }

    private static func reason(_ item: Report.Item) -> String {
        item.reason.map { Wording.line("\($0.rule): \($0.message)", limit: 90) } ?? ""
    }
}

extension Morning {
    /// For a file, a mail or an issue.
    var markdown: String {
        var lines = ["# Factory report", "", Self.escaped(headline)]
        if let stopped = board.line.headline {
            lines += ["", "**\(Self.escaped(stopped))** Go on with `factory start`."]
        }
        for item in report.needsYou {
            if item == report.needsYou.first { lines += ["", "## Needs you", ""] }
            let reason = item.reason.map { "\($0.rule): \($0.message)" } ?? ""
            let notes = [Self.escaped(reason), time.age(item.updated), blocks(item)].filter { !$0.isEmpty }
            lines.append("- \(Self.name(item)): \(notes.joined(separator: "; "))")
            lines += sub(item) + ways(item).map { "  - `\($0)`" }
        }
        for item in report.landed {
            if item == report.landed.first { lines += ["", "## Landed", ""] }
            let took = "`\(item.landed?.short ?? "")` at \(time.text(item.updated)), \(effort(item))"
            lines += ["- \(Self.name(item)): \(took)"] + sub(item)
        }
        if !judged.isEmpty {
            lines += ["", "## To be judged by a person", ""]
            lines += judged.map { "- **#\($0.number)** \(Self.escaped($0.item))" }
        }
        lines += section("Moving", report.moving) { Self.escaped(doing($0)) }
        lines += section("Closed", report.closed) { time.text($0.updated) }
        if !checkNotes.isEmpty { lines += ["", "## Checks", ""] }
        lines += checkNotes.map { "- \($0.map(Self.escaped).joined(separator: ": "))" }
        if let shadow {
            lines += ["", "## Shadow", "", "- \(Self.escaped(shadow.sentence))"]
            lines += shadow.wouldLand.map { "- **\($0.pr.number)** \(Self.escaped($0.pr.title)): \($0.fate.phrase)" }
        }
        lines += ["", "## Health", "", "- \(Self.escaped(main.sentence))"] + (cost.map { ["- \($0)"] } ?? [])
        lines += money.map { "- \(Self.escaped($0))" }
        return lines.joined(separator: "\n")
    }

    private func sub(_ item: Report.Item) -> [String] { warnings(item).map { "  - \(Self.escaped($0))" } }

    private func section(_ title: String, _ items: [Report.Item], _ text: (Report.Item) -> String) -> [String] {
        items.isEmpty ? [] : ["", "## \(title)", ""] + items.map { "- \(Self.name($0)): \(text($0))" }
    }

    private static func name(_ item: Report.Item) -> String { "**#\(item.number)** \(escaped(item.title))" }

    /// A stranger's text on one line that is no markup and no mention.
    private static func escaped(_ text: String) -> String {
        Wording.line(text, limit: 300).reduce(into: "") { result, character in
            if "\\`*_[]<>#@|".contains(character) { result.append("\\") }
            result.append(character)
        }
    }
}
