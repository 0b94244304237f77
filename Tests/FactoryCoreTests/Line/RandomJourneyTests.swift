import FactoryCore
import FactoryTestSupport
import Testing

/// Journeys that no author would think of. The same seed gives the same journey.
struct RandomJourneyTests {
    // MARK: Anything at all

    /// An event that may or may not belong where the PR stands.
    private func anyEvent(for pr: PullRequest, _ random: inout SeededGenerator) -> Event {
        let head = CommitID.numbered(random.below(5))
        switch random.below(13) {
        case 0: return .opened(.sample())
        case 1: return .amended(.sample(random.once(in: 4) ? 8 : 7, head: head))
        case 2: return .pushed(head: head, base: .numbered(0xBA), to: random.pick(State.allCases))
        case 3, 4, 5:
            var start = Start.next(random.pick(Stage.allCases), of: pr, token: "token-\(random.below(3))")
            start.head = head
            return .started(start)
        case 6, 7, 8: return .finished(anyFinish(for: pr, &random))
        case 9:
            return .certified(
                token: pr.active?.token ?? "none", Certification(id: .numbered(1), squash: head, base: pr.base),
                certificate: .null)
        case 10: return .landed(head)
        case 11: return anyCommand(head, &random)
        default: return random.once(in: 2) ? .noted("hm") : .unknown(kind: "sung", ["song": "la"])
        }
    }

    /// An event that the line itself could write next.
    private func likelyEvent(for pr: PullRequest, _ random: inout SeededGenerator) -> Event {
        guard let stage = pr.state == .queued ? .plan : pr.state.stage else { return .retried(to: .plan, note: "") }
        guard let active = pr.active else { return .started(.next(stage, of: pr, token: "token-\(random.below(3))")) }
        if let certificate = pr.certificate, random.once(in: 2) { return .landed(certificate.squash) }
        if stage == .merge, random.once(in: 2) {
            let certification = Certification(id: .numbered(1), squash: .numbered(random.below(5)), base: pr.base)
            return .certified(token: active.token, certification, certificate: .null)
        }
        let forward = random.once(in: 2) ? [.delivered, .approved, .green] : Outcome.oneOfEachKind
        let lawful = forward.shuffled(using: &random).lazy.compactMap { try? Finish.active(of: pr, $0) }.first
        return lawful.map { .finished($0) } ?? .noted("nothing to do")
    }

    private func anyCommand(_ head: CommitID, _ random: inout SeededGenerator) -> Event {
        switch random.below(6) {
        case 0: .approved(overrides: random.once(in: 2) ? ["diff-size"] : [], head: head)
        case 1: .answered("blue")
        case 2, 3: .retried(to: random.pick(State.allCases), note: "")
        case 4: .parked(note: "wait")
        default: random.once(in: 5) ? .closed(note: "no") : .noted("hm")
        }
    }

    private func anyFinish(for pr: PullRequest, _ random: inout SeededGenerator) -> Finish {
        let outcome = random.pick(Outcome.oneOfEachKind)
        let lawful = try? Lifecycle.move(pr, on: outcome, policy: Policy(), now: pr.updatedAt)
        let move = lawful ?? Move(to: random.pick(State.allCases))
        var finish = Finish(
            token: random.once(in: 8) ? "late" : pr.active?.token ?? "none",
            stage: pr.active?.stage ?? random.pick(Stage.allCases), attempt: pr.active?.attempt ?? 1,
            outcome: outcome, move: random.once(in: 8) ? Move(to: random.pick(State.allCases)) : move)
        if random.once(in: 2) { finish.head = .numbered(random.below(5)) }
        if random.once(in: 2) { finish.rescue = .numbered(random.below(5)) }
        if random.once(in: 2) { finish.approvedPlan = ApprovedPlan(spec: .numbered(1), plan: .numbered(2)) }
        if random.once(in: 2) { finish.tested = Tested(tree: .numbered(3), floor: pr.base, checks: []) }
        finish.usage = Usage(costUSD: Double(random.below(4)))
        return finish
    }

    @Test func `whatever comes, the PR stays sound and its journal tells the same story`() throws {
        var random = SeededGenerator(seed: 7)
        var visited: Set<State> = []
        for journey in 1...60 {
            var pr = PullRequest.sample()
            var entries = [Entry(.opened(.sample()), at: .noon, by: "ann")]
            for step in 1...60 {
                let event = random.once(in: 3) ? anyEvent(for: pr, &random) : likelyEvent(for: pr, &random)
                let entry = Entry(event, at: .noon + Double(step), by: "ann")
                guard let next = try? pr.applying(entry) else { continue }
                if let fault = fault(from: pr, to: next, by: event) {
                    Issue.record("journey \(journey), step \(step), \(event.sentence): \(fault)")
                }
                let record = try Record(parsing: Record(entry: entry, state: next).json.bytes())
                #expect(record.state == next, "journey \(journey), step \(step): stored is what was folded")
                entries.append(record.entry)
                visited.insert(next.state)
                pr = record.state
            }
            #expect(try Fold.pullRequest(PRNumber(7), from: entries) == pr, "journey \(journey)")
        }
        #expect(visited == Set(State.allCases), "the journeys saw the whole line")
    }

