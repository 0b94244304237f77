package import FactoryCore

/// The loop: looks at the journal, lets the scheduler choose, starts workers, and ends when nothing can move.
package actor Line {
    private enum Wake: Sendable {
        case ended(PRNumber, Result<Tip, any Error>)
        case probed(Result<LineGate.Answer, any Error>)
        case tick(urgent: Bool)
        case stop
    }

    private struct Bench {
        let task: Task<Void, Never>
        let session: CurrentSession
    }

    private let executor: any SerialExecutor
    private let ports: LinePorts
    private let till: Till
    private let turnstiles = Turnstiles()
    private let options: Options
    private let ticks: AsyncStream<Bool>
    private let intake: @Sendable () async throws -> Void
    private let wakes: AsyncStream<Wake>
    private let bell: AsyncStream<Wake>.Continuation
    /// PRs that are not final, as the line last saw them.
    private var board: [PRNumber: Tip] = [:]
    private var candidates: [PRNumber: Admission.Candidate] = [:]
    /// PRs that have landed and are not archived yet.
    private var merged: Set<PRNumber> = []
    /// Those that had landed when the line began to run.
    private var mergedBefore: Set<PRNumber> = []
    private var landed: Set<Int> = []
    private var working: [PRNumber: Bench] = [:]
    /// Whether another process works a PR that this line would work.
    private var mustLookAgain = false
    /// Whether somebody may have changed something since the journal was looked at.
    private var isStale = false
    private var stopping = false
    private var missedTick = false
    private var refreshedAt = Timestamp(milliseconds: 0)
    private var failure: (any Error)?
    /// The night's cap that keeps PRs back, and when the night ends; nil while none does.
    package private(set) var nightSpent: (shortage: Shortage, until: Timestamp)?
    /// How the line stood when it was looked at last: whether it is stopped for everybody, and why.
    package private(set) var standing = Standing()
    /// The commit of the main branch that work may begin on.
    private var goodMain: CommitID?
    private var probing: Task<Void, Never>?
    private let refused = RefusedAgents()
    /// Set while the remote is away.
    private var absence: Absence?
    /// PRs of which nothing can be recorded.
    private var leftAlone: Set<PRNumber> = []

    /// The line and its workers run on `executor`, best the one that journal and hub run on. `ticks` fires when somebody else may have changed something: true for the journal, which is looked at at once,
    /// false for branches, which can wait until a worker has ended. `intake` opens PRs for pushed branches.
    package init(
        _ ports: LinePorts, executor: any SerialExecutor, options: Options = Options(),
        ticks: AsyncStream<Bool> = AsyncStream { $0.finish() },
        intake: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.executor = executor
        self.ports = ports
        till = Till(ports, executor: executor)
        self.options = options
        self.ticks = ticks
        self.intake = intake
        (wakes, bell) = AsyncStream.makeStream()
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Stops admitting, ends the running sessions cleanly, and lets `run` return.
    package nonisolated func stop() { bell.yield(.stop) }

    /// Works until nothing can move. Throws what made the whole line stop.
    package func run() async throws {
        try await refresh()
        mergedBefore = merged
        try await ports.heedingAbsence { try await Reverting.complete(ports) }
        try await Recovery(ports: ports, till: till).run(Array(board.values))
        if options.newNight { try await till.beginNight(ports.floors.floor(at: ports.hub.mainTip()).configuration) }
        // What landed and was not pushed any more goes along with it.
        try await ports.heedingAbsence { try await ports.upstream?.fetch() }
        await ports.retireCandidates()
        try await refresh()
        let ticker = Task { [ticks, bell] in for await urgent in ticks { bell.yield(.tick(urgent: urgent)) } }
        defer { ticker.cancel() }
        var iterator = wakes.makeAsyncIterator()
        do {
            while try await turn(&iterator) {}
        } catch {
            failure = failure ?? error
        }
        await endWorkers(&iterator)
        // What could not be taken away at its landing, and what people have closed.
        if failure == nil, !stopping { await ports.retireCandidates() }
        await ports.leases.settle()
        do { try await ports.heedingAbsence { try await till.flush() } } catch { failure = failure ?? error }
        if let failure { throw failure }
    }

    /// A turn of the loop, whether or not the remote is there. False: nothing can move any more.
    private func turn(_ iterator: inout AsyncStream<Wake>.Iterator) async throws -> Bool {
        do { return try await step(&iterator) } catch let error where error.isPassing {
            if absence == nil {
                ports.observe(.warning("\(error); what needs it waits"))
                absence = Absence(at: ports.clock.now())
            } else if absence?.goesOn(at: ports.clock.now()) == false {
                throw error
            }
            missedTick = true
            return true
        }
    }

    /// Whether the remote was away and is not to be asked again yet.
    private var isAway: Bool { absence.map { $0.until > ports.clock.now() } ?? false }

    /// Starts what can start, then waits for one thing to happen. False: nothing can move any more.
    private func step(_ iterator: inout AsyncStream<Wake>.Iterator) async throws -> Bool {
        let plan = try await admit()
        if !working.isEmpty || probing != nil {
            if let wake = await iterator.next(isolation: self) { try await handle(wake) }
        } else if missedTick && !stopping && !isAway {
            try await refresh()
        } else if !stopping, let wait = waitingTime(plan) {
            try await pause(wait, &iterator)
        } else if isStale && !stopping {
            try await refresh()
        } else {
            return false
        }
        return failure == nil
    }

    /// Nobody outlives the run.
    private func endWorkers(_ iterator: inout AsyncStream<Wake>.Iterator) async {
        cancelAll()
        while !working.isEmpty || probing != nil, let wake = await iterator.next(isolation: self) {
            if case .ended(let number, _) = wake { working[number] = nil }
            if case .probed = wake { probing = nil }
        }
    }

    private func cancelAll() {
        for bench in working.values { bench.task.cancel() }
        probing?.cancel()
    }

    /// What stands open, as the line last saw it.
    package var open: [PullRequest] { board.values.map(\.pr).sorted { $0.number < $1.number } }

    /// How many PRs have landed since the line began to run.
    package var landedCount: Int { merged.subtracting(mergedBefore).count }

    private func refresh() async throws {
        // What landed while the upstream was away.
        if absence != nil { try await ports.upstream?.push() }
        try await intake()
        (missedTick, isStale) = (false, false)
        refreshedAt = ports.clock.now()
        (board, candidates) = ([:], [:])
        for tip in try await ports.journal.list() {
            if options.only == nil || tip.pr.number == options.only {
                note(try await resumed(tip))
            } else if !tip.pr.state.isFinal {
                // Not worked here, but it may be ahead of the one that is.
                candidates[tip.pr.number] = Admission.Candidate(tip.pr)
            }
        }
        let wanted = Set(board.values.flatMap(\.pr.dependsOn)).subtracting(landed)
        for number in wanted where board[PRNumber(number)] == nil {
            let tip = try await ports.journal.tip(of: PRNumber(number))
            if tip?.pr.isInMain == true { landed.insert(number) }
        }
        for (number, bench) in working { try await endIfLost(number, bench) }
    }

    /// What only `autonomy: shadow` kept from landing goes on once the line may land. It is merged, tested and certified
    /// anew, because the floor is another one; no agent is asked again.
    private func resumed(_ tip: Tip) async throws -> Tip {
        guard tip.pr.reason?.kind == .shadow, let resume = tip.pr.resume else { return tip }
        let autonomy = try await ports.floors.floor(at: ports.hub.mainTip()).configuration.autonomy
        guard autonomy != .shadow else { return tip }
        let event = Event.resumed(to: resume, note: "autonomy is \(autonomy.rawValue) now")
        do {
            return try await ports.journal.append(
                Entry(event, at: ports.clock.now(), by: "factory"), to: tip, artifacts: [])
        } catch is JournalConflict {
            return try await ports.journal.tip(of: tip.pr.number) ?? tip
        } catch let refused as RecordRefused {
            ports.observe(.warning("\(refused)"))
            return tip
        }
    }

    private func note(_ tip: Tip) {
        let number = tip.pr.number
        if tip.pr.state == .merged {
            if tip.pr.isInMain { landed.insert(number.value) } else { landed.remove(number.value) }
            merged.insert(number)
        }
        board[number] = tip.pr.state.isFinal ? nil : tip
        candidates[number] = tip.pr.state.isFinal ? nil : Admission.Candidate(tip.pr)
    }

    /// Ends a worker whose session a person has moved or ended. The token is read first: a worker clears it before it
    /// reports, so a token that is set while the journal names another was taken from it. Likewise one that waits for a
    /// session that the PR will not have any more.
    private func endIfLost(_ number: PRNumber, _ bench: Bench) async throws {
        if let stage = bench.session.awaited {
            let state = try await ports.journal.tip(of: number)?.pr.state
            if state != stage.state, bench.session.awaited == stage { bench.task.cancel() }
            return
        }
        guard let token = bench.session.current, let tip = try await ports.journal.tip(of: number),
            tip.pr.active?.token != token, bench.session.current == token
        else { return }
        bench.task.cancel()
    }

    private func admit() async throws -> Admission.Plan {
        mustLookAgain = false
        guard !stopping, failure == nil, try await !isStopped() else { return Admission.Plan() }
        let floor = try await ports.floors.floor(at: ports.hub.mainTip())
        let spent = try await till.nightShortage(floor.configuration)
        refused.forget { working[$0] != nil || board[$0]?.pr.reason?.kind == .agent }
        let open = candidates.values.filter {
            !refused.hold($0.state, floor.configuration) && !leftAlone.contains($0.number)
        }
        var situation = Admission.Situation(
            open: open, landed: landed, working: Set(working.keys),
            concurrency: options.only == nil ? floor.configuration.concurrency : .max,
            night: options.watch ? floor.configuration.night : nil, minuteOfDay: ports.clock.minuteOfDay(),
            now: ports.clock.now())
        situation.nightSpentUntil = spent?.until
        var plan = Admission.plan(situation)
        if let only = options.only { plan = plan.only(only) }
        tell(spent, plan)
        if !plan.start.isEmpty, !isAway, try await mainIsGood() {
            for number in plan.start { try await launch(number) }
        }
        return plan
    }

    /// Whether the line is stopped for everybody; says so once, and ends what is to be ended.
    private func isStopped() async throws -> Bool {
        let now = try await ports.standing.standing().standing
        if now.isStopped, now.stops != standing.stops { ports.observe(.stopped(now)) }
        if !now.isStopped, standing.isStopped { ports.observe(.warning("the line goes on")) }
        standing = now
        if now.isUrgent { cancelAll() }
        return now.isStopped
    }

    /// Whether work may begin on the main branch as it is; if nobody knows, finds out beside what is running.
    private func mainIsGood() async throws -> Bool {
        let tip = try await ports.hub.mainTip()
        if tip == goodMain { return true }
        guard probing == nil else { return false }
        let gate = LineGate(ports: ports)
        if try await gate.knowsGood(tip) {
            goodMain = tip
            return true
        }
        // Not a child task, as with workers.
        probing = Task { [bell] in
            do { bell.yield(.probed(.success(try await gate.look(at: tip)))) } catch {
                bell.yield(.probed(.failure(error)))
            }
        }
        return false
    }

    /// Says once that the night's cap keeps PRs back.
    private func tell(_ spent: (shortage: Shortage, until: Timestamp)?, _ plan: Admission.Plan) {
        let isFelt = plan.holds.values.contains { if case .budget = $0 { true } else { false } }
        guard let spent, isFelt else { return nightSpent = nil }
        if nightSpent == nil { ports.observe(.warning("\(spent.shortage.text): no more agents are started")) }
        nightSpent = spent
    }

    private func launch(_ number: PRNumber) async throws {
        guard let tip = board[number] else { return }
        guard let lease = try await ports.leases.take(number) else { return mustLookAgain = true }
        isStale = true
        let session = CurrentSession()
        let worker = Worker(
            ports: ports, till: till, turnstiles: turnstiles, session: session, refused: refused,
            oneStage: options.oneStage)
        // Not a child task: workers come and go while the loop waits for whichever ends first. `handle` awaits each.
        let task = Task { await work(tip, with: worker, under: lease) }
        working[number] = Bench(task: task, session: session)
    }

    /// Runs where the line runs, because a worker talks to the same stores all the time. Who had the lease before may
    /// have worked the PR further, or died over it: then it is admitted anew.
    private func work(_ tip: Tip, with worker: Worker, under lease: any Lease) async {
        let result: Result<Tip, any Error>
        do {
            let now = try await Recovery(ports: ports, till: till).settle(tip.pr.number) ?? tip
            result = .success(now.id == tip.id ? try await worker.work(tip) : now)
        } catch { result = .failure(error) }
        // Before the loop hears of it and may want the PR worked again.
        lease.release()
        bell.yield(.ended(tip.pr.number, result))
    }

    private func handle(_ wake: Wake) async throws {
        switch wake {
        case .ended(let number, .success(let tip)):
            working[number] = nil
            absence = nil
            // A person may have been there since the worker wrote last.
            let newest = try await ports.journal.tip(of: number) ?? tip
            note(newest)
            if newest.pr.state == .needsAttention { try await ParkCount(ports: ports).stopIfTooMany() }
            stopping = stopping || options.oneStage
            if missedTick, ports.clock.now() - refreshedAt >= 5 { try await refresh() }
        case .ended(let number, .failure(let refused as RecordRefused)) where refused.number == number:
            // Not even that it parks can be recorded. The others go on.
            working[number] = nil
            leftAlone.insert(number)
            ports.observe(.warning("\(refused); \(number) is left alone in this run"))
        case .ended(let number, .failure(let error)) where error.isPassing:
            working[number] = nil
            if let newest = try await ports.journal.tip(of: number) { note(newest) }
            throw error
        case .ended(let number, .failure(let error)):
            working[number] = nil
            if failure == nil { failure = error }
            cancelAll()
        case .probed(let result):
            probing = nil
            if case .good(let commit) = try result.get() { goodMain = commit }
        case .tick(let urgent):
            if urgent || working.isEmpty { try await refresh() } else { missedTick = true }
        case .stop:
            stopping = true
            cancelAll()
        }
    }

    /// Seconds until something may move again, or nil when nothing will within the patience.
    private func waitingTime(_ plan: Admission.Plan) -> Double? {
        let now = ports.clock.now()
        // As long as it takes: `turn` knows the bound.
        if let absence, isAway, !plan.start.isEmpty || missedTick { return absence.until - now }
        let times = plan.holds.values.compactMap { hold -> Double? in
            switch hold {
            case .until(let time): max(0, time - now)
            case .night: 30
            case .budget(let time): options.watch ? max(0, time - now) : nil
            case .dependencies, .cycle, .behind, .slot: nil
            }
        }
        if mustLookAgain { return min(times.min() ?? 1, 1) }
        if options.watch { return min(times.min() ?? 60, 60) }
        guard let first = times.min(), first <= options.patience else { return nil }
        return first
    }

    private func pause(_ seconds: Double, _ iterator: inout AsyncStream<Wake>.Iterator) async throws {
        try await till.flush()
        let timer = Task { [bell, clock = ports.clock] in
            await clock.sleep(seconds: seconds)
            if !Task.isCancelled { bell.yield(.tick(urgent: true)) }
        }
        defer { timer.cancel() }
        if let wake = await iterator.next(isolation: self) { try await handle(wake) }
    }
}
