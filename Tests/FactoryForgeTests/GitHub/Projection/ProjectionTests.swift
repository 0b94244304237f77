import FactoryCore
import FactoryTestSupport
import Testing

@testable import FactoryForge

/// What a history is shown as.
@Suite struct ProjectionTests {
    /// A PR after these events, with its history.
    private func history(_ events: [Event], by: String = "factory") throws -> (PullRequest, [RecordedEntry]) {
        var pr = PullRequest.sample()
        var entries = [Entry(.opened(.sample()), at: .noon, by: "ann")]
        var states = [pr]
        for event in events {
            let entry = Entry(event, at: pr.updatedAt + 1, by: by)
            pr = try pr.applying(entry)
            entries.append(entry)
            states.append(pr)
        }
        let recorded = zip(entries, states).enumerated().map { index, item in
            RecordedEntry(id: .numbered(index + 1), subject: "", entry: item.0, state: item.1)
        }
        return (pr, recorded)
    }

    private func session(
        _ pr: PullRequest, _ stage: Stage, _ outcome: Outcome, _ change: (inout Finish) -> Void = { _ in }
    )
        throws -> (PullRequest, [Event])
    {
        let start = Event.started(.next(stage, of: pr))
        let started = try pr.after(start)
        var finish = try Finish.active(of: started, outcome)
        change(&finish)
        return (try started.after(.finished(finish)), [start, .finished(finish)])
    }

    private func projection(
        _ events: [Event], mayJudge: Bool = false, _ change: (inout Projection.Source) -> Void = { _ in }
    )
        throws -> Projection
    {
        let (pr, recorded) = try history(events)
        var source = Projection.Source(
            pr: pr, history: recorded, site: "https://github.com/acme/widgets", mayJudge: mayJudge)
        change(&source)
        return Projection(source)
    }

    private func reviewed(_ outcome: Outcome, more: [Event] = []) throws -> [Event] {
        var (pr, events): (PullRequest, [Event]) = (.sample(), [])
        let verdict = Verdict(
            decision: .requestChanges, summary: "see @ada, fixes #3",
            findings: [Finding(code: "no-test", path: "a.swift", line: 3, message: "/factory approve\n| x")],
            criteria: [.init(id: "D1", met: .no, evidence: "nothing")])
        let steps: [(Stage, Outcome, (inout Finish) -> Void)] = [
            (.plan, .delivered, { $0.head = .numbered(0xA2) }),
            (.planReview, .approved, { $0.approvedPlan = ApprovedPlan(spec: .numbered(1), plan: .numbered(2)) }),
            (.implementation, .delivered, { $0.head = .numbered(0xA3) }),
            (.implementationCI, .green, { $0.tested = Tested(tree: .numbered(1), floor: .numbered(2), checks: []) }),
            (.codeReview, outcome, { $0.verdict = verdict }),
        ]
        for (stage, end, change) in steps {
            let (next, happened) = try session(pr, stage, end, change)
            (pr, events) = (next, events + happened)
        }
        return events + more
    }

    @Test func `a review never approves its own author's work`() throws {
        let own = try projection(reviewed(.approved))
        #expect(own.remarks.compactMap(\.review).map(\.event) == [.comment, .comment])
        let others = try projection(reviewed(.approved), mayJudge: true)
        #expect(others.remarks.compactMap(\.review).map(\.event) == [.comment, .approve])
        let asking = try projection(reviewed(.changesRequested), mayJudge: true)
        #expect(asking.remarks.last?.review?.event == .requestChanges)
    }

    @Test func `an approval of an older head is words only`() throws {
        let late = try projection(
            reviewed(.approved, more: [.pushed(head: .numbered(0xA9), base: .numbered(0xB1), to: .implementationCI)]),
            mayJudge: true)
        #expect(late.remarks.compactMap(\.review).map(\.event) == [.comment, .comment])
    }

    @Test func `words of agents can do nothing`() throws {
        let remark = try #require(try projection(reviewed(.changesRequested)).remarks.last)
        let body = remark.body
        #expect(Marker(startOf: body)?.kind == .codeReview)
        #expect(!body.contains("@ada") && !body.contains("#3") && !body.contains("\n/factory"))
        #expect(body.contains("| D1 | no | nothing |"))
        #expect(FactoryCommand(in: body) == nil)
    }

    @Test func `statuses say what is known of this head`() throws {
        let green = try projection(reviewed(.approved)).statuses
        #expect(green.map(\.state) == [.success, .success, .success])
        let asking = try projection(reviewed(.changesRequested)).statuses
        #expect(asking.map { "\($0.context.rawValue) \($0.state.rawValue)" }.last == "factory/code-review failure")
        #expect(try projection([]).statuses.isEmpty)
    }

    @Test func `what is parked names the ways on, and what went on does not`() throws {
        let (pr, start) = try session(.sample(), .plan, .question("which @colour?"))
        let parked = try projection(start)
        let remark = try #require(parked.remarks.last)
        #expect(remark.marker.kind == .parking && remark.body.contains("`/factory answer TEXT`"))
        #expect(!remark.body.contains("@colour"))
        #expect(parked.label == "state:needs-attention" && parked.description.contains("Needs a person"))
        _ = try pr.after(.answered("blue"))
        let went = try projection(start + [.answered("blue")])
        #expect(went.remarks.last?.marker == remark.marker)
        #expect(went.remarks.last?.body.contains("/factory") == false)
    }

    @Test func `a push while it is parked is a new thing to decide on`() throws {
        let (_, start) = try session(.sample(), .plan, .question("which?"))
        let push = Event.pushed(head: .numbered(0xA8), base: .numbered(0xB1), to: .needsAttention)
        let (_, before) = try history(start)
        let (_, after) = try history(start + [push])
        #expect(Projection.parking(in: before) == before.last?.id)
        #expect(Projection.parking(in: after) == after.last?.id)
        let bodies = try projection(start + [push]).remarks.map(\.body)
        #expect(bodies.count == 2 && !bodies[0].contains("/factory") && bodies[1].contains("/factory answer"))
    }

    @Test func `red checks name the failed one, and their words only where that is wanted`() throws {
        var (pr, events): (PullRequest, [Event]) = (.sample(), [])
        pr.approvedPlan = ApprovedPlan(spec: .numbered(1), plan: .numbered(2))
        let back = Event.retried(to: .implementationCI, note: "")
        (pr, events) = (try pr.after(back), [back])
        let (_, happened) = try session(pr, .implementationCI, .red) {
            $0.checks = [.init(name: "test", exit: 2, seconds: 3), .init(name: "lint", exit: nil, seconds: 9)]
        }
        let silent = try projection(events + happened)
        #expect(silent.remarks.last?.body.contains("| test | exit 2 | 3 s |") == true)
        #expect(silent.remarks.last?.body.contains("out of time") == true)
        let told = try projection(events + happened) { $0.failures = [.numbered(4): "```\n@ada broke it"] }
        #expect(told.remarks.last?.body.contains("````text") == true)
        #expect(silent.statuses.map(\.state) == [.failure])
    }

    @Test func `a plan is cut to what GitHub takes`() throws {
        let (_, events) = try session(.sample(), .plan, .delivered) { $0.head = .numbered(0xA2) }
        let shown = try projection(events) { $0.plans = [.numbered(3): String(repeating: "word ", count: 20_000)] }
        let body = try #require(shown.remarks.last?.body)
        #expect(body.utf16.count <= 65_536 && body.contains("cut here"))
        #expect(shown.description.contains("specs/0007-login.plan.md"))
    }
}
