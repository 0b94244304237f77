import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryTestSupport
import Synchronization
import Testing

@testable import FactoryForge

/// Showing, over the real client and transport, on the GitHub for tests.
@Suite(.timeLimit(.minutes(5))) struct ProjectorTests {
    private let seven = PRNumber(7)

    @Test(arguments: ["installation", "person"])
    func `a spec on its way is shown step by step, in few requests`(kind: String) async throws {
        try await GitHubWorld.run(as: kind) { world in
            let (projector, _, _) = world.sides()
            var labels: [String] = []
            try await world.land {
                projector.show(seven)
                await projector.settle()
                let states = try await world.labels().filter { $0.hasPrefix("state:") }
                #expect(states.count == 1)
                if labels.last != states.first { labels += states }
            }
            #expect(
                labels == [
                    "state:queued", "state:plan", "state:plan-review", "state:implementation",
                    "state:implementation-ci", "state:code-review", "state:merge", "state:merged",
                ])
            let pull = try await world.fake.read("/pulls/1")
            #expect(pull["merged"]?.bool == true && pull["title"]?.string == "Add a login page")
            #expect(pull["body"]?.string?.contains("Landed as") == true)
            let kinds = try await world.comments().compactMap { Marker(startOf: $0)?.kind }
            #expect(kinds == [.plan, .landing])
            #expect(try await world.reviews().map { $0["state"]?.string } == ["COMMENTED", "COMMENTED"])
            #expect(try await world.comments().contains { $0.contains("Ask @\u{200B}ada.") })
            // GitHub counts what is refused as well; reads of this test are not the line's.
            let tally = await world.client.tally
            #expect(tally.counted <= 45, "\(tally)")
            #expect(try await world.mirror.remove("spec/0007-login", at: []), "the branch is gone")
            let shown = await world.client.tally
            projector.show(seven)
            await projector.settle()
            #expect(await world.client.tally == shown, "what is shown costs nothing")
            #expect(world.warnings.withLock { $0 } == [])
        }
    }

    @Test func `what an App says of a head are check runs, what a person says statuses`() async throws {
        for (kind, isApp) in [("installation", true), ("person", false)] {
            try await GitHubWorld.run(as: kind) { world in
                let (projector, _, _) = world.sides()
                let tip = try await world.open()
                let plan = try await world.commit(tip.pr.planPath.description, "# Plan\n", on: tip.pr.head)
                try await world.session(.plan, .delivered) { $0.head = plan }
                let show = {
                    projector.show(seven)
                    await projector.settle()
                }
                let approved = ApprovedPlan(spec: .numbered(1), plan: .numbered(2))
                try await world.session(.planReview, .approved, { $0.approvedPlan = approved }, between: show)
                projector.show(seven)
                await projector.settle()
                let checks = try await world.fake.read("/commits/\(plan.hex)/check-runs")["check_runs"]?.array ?? []
                let statuses = try await world.fake.read("/commits/\(plan.hex)/status")["statuses"]?.array ?? []
                #expect(checks.map { $0["conclusion"]?.string } == (isApp ? ["success"] : []))
                #expect(statuses.map { $0["state"]?.string } == (isApp ? [] : ["success"]))
            }
        }
    }

    @Test func `people's words, title and labels stay`() async throws {
        try await GitHubWorld.run { world in
            let (projector, _, _) = world.sides()
            try await world.open()
            projector.show(seven)
            await projector.settle()
            let body = try #require(try await world.fake.read("/pulls/1")["body"]?.string)
            try await world.fake.act(
                "ada", "edit", ["number": 1, "title": "My own title", "body": .string("Mine.\r\n\r\n\(body)\r\nToo.")])
            try await world.fake.act("ada", "label", ["number": 1, "label": "Area:UI"])
            try await world.session(.plan, .deferred(Deferral(kind: .quota, until: .noon, message: "")))
            projector.show(seven)
            await projector.settle()
            let pull = try await world.fake.read("/pulls/1")
            #expect(pull["title"]?.string == "My own title")
            let text = try #require(pull["body"]?.string)
            #expect(text.hasPrefix("Mine.") && text.hasSuffix("Too.") && text.contains("At plan"))
            #expect(try await world.labels() == ["Area:UI", "state:plan"])
        }
    }

    /// The line's round takes seconds on GitHub; people go on meanwhile.
    @Test func `what people change while the line shows stays`() async throws {
        try await GitHubWorld.run { world in
            let (projector, _, _) = world.sides()
            try await world.open()
            projector.show(seven)
            await projector.settle()
            let body = try #require(try await world.fake.read("/pulls/1")["body"]?.string)
            let deed = { (what: JSONObject) -> JSON in
                .object((["as": "ada", "number": 1] as JSONObject).merging(what))
            }
            try await world.fake.fault([
                "kind": "action", "method": "POST", "path": "/check-runs$",
                "act": .array([
                    deed(["do": "label", "label": "urgent"]),
                    deed(["do": "edit", "body": .string("First.\n\n\(body)")]),
                ]),
            ])
            try await world.fake.fault([
                "kind": "action", "method": "PATCH", "path": "/pulls/1$",
                "act": deed(["do": "label", "label": "late"]),
            ])
            try await world.append(.retried(to: .planReview, note: ""), by: "ann")
            let pr = try await world.pr()
            try await world.append(.started(.next(.planReview, of: pr, token: "s")))
            projector.show(seven)
            await projector.settle()
            #expect(try await world.labels().sorted() == ["late", "state:plan-review", "urgent"])
            let text = try #require(try await world.fake.read("/pulls/1")["body"]?.string)
            #expect(text.hasPrefix("First."), "\(text)")
            #expect(text != "First.\n\n\(body)", "the line's own part is up to date")
            #expect(world.warnings.withLock { $0 } == [])
        }
    }

    @Test func `what people change while a limit holds the line up stays`() async throws {
        try await GitHubWorld.run { world in
            let (projector, _, _) = world.sides()
            try await world.open()
            projector.show(seven)
            await projector.settle()
            try await world.fake.fault([
                "kind": "action", "method": "PUT", "path": "/labels$",
                "act": .object(["as": "ada", "do": "label", "number": 1, "label": "urgent"]),
            ])
            try await world.fake.fault([
                "kind": "secondary", "method": "PUT", "path": "/labels$", "status": 429, "retry_after": 60,
            ])
            try await world.append(.retried(to: .plan, note: ""), by: "ann")
            projector.show(seven)
            await projector.settle()
            projector.retry()
            await projector.settle()
            #expect(try await world.labels().sorted() == ["state:plan", "urgent"])
        }
    }

    @Test func `the memory can be deleted at any time, and nothing is written twice`() async throws {
        for kind in ["installation", "person"] {
            try await GitHubWorld.run(as: kind) { world in
                try await world.land {
                    let (projector, _, _) = world.sides()
                    projector.show(seven)
                    await projector.settle()
                    try? Files.remove(world.memoryPath)
                }
                let kinds = try await world.comments().compactMap { Marker(startOf: $0)?.kind }
                #expect(kinds == [.plan, .landing], "\(kind)")
                #expect(try await world.reviews().count == 2)
                #expect(try await world.labels() == ["state:merged"])
                #expect(try await world.fake.count("pulls/create") == 1)
            }
        }
    }

    @Test func `an answer that is lost is no second comment, review or pull request`() async throws {
        try await GitHubWorld.run { world in
            let (projector, _, _) = world.sides()
            for path in ["/pulls$", "/issues/\\d+/comments", "/pulls/\\d+/reviews", "/check-runs$"] {
                try await world.fake.fault([
                    "kind": "status", "status": 502, "when": "after", "method": "POST", "path": .string(path),
                    "times": 2,
                ])
            }
            try await world.fake.fault([
                "kind": "status", "status": 502, "when": "after", "method": "PUT|PATCH", "path": "labels|pulls",
                "times": 3,
            ])
            try await world.fake.fault(["kind": "cut", "method": "POST", "path": "comments", "nth": 3])
            try await world.land {
                projector.show(seven)
                await projector.settle()
            }
            #expect(try await world.comments().compactMap { Marker(startOf: $0)?.kind } == [.plan, .landing])
            #expect(try await world.reviews().count == 2)
            #expect(try await world.fake.read("/pulls?state=all").array?.count == 1)
            #expect(try await world.labels() == ["state:merged"])
            #expect(world.warnings.withLock { $0 } == [])
        }
    }

    @Test func `a comment is edited, and one that a person has deleted is written again`() async throws {
        try await GitHubWorld.run { world in
            let (projector, _, _) = world.sides()
            try await world.open()
            try await world.session(.plan, .question("which colour?"))
            projector.show(seven)
            await projector.settle()
            #expect(try await world.comments().first?.contains("/factory answer") == true)
            try await world.append(.answered("blue"), by: "ann")
            projector.show(seven)
            await projector.settle()
            let comments = try await world.fake.read("/issues/1/comments").array ?? []
            #expect(comments.count == 1 && comments[0]["body"]?.string?.contains("It went on") == true)
            try await world.session(.plan, .question("which form?"))
            projector.show(seven)
            await projector.settle()
            let newest = try #require(try await world.fake.read("/issues/1/comments").array?.last?["id"])
            try await world.fake.act("ada", "delete-comment", ["id": newest])
            try await world.append(.answered("round"), by: "ann")
            projector.show(seven)
            await projector.settle()
            #expect(try await world.comments().count == 2)
        }
    }

    @Test func `what cannot be shown is told once and shown later, and fails nobody`() async throws {
        try await GitHubWorld.run { world in
            let (projector, people, _) = world.sides()
            try await world.fake.fault(["kind": "status", "status": 500, "times": .null, "path": "/repos/"])
            try await world.open()
            for _ in 0..<3 {
                projector.show(seven)
                await projector.settle()
            }
            #expect(world.warnings.withLock { $0.count } == 1)
            try await world.fake.control("clear", .object([:]))
            await people.look()
            await projector.settle()
            #expect(try await world.labels() == ["state:queued"])
        }
    }

    @Test func `a limit of requests is waited for by nobody`() async throws {
        try await GitHubWorld.run { world in
            let (projector, _, _) = world.sides()
            try await world.fake.fault(["kind": "secondary", "status": 429, "retry_after": 600, "path": "/pulls"])
            try await world.open()
            projector.show(seven)
            await projector.settle()
            #expect(world.warnings.withLock { $0.count } == 1)
            await world.clock.sleep(seconds: 601)
            projector.retry()
            await projector.settle()
            #expect(try await world.labels() == ["state:queued"])
        }
    }

    @Test func `a closed one is closed, with its reason, and its branch goes`() async throws {
        try await GitHubWorld.run { world in
            let (projector, _, _) = world.sides()
            try await world.open()
            projector.show(seven)
            await projector.settle()
            try await world.append(.closed(note: "not wanted"), by: "ann")
            projector.show(seven)
            await projector.settle()
            let pull = try await world.fake.read("/pulls/1")
            #expect(pull["state"]?.string == "closed" && pull["merged"]?.bool == false)
            #expect(try await world.comments().last?.contains("not wanted") == true)
            #expect(try await world.labels() == ["state:closed"])
            let branches = try await world.fake.read("/git/matching-refs/heads/spec/")
            #expect(branches.array?.isEmpty == true)
        }
    }

    @Test func `one that is submitted again after it was closed is opened again`() async throws {
        try await GitHubWorld.run { world in
            let (projector, people, _) = world.sides()
            let show = {
                projector.show(seven)
                await projector.settle()
                await people.look()
                await projector.settle()
            }
            try await world.open()
            await show()
            try await world.append(.closed(note: ""), by: "ann")
            await show()
            let main = try await world.store.mainTip()
            let head = try await world.commit("specs/0007-login.md", "# Another\n", on: main)
            try await world.append(.amended(.sample(7, head: head, base: main)), by: "ann")
            await show()
            await show()
            let open = try await world.fake.read("/pulls?state=open").array ?? []
            #expect(open.count == 1 && open[0]["head"]?["sha"]?.string == head.hex)
            #expect(try await world.pr().state == .queued)
            #expect(try await world.labels(open[0]["number"]?.int ?? 0) == ["state:queued"])
        }
    }

    @Test func `two machines that show the same PR one after the other say nothing twice`() async throws {
        try await GitHubWorld.run { world in
            let (one, _, _) = world.sides()
            try await world.open()
            for stage in 0..<2 {
                // The first has shown it before and does not know what the second wrote since.
                let other = world.sides(memory: world.directory.path + "/other.json").projector
                let plan = try await world.commit("specs/0007-login.plan.md", "# Plan \(stage)\n", on: world.pr().head)
                try await world.session(.plan, .delivered) { $0.head = plan }
                try await world.session(.planReview, .changesRequested)
                for projector in [one, other, one] {
                    projector.show(seven)
                    await projector.settle()
                }
                let next = try await world.commit("specs/0007-login.plan.md", "# Plan \(stage)b\n", on: plan)
                try await world.session(.plan, .delivered) { $0.head = next }
                for projector in [other, one] {
                    projector.show(seven)
                    await projector.settle()
                }
                try await world.append(.retried(to: .plan, note: ""), by: "ann")
            }
            #expect(try await world.comments().count == 4)
            #expect(try await world.reviews().count == 2)
        }
    }

    @Test func `a branch that somebody has pushed to stays`() async throws {
        try await GitHubWorld.run { world in
            let (projector, _, _) = world.sides()
            try await world.open()
            projector.show(seven)
            await projector.settle()
            try await world.fake.act("ben", "push", ["branch": "spec/0007-login", "files": .object(["x": "y"])])
            try await world.append(.closed(note: ""), by: "ann")
            projector.show(seven)
            await projector.settle()
            #expect(try await world.fake.read("/git/matching-refs/heads/spec/").array?.count == 1)
            #expect(world.warnings.withLock { $0.first?.contains("stays") } == true)
        }
    }

    @Test func `what has landed long before is not opened on GitHub`() async throws {
        try await GitHubWorld.run { world in
            try await world.open()
            try await world.append(.closed(note: ""), by: "ann")
            let (projector, _, _) = world.sides()
            projector.show(seven)
            await projector.settle()
            #expect(try await world.fake.count("pulls/create") == 0)
        }
    }
}
