import FactoryCore
import FactoryTestSupport
import Testing

struct FoldTests {
    private func entry(_ event: Event) -> Entry { Entry(event, at: .noon, by: "ann") }

    @Test func `a journal begins with an opening`() throws {
        #expect(try Fold.pullRequest(PRNumber(7), from: [entry(.opened(.sample()))]).state == .queued)
        #expect(throws: IllegalMove.self) { try Fold.pullRequest(PRNumber(7), from: []) }
        #expect(throws: IllegalMove.self) { try Fold.pullRequest(PRNumber(7), from: [entry(.noted("first"))]) }
        #expect(throws: IllegalMove(state: .queued, what: "opened again")) {
            try Fold.pullRequest(PRNumber(7), from: [entry(.opened(.sample())), entry(.opened(.sample()))])
        }
    }

    @Test func `a submission says what the PR is`() {
        let opening = Opening.sample(42, title: "Sort the list", priority: 2, dependsOn: [3, 4])
        let pr = PullRequest(opening, number: PRNumber(42), at: .noon)
        #expect(pr.name == "0042-login")
        #expect(pr.branch == "spec/0042-login")
        #expect(pr.planPath == RepoPath("specs/0042-login.plan.md"))
        #expect(pr.title == "Sort the list")
        #expect(pr.priority == 2)
        #expect(pr.dependsOn == [3, 4])
        #expect(pr.author == .ann)
        #expect(pr.head == opening.head)
        #expect(pr.base == opening.base)
        #expect(pr.openedAt == .noon)
        #expect(pr.updatedAt == .noon)
    }

    @Test func `the shortest way through the line`() throws {
        var pr = PullRequest.sample()
        let way: [(Stage, Outcome, State)] = [
            (.plan, .delivered, .planReview), (.planReview, .approved, .implementation),
            (.implementation, .delivered, .implementationCI), (.implementationCI, .green, .codeReview),
            (.codeReview, .approved, .merge),
        ]
        for (stage, outcome, next) in way {
            pr = try pr.after(.started(.next(stage, of: pr)))
            #expect(pr.state == stage.state)
            pr = try pr.after(.finished(.active(of: pr, outcome)))
            #expect(pr.state == next)
        }
        pr = try pr.after(.started(.next(.merge, of: pr)))
        let certification = Certification(id: .numbered(1), squash: .numbered(2), base: pr.base)
        pr = try pr.after(
            .certified(token: "merge-1", certification, certificate: .null), .landed(.numbered(2)))
        #expect(pr.state == .merged)
        #expect(pr.counts.values.allSatisfy { $0.attempts == 1 && $0.returns == 0 })
    }

    @Test func `a person parks with a note and resumes where it stood`() throws {
        let parked = try PullRequest.sample(in: .codeReview).after(.parked(note: "after the release"))
        #expect(parked.reason == Reason(kind: .person, rule: "parked by a person", message: "after the release"))
        #expect(parked.resume == .codeReview)
    }

    @Test func `what a newer version wrote into the state is passed on`() throws {
        var pr = PullRequest.sample()
        pr.extra = ["mood": "sunny"]
        #expect(try pr.after(.started(.next(.plan, of: pr)), .parked(note: "")).extra == ["mood": "sunny"])
        #expect(try pr.after(.amended(.sample())).extra == ["mood": "sunny"])
    }
}