    /// What must hold after every event, whoever wrote it.
    private func fault(from old: PullRequest, to new: PullRequest, by event: Event) -> String? {
        if let active = new.active, active.stage.state != new.state { return "a session runs in another state" }
        if (new.state == .needsAttention) != (new.reason != nil) { return "parked and reason disagree" }
        if (new.state == .needsAttention) != (new.resume != nil) { return "parked and resume disagree" }
        if new.certificate != nil, new.state != .merge { return "a certificate outside of merge" }
        if (new.state == .merged) != (new.landed != nil) { return "merged and landed disagree" }
        if new.landed != nil, new.landed != old.landed, new.landed != old.certificate?.squash {
            return "landed without a certificate"
        }
        if let reviewed = new.reviewedHead, reviewed != new.head { return "another head was reviewed" }
        if let approved = new.approvedHead, approved != new.head { return "another head was approved" }
        if new.withheld != nil, new.reason?.kind != .guard { return "work is withheld without a guard" }
        for stage in Stage.allCases {
            let (before, after) = (old.counts[stage]?.attempts ?? 0, new.counts[stage]?.attempts ?? 0)
            if after < before || after > before + 1 { return "attempts of \(stage) went from \(before) to \(after)" }
        }
        return finalFault(from: old, to: new, by: event) ?? forwardFault(from: old, to: new, by: event)
    }

    /// Final states accept nothing but remarks; a closed PR may be submitted again.
    private func finalFault(from old: PullRequest, to new: PullRequest, by event: Event) -> String? {
        guard old.state.isFinal else { return nil }
        switch event {
        case .noted, .unknown: return new == old ? nil : "a remark changed what has ended"
        case .amended: return old.state == .closed && new.state == .queued ? nil : "amended after the end"
        case .reverting, .reverted:
            return old.state == .merged && new.state == .merged && old.reverted == nil
                ? nil : "reverted what had not landed"
        case .opened, .pushed, .started, .finished, .certified, .landed, .approved, .answered, .retried, .resumed,
            .parked, .closed:
            return "moved after the end"
        }
    }

    /// Without a person nobody skips a stage.
    private func forwardFault(from old: PullRequest, to new: PullRequest, by event: Event) -> String? {
        guard case .finished(let finish) = event, let from = old.state.stage, let to = new.state.stage else {
            return nil
        }
        guard to > from else { return nil }
        let (here, there) = (Stage.allCases.firstIndex(of: from) ?? 0, Stage.allCases.firstIndex(of: to) ?? 0)
        return there == here + 1 ? nil : "\(finish.outcome.name) leads from \(from) to \(to)"
    }

    // MARK: The line alone

    /// How many sessions a PR can take before a person is needed, whatever happens to it.
    ///
    /// A stage is entered once, and again whenever it or a later stage sent the PR back over it. What it fails and how
    /// often the line dies in it counts over the whole life, and each of all these sessions may end a row of deferrals.
    private func mostSessions(_ policy: Policy) -> Int {
        let retries = policy.retries
        let planEntries = 1 + retries.planReview
        let codeEntries = 1 + retries.implementationCI + retries.codeReview + retries.merge
        let entries = 2 * planEntries + 4 * codeEntries
        let spent = Stage.allCases.count * (retries.stage + policy.interruptions)
        return (entries + spent) * (policy.deferrals + 1)
    }

    /// Any outcome that belongs to the stage but a landing, weighted towards what keeps the PR moving.
    private func outcome(in stage: Stage, now: Timestamp, _ random: inout SeededGenerator) -> Outcome {
        let forward: [Stage: Outcome] = [
            .plan: .delivered, .planReview: .approved, .implementation: .delivered, .implementationCI: .green,
            .codeReview: .approved, .merge: .lostSwap,
        ]
        let back: [Stage: Outcome] = [
            .planReview: .changesRequested, .implementationCI: .red, .codeReview: .changesRequested,
            .merge: random.once(in: 2) ? .redCandidate : .conflict([]),
        ]
        switch random.below(8) {
        case 0, 1, 2: return forward[stage] ?? .interrupted
        case 3, 4: return back[stage] ?? .delivered
        case 5: return .failed(.crashed, "signal 9")
        case 6: return .interrupted
        default: return .deferred(Deferral(kind: .quota, until: now + 10, message: "later"))
        }
    }

    @Test(arguments: 1...60)
    func `no PR takes more sessions than its bounds allow before a person is asked`(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var policy = Policy()
        policy.retries.planReview = random.below(4)
        policy.retries.implementationCI = random.below(4)
        policy.retries.codeReview = random.below(4)
        policy.retries.merge = random.below(4)
        policy.retries.stage = random.below(4)
        policy.interruptions = random.below(4)
        policy.deferrals = random.below(6)
        policy.contentionSeconds = 20
        var now = Timestamp.noon
        var pr = PullRequest.sample()
        var sessions = 0
        var races = 0
        while pr.state != .needsAttention {
            now = now + 1
            let stage = pr.state.stage ?? .plan
            pr = try pr.applying(Entry(.started(.next(stage, of: pr)), at: now, by: "factory"))
            let outcome = outcome(in: stage, now: now, &random)
            pr = try pr.applying(
                Entry(.finished(.active(of: pr, outcome, policy: policy, at: now)), at: now, by: "factory"))
            sessions += outcome == .lostSwap ? 0 : 1
            races = outcome == .lostSwap ? races + 1 : 0
            try #require(sessions <= mostSessions(policy), "\(pr.counts)")
            try #require(races <= 22, "a second each, for twenty seconds")
        }
        #expect(pr.reason?.message.isEmpty == false)
        #expect(pr.resume != nil)
        // A person's retry gives the same patience once more, and no session moves the PR before.
        #expect(throws: IllegalMove.self) { try pr.after(.started(.next(pr.resume?.stage ?? .plan, of: pr))) }
        let retried = try pr.after(.retried(to: .queued, note: ""))
        #expect(retried.counts.values.allSatisfy { $0.returns + $0.failures + $0.interruptions == 0 })
    }
}
