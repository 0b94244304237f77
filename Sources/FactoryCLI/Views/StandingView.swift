import FactoryCore

/// Why the line is stopped, since when, and how it goes on: said alike by every command that has to say it.
struct StandingView: Sendable {
    let standing: Standing
    let time: LocalTime
    var mainBranch = "main"

    /// `THE LINE IS STOPPED since 01:12 (35 min): …`; nil while it works.
    var headline: String? {
        guard let first = standing.stops.first else { return nil }
        return "THE LINE IS STOPPED since \(time.text(first.at)) (\(time.age(first.at))): \(Self.text(first))"
    }

    /// The headline, what else stopped it, and the evidence, at most so many lines.
    func lines(_ limit: Int = 8) -> [String] {
        guard let headline else { return [] }
        let more = standing.stops.dropFirst().map { "  and since \(time.text($0.at)): \(Self.text($0))" }
        let evidence = standing.stops.flatMap(\.evidence).map { "  " + Evidence($0).text }
        let all = [headline] + more + evidence
        return all.count > limit ? all.prefix(limit - 1) + ["  … and \(all.count - limit + 1) more"] : all
    }

    private static func text(_ stop: Standing.Stop) -> String {
        let message = Wording.line(stop.message, limit: 200)
        guard stop.kind == .person else { return "\(message) (\(stop.kind.rawValue))" }
        let by = Wording.line(stop.by, limit: 40)
        return message.isEmpty ? "by \(by)" : "by \(by): \(message)"
    }

    /// The commands that go on, the likeliest first; none while it works.
    var ways: [WayOn] {
        guard standing.isStopped else { return [] }
        let kinds = Set(standing.stops.map(\.kind))
        let start = WayOn("factory start", "let the line go on")
        if kinds.contains(.mainRed) {
            return [
                WayOn("git push factory \(mainBranch)", "bring a fix, and then: factory start"),
                WayOn("factory revert N", "take back what has landed as N, and then: factory start"),
                WayOn("factory start", "check the main branch again, and go on if it is green"),
                WayOn("factory start --anyway", "go on although it is red, so that a spec can mend it"),
            ]
        }
        if kinds.contains(.landedTree) || kinds.contains(.mainRewritten) {
            return [WayOn("factory verify", "see what is on record and what is on the main branch"), start]
        }
        return kinds.contains(.parks) ? [WayOn("factory status", "see what was parked"), start] : [start]
    }

    /// All of it, for where it is the whole message.
    var text: String {
        (lines(20) + Columns.lines(ways.map { [$0.command, $0.means] })).joined(separator: "\n")
    }

    /// The same members whether or not it is stopped. `until`: when a spent night ends that keeps agents back.
    func json(until: Timestamp?) -> JSON {
        .object([
            "stopped": .bool(standing.isStopped),
            "stops": .array(
                standing.stops.map { stop in
                    .object([
                        "kind": .string(stop.kind.rawValue), "message": .string(stop.message),
                        "since": .string(stop.at.iso), "by": .string(stop.by), "now": .bool(stop.isUrgent),
                        "evidence": .array(stop.evidence.map { Evidence($0).json }),
                    ])
                }),
            "next": .array(ways.map(\.json)), "heldUntil": .orNull(until?.iso),
            "probe": standing.probe.map { probe in
                .object([
                    "commit": .string(probe.commit.hex), "green": .bool(probe.isGreen),
                    "checks": .array(probe.checks.map(\.json)),
                ])
            } ?? .null,
        ])
    }
}

extension Board {
    var line: StandingView { StandingView(standing: standing, time: time, mainBranch: mainBranch) }

    var lineJSON: JSON { line.json(until: nightSpent == nil ? nil : night?.night.until) }
}
