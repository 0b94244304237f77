import FactoryCore
import FactoryTestSupport
import Testing

/// Who waits for whom on the line, and that nobody waits for ever.
struct OrderTests {
    private func pr(
        _ number: Int, in state: State = .implementation, stream: String? = nil, files: [String] = [],
        begun: Bool = false
    ) -> PullRequest {
        var pr = PullRequest.sample(number, in: state, stream: stream, openedAt: .noon + Double(number))
        pr.plannedFiles = files
        if !files.isEmpty { pr.approvedPlan = ApprovedPlan(spec: .numbered(1), plan: .numbered(2)) }
        if begun { pr.counts[.implementation, default: Counts()].attempts = 1 }
        return pr
    }

    private func plan(_ open: [PullRequest], working: Set<Int> = [], concurrency: Int = 9) -> Admission.Plan {
        Admission.plan(
            Admission.Situation(
                open: open.map(Admission.Candidate.init), landed: [],
                working: Set(working.map { PRNumber($0) }), concurrency: concurrency, now: .noon + 100))
    }

    private func hold(_ number: Int, _ open: [PullRequest], working: Set<Int> = []) -> Admission.Hold? {
        plan(open, working: working).holds[PRNumber(number)]
    }

    private let behindOne = Admission.Hold.behind(PRNumber(1), .stream("web"))

    @Test func `of one stream, one after the other is implemented`() {
        let second = pr(2, stream: "web")
        #expect(hold(2, [pr(1, stream: "web"), second]) == behindOne)
        #expect(hold(1, [pr(1, stream: "web"), second]) == nil)
        #expect(hold(2, [pr(1, stream: "api"), second]) == nil)
        #expect(hold(2, [pr(1), second]) == nil)
        #expect(hold(2, [pr(1, in: .plan, stream: "web"), second]) == behindOne)
        #expect(hold(2, [pr(1, in: .merge, stream: "web"), second]) == behindOne)
    }

    @Test func `who has left the line holds nobody`() {
        for state in [State.needsAttention, .merged, .closed, .queued] {
            #expect(hold(2, [pr(1, in: state, stream: "web"), pr(2, stream: "web")]) == nil, "\(state)")
        }
        // The line takes it on at this very moment.
        #expect(hold(2, [pr(1, in: .queued, stream: "web"), pr(2, stream: "web")], working: [1]) == behindOne)
    }

    @Test func `it is held before its implementation only`() {
        for state in [State.plan, .planReview, .implementationCI, .codeReview, .merge] {
            #expect(hold(2, [pr(1, stream: "web"), pr(2, in: state, stream: "web")]) == nil, "\(state)")
        }
        #expect(hold(2, [pr(1, stream: "web"), pr(2, stream: "web", begun: true)]) == nil)
        #expect(hold(2, [pr(1, in: .merge, stream: "web"), pr(2, stream: "web", begun: true)]) == nil)
    }

    @Test func `who has begun is ahead of who is older`() {
        let hold = hold(1, [pr(1, stream: "web"), pr(2, in: .codeReview, stream: "web")])
        #expect(hold == .behind(PRNumber(2), .stream("web")))
        #expect(self.hold(1, [pr(1, stream: "web"), pr(2, stream: "web")], working: [2]) == hold)
    }

    @Test func `approved plans that name one file are worked in a row`() {
        let first = pr(1, files: ["lib/a.txt", "lib/b.txt"])
        #expect(hold(2, [first, pr(2, files: ["src/", "lib/b.txt"])]) == .behind(PRNumber(1), .files(["lib/b.txt"])))
        #expect(hold(2, [first, pr(2, files: ["src/x.txt"])]) == nil)
        #expect(hold(2, [pr(1, files: ["README.md"]), pr(2, files: ["README.md"])]) == nil)
        var rejected = first
        rejected.approvedPlan = nil
        #expect(hold(2, [rejected, pr(2, files: ["lib/b.txt"])]) == nil)
    }

    @Test func `an older one that waits for the later one in the queue does not hold it`() {
        var first = pr(1, in: .queued, stream: "web")
        first.dependsOn = [2]
        #expect(plan([first, pr(2, stream: "web")]).start == [PRNumber(2)])
    }

    /// Moves of a line in small: whoever is started goes one state on, or parks, or is put off.
    @Test func `whatever the situation, somebody can move until all are off the line`() {
        var random = SeededGenerator(seed: 4)
        var held = 0
        for _ in 1...300 {
            var open = (1...10).map { number in
                var pr = pr(
                    number, in: random.pick([.queued, .plan, .planReview, .implementation, .codeReview]),
                    stream: random.pick([nil, "a", "b"]),
                    files: (0..<random.below(3)).map { _ in "lib/\(random.below(4)).txt" }, begun: random.once(in: 5))
                // Only to older ones or to younger ones, so that there is no circle among the dependencies themselves.
                if random.once(in: 4), number < 10 { pr.dependsOn = [number + 1 + random.below(10 - number)] }
                return pr
            }
            var (landed, steps): (Set<Int>, Int) = ([], 0)
            let concurrency = 1 + random.below(4)
            while open.contains(where: { !$0.state.isFinal && $0.state != .needsAttention }), steps < 500 {
                let plan = Admission.plan(
                    Admission.Situation(
                        open: open.map(Admission.Candidate.init), landed: landed, working: [],
                        concurrency: concurrency, now: .noon + 100))
                held += plan.holds.values.count { if case .behind = $0 { true } else { false } }
                let parked = Set(open.filter { $0.state == .needsAttention }.map(\.number.value))
                let stuck = open.filter { !$0.state.isFinal && $0.state != .needsAttention }
                    .allSatisfy { waitsForParked($0.number.value, open, parked) }
                if stuck { break }
                #expect(!plan.start.isEmpty, "\(plan.holds)")
                guard let next = plan.start.randomElement(using: &random),
                    let index = open.firstIndex(where: { $0.number == next })
                else { break }
                advance(&open[index], random.once(in: 12))
                if open[index].state == .merged { landed.insert(next.value) }
                steps += 1
            }
            #expect(steps < 500)
        }
        #expect(held > 500, "the situations do hold somebody")
    }

    /// Whether a queued PR's dependencies lead to a parked one, which is a person's to move.
    private func waitsForParked(_ number: Int, _ open: [PullRequest], _ parked: Set<Int>) -> Bool {
        guard let pr = open.first(where: { $0.number.value == number }), pr.state == .queued else { return false }
        return pr.dependsOn.contains { parked.contains($0) || waitsForParked($0, open, parked) }
    }

    private func advance(_ pr: inout PullRequest, _ parks: Bool) {
        if pr.state == .implementation { pr.counts[.implementation, default: Counts()].attempts += 1 }
        if parks { return pr.state = .needsAttention }
        let way: [State] = [
            .queued, .plan, .planReview, .implementation, .implementationCI, .codeReview, .merge, .merged,
        ]
        if let place = way.firstIndex(of: pr.state), place + 1 < way.count { pr.state = way[place + 1] }
    }
}
