import FactoryCore
import Synchronization

/// Takes one PR from station to station until it lands, parks, waits, or the line is told to stop.
struct Worker: Sendable {
    let ports: LinePorts
    let till: Till
    let turnstiles: Turnstiles
    /// The token of the session that is running, for the line to see whether it still is the journal's.
    let session: CurrentSession
    var refused = RefusedAgents()
    /// Stops after the first stage.
    var oneStage = false

    /// Works the PR as far as it goes and gives the newest entry. Throws what must stop the whole line.
    func work(_ tip: Tip) async throws -> Tip {
        var tip = tip
        // What it was admitted for it does; whom it has to let go first after that is the scheduler's to say.
        var isAdmitted = true
        while !Task.isCancelled, let stage = nextStage(tip.pr),
            isAdmitted || !Admission.Candidate(tip.pr).mayHaveToWait, try await !ports.isStopped()
        {
            do {
                tip = try await turn(tip, stage)
                if oneStage { return tip }
                isAdmitted = false
            } catch let refused as NoRoom {
                return refused.tip
            } catch let lost as SessionLost {
                // Whoever moved it may have been shown over by what this worker showed last.
                await ports.show(lost.tip.pr)
                return lost.tip
            }
        }
        return tip
    }

    private func nextStage(_ pr: PullRequest) -> Stage? {
        if let notBefore = pr.notBefore, notBefore > ports.clock.now() { return nil }
        return pr.state == .queued ? .plan : pr.state.stage
    }

    /// One stage. What there is only so many times at once is waited for before the session starts, so that waiting is
    /// no part of it: no attempt, no lane, no time.
    private func turn(_ tip: Tip, _ stage: Stage) async throws -> Tip {
        switch stage {
        case .plan, .planReview, .implementation, .codeReview: return try await work(tip, stage)
        case .implementationCI: return try await withSlot(tip, stage)
        case .merge:
            session.wait(for: stage)
            defer { session.end() }
            return try await turnstiles.landing.pass(limit: 1) {
                guard try await fetch() else { return tip }
                return await expectsChecks(tip.pr) ? try await withSlot(tip, stage) : try await work(tip, stage)
            } ?? tip
        }
    }

    /// Whether its landing will begin with a run of checks. What cannot be looked at now is met again in the session, which
    /// tells of it.
    private func expectsChecks(_ pr: PullRequest) async -> Bool {
        do { return try await Merger.needsChecks(pr, ports) } catch { return false }
    }

    private func withSlot(_ tip: Tip, _ stage: Stage) async throws -> Tip {
        let slots = try await ports.floors.floor(at: ports.hub.mainTip()).configuration.checkRunsAtOnce
        session.wait(for: stage)
        defer { session.end() }
        return try await turnstiles.checks.pass(limit: slots) { try await work(tip, stage, hasSlot: true) } ?? tip
    }

    /// Brings the main branch up to its upstream; false: the line was stopped meanwhile, which ends the fetch as well.
    private func fetch() async throws -> Bool {
        do {
            try await ports.upstream?.fetch()
            return true
        } catch {
            if Task.isCancelled { return false }
            throw error
        }
    }

    /// `started`, the station, `finished`.
    private func work(_ tip: Tip, _ stage: Stage, hasSlot: Bool = false) async throws -> Tip {
        // Its turn has come: from here on it may move the PR itself, which is no reason to call it off.
        session.end()
        var tip = tip
        if tip.pr.state == .queued, try await !fetch() { return tip }
        let floor = try await ports.floors.floor(at: ports.hub.mainTip())
        guard floor.configuration.hasChecks else { throw LineStopped.noChecks }
        if refused.hold(tip.pr.state, floor.configuration) { throw NoRoom(tip: tip) }
        tip = try await BranchWatch(ports: ports).reconcile(tip)
        guard nextStage(tip.pr) == stage else { return tip }
        let leave = try await Budgeting(ports: ports, till: till, floor: floor).leave(tip, stage)
        guard let purse = leave.purse else { return try await perform(tip, stage, floor, leave, hasSlot) }
        do {
            tip = try await perform(tip, stage, floor, leave, hasSlot)
            await till.settle(purse.grant.reservation.session, purse.charge)
            return tip
        } catch {
            await till.settle(purse.grant.reservation.session, purse.charge)
            throw error
        }
    }

