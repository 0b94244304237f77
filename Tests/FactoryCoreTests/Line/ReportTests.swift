import FactoryCore
import FactoryTestSupport
import Testing

/// What a person reads in the morning.
struct ReportTests {
    private let evening = Timestamp.noon
    private let morning = Timestamp.noon + 50_000

    private func pr(
        _ number: Int, _ state: State, updated: Double = 100, dependsOn: [Int] = [], costUSD: Double? = nil
    ) -> PullRequest {
        var pr = PullRequest.sample(number, in: state, dependsOn: dependsOn)
        pr.updatedAt = evening + updated
        pr.usage.costUSD = costUSD
        return pr
    }

    private func report(_ pullRequests: [PullRequest]) -> Report {
        Report(pullRequests, from: evening, to: morning)
    }

    @Test func `every PR stands in its own part`() {
        let report = report([
            pr(1, .needsAttention), pr(2, .merged), pr(3, .queued), pr(4, .codeReview), pr(5, .closed), pr(6, .merge),
        ])
        #expect(report.needsYou.map(\.number) == [1])
        #expect(report.landed.map(\.number) == [2])
        #expect(report.moving.map(\.number) == [3, 4, 6])
        #expect(report.closed.map(\.number) == [5])
        #expect(report.from == evening)
        #expect(report.to == morning)
    }

    @Test func `what is open is told whatever its age, what has ended only if it is news`() {
        let report = report([
            pr(1, .needsAttention, updated: -9e6), pr(2, .plan, updated: -9e6), pr(3, .merged, updated: -1),
            pr(4, .closed, updated: -1), pr(5, .merged, updated: 0),
        ])
        #expect(report.needsYou.map(\.number) == [1])
        #expect(report.moving.map(\.number) == [2])
        #expect(report.landed.map(\.number) == [5])
        #expect(report.closed.isEmpty)
    }

    @Test func `what holds up most comes first, then what has waited longest`() {
        let report = report([
            pr(1, .needsAttention, updated: 30), pr(2, .needsAttention, updated: 10),
            pr(3, .needsAttention, updated: 20), pr(4, .needsAttention, updated: 10), pr(5, .queued, dependsOn: [1]),
            pr(6, .queued, dependsOn: [3, 1]), pr(7, .merged, dependsOn: [2]),
        ])
        #expect(report.needsYou.map(\.number) == [1, 3, 2, 4])
        #expect(report.needsYou.map(\.blocks) == [[5, 6], [6], [], []])
    }

    @Test func `what has landed is told in the order of landing, and holds nobody up`() {
        let report = report([
            pr(3, .merged, updated: 20), pr(2, .merged, updated: 30), pr(1, .merged, updated: 20),
            pr(4, .queued, dependsOn: [3]),
        ])
        #expect(report.landed.map(\.number) == [1, 3, 2])
        #expect(report.landed.allSatisfy { $0.blocks.isEmpty })
    }

    @Test func `an item tells what the PR took`() {
        var parked = pr(9, .needsAttention, costUSD: 1.25)
        for (stage, attempts, returns) in [(Stage.plan, 2, 0), (.planReview, 2, 1), (.codeReview, 3, 2)] {
            parked.counts[stage] = Counts()
            parked.counts[stage]?.attempts = attempts
            parked.counts[stage]?.returns = returns
        }
        parked.counts[.merge] = Counts()
        parked.reason = Reason(kind: .person, rule: "parked by a person", message: "wait")
        let item = report([parked]).needsYou[0]
        #expect(item.title == "Add a login page")
        #expect(item.state == .needsAttention)
        #expect(item.attempts == [.plan: 2, .planReview: 2, .codeReview: 3])
        #expect(item.returns == 3)
        #expect(item.costUSD == 1.25)
        #expect(item.reason == parked.reason)
        #expect(item.updated == parked.updatedAt)
    }

    @Test func `costs add up, and nobody's word is no nought`() {
        #expect(report([pr(1, .merged), pr(2, .plan)]).costUSD == nil)
        #expect(
            report([
                pr(1, .merged, costUSD: 0.5), pr(2, .plan), pr(3, .needsAttention, costUSD: 2),
                pr(4, .merged, updated: -1, costUSD: 100),
            ]).costUSD == 2.5)
        #expect(report([]).costUSD == nil)
    }

    @Test func `whatever there is, each PR is told once and the order of the list says nothing`() {
        var random = SeededGenerator(seed: 21)
        for _ in 1...200 {
            let all = (1...20).map { number in
                pr(
                    number, random.pick(State.allCases), updated: Double(random.below(6) - 2),
                    dependsOn: (0..<random.below(3)).map { _ in 1 + random.below(20) },
                    costUSD: random.once(in: 2) ? Double(random.below(8)) / 4 : nil)
            }
            let report = report(all)
            let told = report.needsYou + report.landed + report.moving + report.closed
            let due = all.filter { !$0.state.isFinal || $0.updatedAt >= evening }
            #expect(told.map(\.number).sorted() == due.map(\.number.value).sorted())
            #expect(told.compactMap(\.costUSD).reduce(0, +) == report.costUSD ?? 0)
            #expect(self.report(all.shuffled(using: &random)) == report)
        }
    }
}
