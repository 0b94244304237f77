import FactoryCore
import FactoryTestSupport
import Testing

/// Who is worked next, and why the others wait.
struct AdmissionTests {
    private func situation(
        _ open: [PullRequest], concurrency: Int = 1, landed: Set<Int> = [], working: Set<Int> = [],
        now: Timestamp = .noon
    ) -> Admission.Situation {
        Admission.Situation(
            open: open.map(Admission.Candidate.init), landed: landed, working: Set(working.map { PRNumber($0) }),
            concurrency: concurrency, now: now)
    }

    private func start(_ situation: Admission.Situation) -> [Int] { Admission.plan(situation).start.map(\.value) }

    private func hold(_ number: Int, _ situation: Admission.Situation) -> Admission.Hold? {
        Admission.plan(situation).holds[PRNumber(number)]
    }

    @Test func `no more are worked than the configuration says`() {
        let open = (1...5).map { PullRequest.sample($0, openedAt: .noon + Double($0)) }
        #expect(start(situation(open, concurrency: 2)) == [1, 2])
        #expect(start(situation(open, concurrency: 2, working: [1])) == [2])
        #expect(start(situation(open, concurrency: 2, working: [1, 2])) == [])
        #expect(start(situation(open, concurrency: 1, working: [1, 2])) == [])
        #expect(start(situation(open, concurrency: 9)) == [1, 2, 3, 4, 5])
        #expect(hold(3, situation(open, concurrency: 2)) == .slot)
        #expect(hold(1, situation(open, concurrency: 2, working: [1])) == nil)
    }

    @Test func `the oldest goes first, and the lower number among equals`() {
        let open = [
            PullRequest.sample(1, openedAt: .noon + 2), .sample(2, openedAt: .noon + 1), .sample(4, openedAt: .noon),
            .sample(3, openedAt: .noon),
        ]
        #expect(start(situation(open, concurrency: 4)) == [3, 4, 2, 1])
    }

    @Test func `a higher priority leaves the queue first`() {
        let open = [
            PullRequest.sample(1, priority: -1), .sample(2), .sample(3, priority: 5, openedAt: .noon + 9),
        ]
        #expect(start(situation(open, concurrency: 3)) == [3, 2, 1])
    }

    @Test func `what is on the line goes on before the queue moves up`() {
        let open = [
            PullRequest.sample(1, in: .queued, priority: 9), .sample(2, in: .merge, openedAt: .noon + 5),
            .sample(3, in: .planReview, priority: 9, openedAt: .noon + 6),
        ]
        #expect(start(situation(open, concurrency: 3)) == [2, 3, 1])
    }

    @Test func `parked and final ones are neither worked nor held`() {
        let open = [State.needsAttention, .merged, .closed].enumerated().map { PullRequest.sample($0 + 1, in: $1) }
        #expect(Admission.plan(situation(open, concurrency: 9)) == Admission.Plan())
    }

    @Test func `a PR that was put off waits for its time`() {
        var pr = PullRequest.sample(1, in: .codeReview)
        pr.notBefore = .noon + 60
        #expect(hold(1, situation([pr])) == .until(.noon + 60))
        #expect(start(situation([pr], now: .noon + 59.999)) == [])
        #expect(start(situation([pr], now: .noon + 60)) == [1])
        #expect(start(situation([pr, .sample(2)])) == [2], "it takes nobody's place meanwhile")
    }

