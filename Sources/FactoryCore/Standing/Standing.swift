/// How the line as a whole stands: whether it works, and what is known of the main branch. A fold over the line's own
/// record, stored with each entry.
package struct Standing: Hashable, Sendable {
    /// Why it is stopped, oldest first; none while it works.
    package var stops: [Stop] = []
    /// The newest run of the checks on the main branch's own tree.
    package var probe: Probe?
    /// How many there were.
    package var probes = 0
    /// When a person let it go on last.
    package var startedAt: Timestamp?
    /// The commit of the main branch that a person goes on from although it is red.
    package var accepted: CommitID?

    package init() {}

    package var isStopped: Bool { !stops.isEmpty }
    /// Whether running sessions are to be ended as well.
    package var isUrgent: Bool { stops.contains(where: \.isUrgent) }
    /// Whether the line stopped because the main branch is red on its own.
    package var isMainRed: Bool { stops.contains { $0.kind == .mainRed } }

    /// The standing after an event. Throws when the event does not belong here.
    package func applying(_ event: StandingEvent) throws(StandingFault) -> Standing {
        var next = self
        switch event.what {
        case .stopped(let stop): try next.stop(stop)
        case .started(_, let accepted):
            guard isStopped else { throw StandingFault("the line is not stopped") }
            (next.stops, next.startedAt, next.accepted) = ([], event.at, accepted)
        case .probed(let probe):
            next.probe = probe
            next.probes += 1
        }
        return next
    }

    /// What stopped it first stays; it may only become urgent. What people say is all kept.
    private mutating func stop(_ stop: Stop) throws(StandingFault) {
        let alike = stops.indices.filter { stops[$0].kind == stop.kind }
        let isNews = stop.kind == .person && !stop.message.isEmpty && !alike.contains { stops[$0].says(as: stop) }
        guard !isNews, let index = alike.first(where: { stops[$0].says(as: stop) }) ?? alike.first else {
            return stops.append(stop)
        }
        guard stop.isUrgent, !stops[index].isUrgent else {
            throw StandingFault("the line is stopped already (\(stop.kind.rawValue))")
        }
        stops[index].isUrgent = true
    }
}

extension Standing {
    /// One reason to admit nothing and land nothing.
    package struct Stop: Hashable, Sendable {
        /// What stopped the line.
        package enum Kind: String, CaseIterable, Sendable {
            /// The main branch is red on its own.
            case mainRed = "main-red"
            /// What landed is not what was tested.
            case landedTree = "landed-tree"
            /// The main branch was rewritten while something landed.
            case mainRewritten = "main-rewritten"
            /// Pull requests parked in a row, and nothing landed.
            case parks
            /// A person said so.
            case person
        }
        package var kind: Kind
        /// One sentence for people, or a person's note.
        package var message: String
        package var evidence: [Violation]
        package var at: Timestamp
        package var by: String
        /// Running sessions are ended; otherwise they come to the end of their stage.
        package var isUrgent = false

        package init(
            _ kind: Kind, _ message: String, evidence: [Violation] = [], at: Timestamp, by: String = "factory"
        ) {
            self.kind = kind
            self.message = message
            self.evidence = evidence
            self.at = at
            self.by = by
        }

        fileprivate func says(as other: Stop) -> Bool { message == other.message && by == other.by }
    }

    /// The checks on the main branch's own tree, and how they ended.
    package struct Probe: Hashable, Sendable {
        package var commit: CommitID
        package var tree: TreeID
        /// The version of the floor that named the checks.
        package var floor: String
        package var isGreen: Bool
        /// Of the last run.
        package var checks: [CheckResult]
        /// Runs that it took: a red one is repeated once.
        package var runs: Int
        /// What was red, in a line.
        package var summary: String

        package init(
            commit: CommitID, tree: TreeID, floor: String, isGreen: Bool, checks: [CheckResult], runs: Int = 1,
            summary: String = ""
        ) {
            self.commit = commit
            self.tree = tree
            self.floor = floor
            self.isGreen = isGreen
            self.checks = checks
            self.runs = runs
            self.summary = summary
        }
    }
}

/// What happened to the line as a whole. One event is one commit of its record.
package struct StandingEvent: Hashable, Sendable {
    /// What it was.
    package enum What: Hashable, Sendable {
        case stopped(Standing.Stop)
        /// A person lets it go on; `accepted` is a red commit of the main branch to go on from all the same.
        case started(note: String, accepted: CommitID?)
        case probed(Standing.Probe)
    }
    package var what: What
    package var at: Timestamp
    package var by: String

    package init(_ what: What, at: Timestamp, by: String = "factory") {
        self.what = what
        self.at = at
        self.by = by
    }

    /// The event as one sentence for people: the subject of its commit.
    package var sentence: String {
        switch what {
        case .stopped(let stop): "Stopped (\(stop.kind.rawValue))\(stop.message.isEmpty ? "" : ": \(stop.message)")"
        case .started(_, let accepted): accepted.map { "Started, although \($0.short) is red" } ?? "Started"
        case .probed(let probe):
            "Checked \(probe.commit.short) of the main branch: \(probe.isGreen ? "green" : "red")"
        }
    }
}

/// An event that the line's record does not allow.
package struct StandingFault: Error, Hashable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
