/// Who is worked next. A pure function: the same PRs, bounds and time give the same answer.
package enum Admission {
    /// What the scheduler needs to know of a PR: a PR is large, and hundreds may wait.
    package struct Candidate: Hashable, Sendable {
        package let number: PRNumber
        package let state: State
        package let priority: Int
        package let openedAt: Timestamp
        package let notBefore: Timestamp?
        package let dependsOn: [Int]
        package let stream: String?
        /// What its approved plan names; none before the approval.
        package let files: [String]
        /// Whether a session of its implementation has started.
        package let isBegun: Bool

        /// Whether it might have to let others off the line before it goes on.
        package var mayHaveToWait: Bool { state == .implementation && !isBegun && (stream != nil || !files.isEmpty) }

        package init(_ pr: PullRequest) {
            number = pr.number
            state = pr.state
            priority = pr.priority
            openedAt = pr.openedAt
            notBefore = pr.notBefore
            dependsOn = pr.dependsOn
            stream = pr.stream
            files = pr.approvedPlan == nil ? [] : pr.plannedFiles
            isBegun =
                switch pr.state {
                case .implementation: pr.counts[.implementation, default: Counts()].attempts > 0
                case .implementationCI, .codeReview, .merge: true
                case .queued, .plan, .planReview, .needsAttention, .merged, .closed: false
                }
        }
    }

    /// What the scheduler knows.
    package struct Situation: Sendable {
        /// All PRs that are not final.
        package var open: [Candidate]
        /// Numbers of the specs that have landed.
        package var landed: Set<Int>
        /// PRs that somebody works at the moment.
        package var working: Set<PRNumber>
        package var concurrency: Int
        package var night: NightWindow?
        /// Local time.
        package var minuteOfDay: Int
        package var now: Timestamp
        /// When the night ends whose cap is spent; nil while there is room. No agent starts before.
        package var nightSpentUntil: Timestamp?
        /// False while the line is being stopped.
        package var admits: Bool

        package init(
            open: [Candidate], landed: Set<Int>, working: Set<PRNumber>, concurrency: Int,
            night: NightWindow? = nil, minuteOfDay: Int = 0, now: Timestamp, admits: Bool = true
        ) {
            self.open = open
            self.landed = landed
            self.working = working
            self.concurrency = concurrency
            self.night = night
            self.minuteOfDay = minuteOfDay
            self.now = now
            self.admits = admits
        }
    }

    /// Why a PR is not worked at the moment.
    package enum Hold: Hashable, Sendable {
        case until(Timestamp)
        /// For specs that have not landed, by number.
        case dependencies([Int])
        /// For specs that wait for this one in turn.
        case cycle([Int])
        case night
        /// For the next night, because the cap of this one is spent.
        case budget(Timestamp)
        /// For a PR that is ahead of it and must be off the line before its implementation starts.
        case behind(PRNumber, Tie)
        case slot
    }

    /// Why two PRs are implemented one after the other.
    package enum Tie: Hashable, Sendable {
        /// Both are in this stream.
        case stream(String)
        /// Both approved plans name these, or something that includes them.
        case files([String])
    }

    /// The answer: whom to work now, in order, and why the others wait.
    package struct Plan: Hashable, Sendable {
        package var start: [PRNumber] = []
        package var holds: [PRNumber: Hold] = [:]
        package init() {}

        /// The same for one PR alone.
        package func only(_ number: PRNumber) -> Plan {
            var plan = Plan()
            plan.start = start.filter { $0 == number }
            plan.holds[number] = holds[number]
            return plan
        }
    }

    package static func plan(_ situation: Situation) -> Plan {
        var plan = Plan()
        var free = max(0, situation.concurrency - situation.working.count)
        for pr in candidates(situation) {
            if let hold = hold(pr, situation) {
                plan.holds[pr.number] = hold
            } else if free > 0 {
                plan.start.append(pr.number)
                free -= 1
            } else {
                plan.holds[pr.number] = .slot
            }
        }
        return plan
    }

    /// Those on the line first, oldest first; then the queue by priority, then by age.
    private static func candidates(_ situation: Situation) -> [Candidate] {
        situation.open.filter { candidate in
            candidate.state != .needsAttention && !candidate.state.isFinal
                && !situation.working.contains(candidate.number)
        }.sorted(by: isBefore)
    }

    private static func isBefore(_ a: Candidate, _ b: Candidate) -> Bool {
        let (aIsQueued, bIsQueued) = (a.state == .queued, b.state == .queued)
        if aIsQueued != bIsQueued { return bIsQueued }
        if aIsQueued && a.priority != b.priority { return a.priority > b.priority }
        return (a.openedAt, a.number) < (b.openedAt, b.number)
    }

    private static func hold(_ pr: Candidate, _ situation: Situation) -> Hold? {
        if let notBefore = pr.notBefore, notBefore > situation.now { return .until(notBefore) }
        if let until = situation.nightSpentUntil, pr.state == .queued || pr.state.stage?.role != nil {
            return .budget(until)
        }
        if pr.mayHaveToWait { return behind(pr, situation) }
        guard pr.state == .queued else { return nil }
        let missing = pr.dependsOn.filter { !situation.landed.contains($0) }
        if !missing.isEmpty {
            return cycle(from: pr, situation.open).map { .cycle($0) } ?? .dependencies(missing)
        }
        if let night = situation.night, !night.contains(minuteOfDay: situation.minuteOfDay) { return .night }
        return situation.admits ? nil : .slot
    }

    /// Whom a PR has to let off the line before its implementation starts; nil: it may start.
    ///
    /// Only those on the line count, not the queue, so that nobody waits for one who waits for him, or for the night.
    /// Who has begun is ahead of who has not, then the older is ahead. The first of all is held by nobody.
    private static func behind(_ pr: Candidate, _ situation: Situation) -> Hold? {
        let ahead = situation.open.filter { other in
            guard other.number != pr.number, !other.state.isFinal, other.state != .needsAttention else { return false }
            let isWorked = situation.working.contains(other.number)
            guard isWorked || other.state != .queued else { return false }
            let isBegun = other.isBegun || isWorked && other.state == .implementation
            return isBegun || (other.openedAt, other.number) < (pr.openedAt, pr.number)
        }
        for other in ahead.sorted(by: { ($0.openedAt, $0.number) < ($1.openedAt, $1.number) }) {
            if let tie = tie(pr, other) { return .behind(other.number, tie) }
        }
        return nil
    }

    private static func tie(_ a: Candidate, _ b: Candidate) -> Tie? {
        if let stream = a.stream, stream == b.stream { return .stream(stream) }
        let files = PlannedFiles.shared(a.files, b.files)
        return files.isEmpty ? nil : .files(files)
    }

    /// The way from a PR through its dependencies back to itself, or nil.
    package static func cycle(from pr: Candidate, _ open: [Candidate]) -> [Int]? {
        let byNumber = Dictionary(open.map { ($0.number.value, $0.dependsOn) }) { first, _ in first }
        var seen: Set<Int> = []
        func walk(_ number: Int, _ way: [Int]) -> [Int]? {
            for next in byNumber[number] ?? [] {
                if next == pr.number.value { return way + [next] }
                if seen.insert(next).inserted, let found = walk(next, way + [next]) { return found }
            }
            return nil
        }
        return walk(pr.number.value, [pr.number.value])
    }
}