    @Test func `a dependency must have landed`() {
        let open = [PullRequest.sample(5, dependsOn: [2, 3])]
        #expect(hold(5, situation(open)) == .dependencies([2, 3]))
        #expect(hold(5, situation(open, landed: [2])) == .dependencies([3]))
        #expect(start(situation(open, landed: [2, 3])) == [5])
        #expect(
            start(situation(open + [.sample(2, in: .merge), .sample(3, in: .needsAttention)], concurrency: 9)) == [2],
            "to be near is not enough")
    }

    @Test func `dependencies hold the queue only`() {
        #expect(start(situation([.sample(5, in: .implementation, dependsOn: [2])])) == [5])
    }

    @Test func `a circle is told apart from a wait`() {
        let open = [
            PullRequest.sample(1, dependsOn: [2]), .sample(2, dependsOn: [9, 3]), .sample(3, dependsOn: [1]),
            .sample(4, dependsOn: [1]), .sample(5, dependsOn: [5]),
        ]
        #expect(hold(1, situation(open)) == .cycle([1, 2, 3, 1]))
        #expect(hold(3, situation(open)) == .cycle([3, 1, 2, 3]))
        #expect(hold(4, situation(open)) == .dependencies([1]), "it waits for a circle but is in none")
        #expect(hold(5, situation(open)) == .cycle([5, 5]))
    }

    @Test func `the night may span midnight`() {
        let night = NightWindow(starts: 18 * 60, ends: 8 * 60)
        for (minute, admitted) in [
            (17 * 60 + 59, false), (18 * 60, true), (23 * 60 + 59, true), (0, true), (7 * 60 + 59, true),
            (8 * 60, false),
            (12 * 60, false),
        ] {
            var situation = situation([.sample(1)])
            situation.night = night
            situation.minuteOfDay = minute
            #expect(start(situation) == (admitted ? [1] : []), "minute \(minute)")
            #expect(hold(1, situation) == (admitted ? nil : .night), "minute \(minute)")
        }
    }

    @Test func `a window within one day, and one that is the whole day`() {
        let lunch = NightWindow(starts: 720, ends: 780)
        #expect([719, 720, 779, 780].map { lunch.contains(minuteOfDay: $0) } == [false, true, true, false])
        let always = NightWindow(starts: 600, ends: 600)
        #expect([0, 600, 1439].allSatisfy { always.contains(minuteOfDay: $0) })
    }

    @Test func `what was admitted at night is finished by day`() {
        var situation = situation([.sample(1, in: .codeReview)])
        situation.night = NightWindow(starts: 1080, ends: 480)
        situation.minuteOfDay = 720
        #expect(start(situation) == [1])
    }

    @Test func `a line that admits nobody still goes on with what is on it`() {
        var situation = situation([.sample(1), .sample(2, in: .plan)], concurrency: 5)
        situation.admits = false
        #expect(start(situation) == [2])
        #expect(hold(1, situation) == .slot)
    }

    private func anySituation(_ random: inout SeededGenerator) -> Admission.Situation {
        let open = (1...12).map { number in
            var pr = PullRequest.sample(
                number, in: random.pick([.queued, .queued, .plan, .merge, .needsAttention, .closed]),
                priority: random.below(3), dependsOn: (0..<random.below(3)).map { _ in 1 + random.below(14) },
                openedAt: .noon + Double(random.below(5)))
            if random.once(in: 4) { pr.notBefore = .noon + Double(random.below(20) - 10) }
            return pr
        }
        var situation = situation(
            open.shuffled(using: &random), concurrency: random.below(6),
            landed: Set((0..<6).map { _ in 1 + random.below(14) }),
            working: Set((0..<random.below(4)).map { _ in 1 + random.below(14) }))
        situation.admits = !random.once(in: 6)
        if random.once(in: 3) { situation.night = NightWindow(starts: random.below(1440), ends: random.below(1440)) }
        situation.minuteOfDay = random.below(1440)
        return situation
    }

    @Test func `whatever the situation, nobody is worked twice, too early or beyond the bound`() {
        var random = SeededGenerator(seed: 11)
        var started = 0
        for _ in 1...1000 {
            let situation = anySituation(&random)
            let plan = Admission.plan(situation)
            let byNumber = Dictionary(uniqueKeysWithValues: situation.open.map { ($0.number, $0) })
            started += plan.start.count
            #expect(plan.start.count <= max(0, situation.concurrency - situation.working.count))
            #expect(Set(plan.start).count == plan.start.count)
            #expect(situation.working.isDisjoint(with: plan.start))
            #expect(plan.start.allSatisfy { plan.holds[$0] == nil })
            for pr in plan.start.compactMap({ byNumber[$0] }) {
                #expect(!pr.state.isFinal && pr.state != .needsAttention)
                #expect(pr.notBefore.map { $0 <= situation.now } ?? true)
                #expect(pr.state != .queued || pr.dependsOn.allSatisfy(situation.landed.contains))
                #expect(pr.state != .queued || situation.admits)
            }
            // Whoever could be worked is worked or told why not.
            for pr in situation.open where !pr.state.isFinal && pr.state != .needsAttention {
                let known = plan.start.contains(pr.number) || plan.holds[pr.number] != nil
                #expect(known != situation.working.contains(pr.number))
            }
            var again = situation
            again.open.shuffle(using: &random)
            #expect(Admission.plan(again) == plan, "the order of the list says nothing")
        }
        #expect(started > 500, "the situations are not all stuck")
    }
}