    /// The session itself, for which money is put aside by now.
    private func perform(
        _ tip: Tip, _ stage: Stage, _ floor: Floor, _ leave: Budgeting.Leave, _ hasSlot: Bool
    ) async throws -> Tip {
        var tip = tip
        let recorder = Recorder(journal: ports.journal, clock: ports.clock)
        let began = ports.clock.now()
        let token = Self.token(tip.pr, stage)
        var prepared = try await prepare(tip.pr, stage, token, floor, leave)
        let shown = tip.pr.head
        do {
            tip = try await recorder.append(.started(prepared.start), to: tip, token: nil)
        } catch let refused as RecordRefused {
            // Without what the line has put onto the head for this session.
            prepared = .stopped(plain(tip.pr, stage, token, floor), .guardTripped([refused.violation]))
            tip = try await recorder.append(.started(prepared.start), to: tip, token: nil)
        } catch let error where error.isPassing {
            // It stands here, and counts once the remote has it. The session is over before an agent was asked.
            guard let here = try await ports.journal.tip(of: tip.pr.number), here.pr.active?.token == token else {
                throw error
            }
            return try await finish(here, prepared.start, putOff(by: error), floor, began, leave.purse?.charge)
        }
        session.begin(token)
        ports.observe(.started(tip.pr, stage, attempt: prepared.start.attempt))
        if tip.pr.head != shown || tip.pr.state == .plan { await ports.show(tip.pr) }
        var result = try await result(of: prepared, tip, floor, leave.purse, hasSlot)
        session.end()
        result.outcome = try await Budgeting(ports: ports, till: till, floor: floor)
            .completed(result.outcome, tip.pr.number, stage, leave.purse)
        if case .landed = result.outcome { return try await landed(tip, began) }
        return try await finish(tip, prepared.start, result, floor, began, leave.purse?.charge)
    }

    private enum Prepared {
        case ready(Preparation.Result)
        case stopped(Start, Outcome)

        var start: Start {
            switch self {
            case .ready(let result): result.start
            case .stopped(let start, _): start
            }
        }
    }

    /// What cannot be prepared is a stage that starts and fails, so that the journal tells of it.
    private func prepare(
        _ pr: PullRequest, _ stage: Stage, _ token: String, _ floor: Floor, _ leave: Budgeting.Leave
    ) async throws -> Prepared {
        let plain = plain(pr, stage, token, floor)
        if case .spent(let violations) = leave { return .stopped(plain, .budgetSpent(violations)) }
        do {
            switch try await Preparation(ports: ports, floor: floor).prepare(pr, stage: stage, token: token) {
            case .ready(let result): return .ready(result)
            case .stopped(let outcome): return .stopped(plain, outcome)
            }
        } catch {
            if error.isDiskFull { throw error }
            return .stopped(plain, .failed(.host, "the stage could not be prepared: \(error)"))
        }
    }

    /// A session on the head as it is.
    private func plain(_ pr: PullRequest, _ stage: Stage, _ token: String, _ floor: Floor) -> Start {
        Start(
            stage: stage, attempt: pr.counts[stage, default: Counts()].attempts + 1, token: token, head: pr.head,
            base: pr.base, floor: floor.commit)
    }

    private func result(
        of prepared: Prepared, _ tip: Tip, _ floor: Floor, _ purse: Purse?, _ hasSlot: Bool
    ) async throws -> StageResult {
        switch prepared {
        case .stopped(_, let outcome): return StageResult(outcome)
        case .ready(let ready):
            do {
                let shift = Shift(
                    tip: tip, start: ready.start, floor: floor, ports: ports, conflict: ready.conflict,
                    plain: ready.plain, tree: ready.tree, purse: purse,
                    slots: hasSlot ? nil : turnstiles.checks)
                return try await Self.station(ready.start.stage).work(shift)
            } catch let stop as LineStopped {
                throw stop
            } catch let lost as SessionLost {
                throw lost
            } catch let refused as RecordRefused {
                return StageResult(.guardTripped([refused.violation]))
            } catch let error where error.isPassing {
                return putOff(by: error)
            } catch {
                if error.isDiskFull { throw error }
                return StageResult(.failed(.host, "\(error)"))
            }
        }
    }

    /// Through no fault of the PR.
    private func putOff(by error: any Error) -> StageResult {
        StageResult(.deferred(Deferral(kind: .host, until: ports.clock.now() + 60, message: "\(error)")))
    }

    private static func station(_ stage: Stage) -> any Station {
        switch stage {
        case .plan: Planner()
        case .planReview: PlanReviewer()
        case .implementation: Implementer()
        case .implementationCI: CIGate()
        case .codeReview: CodeReviewer()
        case .merge: Merger()
        }
    }

