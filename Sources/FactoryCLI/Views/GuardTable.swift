import FactoryCore

/// `guards`: every rule, and what follows when it objects. One value, shown as text, JSON and Markdown.
struct GuardTable: Sendable {
    let settings: GuardSettings

    /// Where a level comes from.
    private enum Source: String {
        /// It cannot be set.
        case fixed
        case configuration
        case `default`
    }

    private func source(_ rule: GuardRule) -> Source {
        rule.isFixed ? .fixed : settings.levels[rule.id] == nil ? .default : .configuration
    }

    var text: String {
        let rows = Guards.rules.map { rule in
            [settings.level(of: rule).rawValue, rule.id, source(rule).rawValue, Self.plain(rule.summary)]
        }
        return Columns.lines(rows, indent: 0).joined(separator: "\n")
    }

    var json: JSONObject {
        [
            "guards": .array(
                Guards.rules.map { rule in
                    .object([
                        "rule": .string(rule.id), "level": .string(settings.level(of: rule).rawValue),
                        "source": .string(source(rule).rawValue), "default": .string(rule.level.rawValue),
                        "judges": .of(Self.times(rule)), "allowable": .bool(rule.isAllowable),
                        "summary": .string(Self.plain(rule.summary)),
                        "paths": .of((settings.paths[rule.id] ?? []).map(\.pattern)),
                    ])
                })
        ]
    }

    /// The table of docs/guards.md.
    static var markdown: String {
        let head = [
            "| Rule | Judges | Objects to | Default | A spec may allow it |", "| --- | --- | --- | --- | --- |",
        ]
        let rows = Guards.rules.map { rule in
            let level = rule.isFixed ? "always parks" : rule.level.rawValue
            return "| `\(rule.id)` | \(times(rule).joined(separator: ", ")) | \(rule.summary) | \(level) | "
                + "\(rule.isAllowable ? "yes" : "no") |"
        }
        return (head + rows).joined(separator: "\n")
    }

    private static func times(_ rule: GuardRule) -> [String] {
        rule.judgesSnapshot ? ["snapshot", "landing"] : ["landing"]
    }

    /// Without the marks of Markdown.
    private static func plain(_ summary: String) -> String {
        summary.replacing(/\[([^\]]*)\]\([^)]*\)/, with: { $0.1 }).filter { $0 != "`" }
    }
}
