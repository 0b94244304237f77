import FactoryConfig
import FactoryCore
import FactoryGit

/// The PRs as they stand, and what holds those that wait.
struct Board: Sendable {
    /// By number.
    var pullRequests: [PullRequest]
    var holds: [PRNumber: Admission.Hold]
    /// Whom sessions belong to that really run, as far as this machine can tell.
    var working: Set<PRNumber>
    var time: LocalTime
    var mainBranch = "main"
    /// Numbers that somebody depends on and that were never submitted.
    var unknown: Set<Int> = []
    /// Whether the line is stopped, and why.
    var standing = Standing()
    /// What was reverted, of what somebody depends on.
    var reverted: Set<Int> = []
    /// What the open night has spent; nil when none is open, or nothing caps one.
    var night: NightSpend?
    /// Why the configuration on the main branch cannot be read, when it cannot.
    var fault: String?
    /// Checks whose answer does not count for a while, or did not.
    var quarantine: [Quarantine]

    /// What every PR waits for, judged by the scheduler's own rules; a slot is free as long as nobody works.
    init(
        _ pullRequests: [PullRequest], landed: Set<Int> = [], working: Set<PRNumber>, configuration: Configuration,
        minuteOfDay: Int, time: LocalTime, ledger: Ledger = Ledger()
    ) {
        self.pullRequests = pullRequests.sorted { $0.number < $1.number }
        self.working = working
        self.time = time
        quarantine = configuration.quarantine
        let merged = pullRequests.filter(\.isInMain).map(\.number.value)
        reverted = Set(pullRequests.filter { $0.reverted != nil }.map(\.number.value))
        night = NightSpend(ledger, configuration.budget, at: time.now)
        var situation = Admission.Situation(
            open: pullRequests.filter { !$0.state.isFinal }.map(Admission.Candidate.init), landed: landed.union(merged),
            working: working,
            concurrency: configuration.concurrency, night: configuration.night, minuteOfDay: minuteOfDay,
            now: time.now)
        situation.nightSpentUntil = night.flatMap { $0.shortage == nil ? nil : $0.night.until }
        holds = Admission.plan(situation).holds
    }

    /// Reads hub and journal; `archived` adds the PRs that were put away.
    static func read(_ store: GitStore, presence: Presence, clock: any WallClock, archived: Bool) async throws -> Board
    {
        var all = try await store.list().map(\.pr)
        let known = Set(all.map(\.number))
        if archived { all += try await store.archived(.max).filter { !known.contains($0.number) } }
        let here = Set(all.map(\.number.value))
        var (landed, unknown, reverted): (Set<Int>, Set<Int>, Set<Int>) = ([], [], [])
        for number in Set(all.flatMap(\.dependsOn)).subtracting(here) {
            guard let tip = try await store.tip(of: PRNumber(number)) else {
                unknown.insert(number)
                continue
            }
            if tip.pr.isInMain { landed.insert(number) }
            if tip.pr.reverted != nil { reverted.insert(number) }
        }
        let working = all.filter { $0.active != nil && presence.works($0.number) }.map(\.number)
        let read = await configuration(store)
        var board = Board(
            all, landed: landed, working: Set(working), configuration: (try? read.get()) ?? Configuration(),
            minuteOfDay: clock.minuteOfDay(), time: LocalTime(clock), ledger: try await store.ledger().ledger)
        if case .failure(let error) = read { board.fault = "\(error)" }
        board.mainBranch = await store.mainBranch
        board.unknown = unknown
        board.reverted.formUnion(reverted)
        board.standing = try await store.standing().standing
        return board
    }

    /// What the main branch says, or why it cannot be read; without a file the defaults hold.
    private static func configuration(_ store: GitStore) async -> Result<Configuration, any Error> {
        guard let tree = try? await store.tree(of: store.mainTip()),
            let bytes = try? await store.file(RepoPath(ConfigFile.path), in: tree, limit: 1 << 20)
        else { return .success(Configuration()) }
        return Result { try ConfigFile(parsing: bytes).configuration }
    }
}

extension Board {
    /// What to say of the night's money when it keeps PRs back.
    var nightSpent: String? {
        let isFelt = holds.values.contains { if case .budget = $0 { true } else { false } }
        return isFelt ? night?.spent(time) : nil
    }

    /// What a PR that is not parked does or waits for, as half a sentence.
    func doing(_ pr: PullRequest) -> String {
        if let active = pr.active {
            let session = "\(active.stage.rawValue), session \(active.attempt)"
            return working.contains(pr.number)
                ? "\(session), for \(time.age(active.startedAt))" : "\(session), but nobody works on it: factory run"
        }
        let place = pr.state == .queued ? "queued" : "before \(pr.state.rawValue)"
        if standing.isStopped { return "\(place), but the line is stopped: factory start" }
        guard let hold = holds[pr.number] else { return "\(place), the line takes it on next" }
        return "\(place), \(phrase(hold))"
    }

    /// What holds a PR, as half a sentence.
    func phrase(_ hold: Admission.Hold) -> String {
        switch hold {
        case .until(let moment): "not before \(time.text(moment))"
        case .dependencies(let numbers) where numbers.allSatisfy(reverted.contains):
            "waits for \(Wording.numbers(numbers)), which was reverted"
        case .dependencies(let numbers):
            numbers.allSatisfy(unknown.contains)
                ? "waits for \(Wording.numbers(numbers)), never submitted" : "waits for \(Wording.numbers(numbers))"
        case .cycle(let numbers): "waits in a circle: \(numbers.map { "#\($0)" }.joined(separator: " → "))"
        case .night: "waits for the night"
        case .budget(let until): "waits for the next night (\(time.text(until))): the cap of this one is spent"
        case .behind(let other, .stream(let name)):
            "waits for \(other), which is ahead of it in the stream \(Wording.line(name, limit: 40))"
        case .behind(let other, .files(let names)):
            "waits for \(other), whose plan names \(Wording.list(names.prefix(3).map { Wording.line($0, limit: 60) })) as well"
        case .slot: "waits for its turn"
        }
    }

    /// The PRs that must move before this one can.
    func waitsFor(_ number: PRNumber) -> [Int] {
        switch holds[number] {
        case .dependencies(let numbers), .cycle(let numbers): numbers
        case .behind(let other, _): [other.value]
        case .until, .night, .budget, .slot, nil: []
        }
    }
}