    /// What the remote does not take parks, and is kept as what a guard has held back is.
    private func finish(
        _ tip: Tip, _ start: Start, _ result: StageResult, _ floor: Floor, _ began: Timestamp, _ charge: Charge?
    ) async throws -> Tip {
        do { return try await record(tip, start, result, floor, began, charge) } catch let refused as RecordRefused {
            var parked = StageResult(.guardTripped([refused.violation]))
            (parked.usage, parked.leftOut, parked.rescue) = (result.usage, result.leftOut, result.rescue)
            if let head = result.head {
                parked.rescue = try await ports.hub.rescue(
                    ports.hub.tree(of: head), of: tip.pr, attempt: start.session, lacking: [])
            }
            return try await record(tip, start, parked, floor, began, charge)
        }
    }

    private func record(
        _ tip: Tip, _ start: Start, _ result: StageResult, _ floor: Floor, _ began: Timestamp, _ charge: Charge?
    ) async throws -> Tip {
        let now = ports.clock.now()
        var policy = Policy(retries: floor.configuration.retries)
        policy.asksBeforeImplementation = floor.configuration.asksBeforeImplementation(tip.pr.kind)
        var tip = tip
        let move = try Lifecycle.move(tip.pr, on: result.outcome, policy: policy, now: now)
        var finish = Finish(
            token: start.token, stage: start.stage, attempt: start.attempt, outcome: result.outcome, move: move)
        finish.head = result.head
        finish.base = result.base
        finish.approvedPlan = result.approvedPlan
        finish.plannedFiles = result.plannedFiles
        finish.tested = result.tested
        finish.verdict = result.verdict
        finish.checks = result.checks
        finish.warnings = result.warnings
        finish.summary = result.summary
        finish.usage = result.usage
        finish.charge = charge
        finish.rescue = result.rescue
        finish.seconds = now - began
        let recorder = Recorder(journal: ports.journal, clock: ports.clock)
        do {
            tip = try await recorder.append(.finished(finish), to: tip, token: start.token, artifacts: result.artifacts)
            tip = try await recorder.remarkLeftOut(result.leftOut, of: start, on: tip)
        } catch let lost as SessionLost where result.rescue != nil {
            throw SessionLost(tip: try await recorder.remarkSaved(start, on: lost.tip))
        } catch let error where error.isPassing {
            // It has ended and stands here; only the remote does not have it yet.
            ports.observe(.finished(tip.pr, start.stage, result.outcome, seconds: finish.seconds))
            throw error
        }
        ports.observe(.finished(tip.pr, start.stage, result.outcome, seconds: finish.seconds))
        if let role = start.stage.role,
            refused.note(result.outcome, of: floor.configuration.agent(for: role), for: tip.pr.number)
        {
            ports.observe(
                .warning(
                    "the \(role.rawValue)'s agent cannot work before a person acts: it gets no more work in this run"))
        }
        if result.head != nil { await ports.show(tip.pr) }
        return tip
    }

    private func landed(_ tip: Tip, _ began: Timestamp) async throws -> Tip {
        guard let newest = try await ports.journal.tip(of: tip.pr.number) else { return tip }
        await till.close(newest.pr.number)
        ports.observe(.landed(newest.pr))
        await ports.show(newest.pr)
        await ports.retireCandidates()
        // In a task of its own, so that a stop does not keep back what has landed.
        try await Task { [upstream = ports.upstream] in try await upstream?.push() }.value
        return newest
    }

    /// Names the session in the journal and marks its processes: unguessable, so that nobody else's is taken for it.
    private static func token(_ pr: PullRequest, _ stage: Stage) -> String {
        "\(pr.number.value)-\(stage.rawValue)-" + String(UInt64.random(in: .min ... .max), radix: 36)
    }
}

/// The token of the session that a worker runs at the moment.
final class CurrentSession: Sendable {
    private let state = Mutex((token: String?.none, awaited: Stage?.none))

    /// It waits for its turn to start a session of this stage.
    func wait(for stage: Stage) { state.withLock { $0 = (nil, stage) } }
    func begin(_ token: String) { state.withLock { $0 = (token, nil) } }
    func end() { state.withLock { $0 = (nil, nil) } }
    var current: String? { state.withLock { $0.token } }
    var awaited: Stage? { state.withLock { $0.awaited } }
}
