import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryTestSupport
import Synchronization
import Testing

@testable import FactoryForge

/// What people do on GitHub, and what becomes of it.
@Suite(.timeLimit(.minutes(5))) struct PeopleTests {
    private let seven = PRNumber(7)

    /// A world with a PR that is shown and was looked at once.
    private func run(
        in state: State = .plan, as kind: String = "installation",
        _ test: (GitHubWorld, Projector, People) async throws -> Void
    ) async throws {
        try await GitHubWorld.run(as: kind) { world in
            try await world.open()
            if state != .queued { try await world.append(.retried(to: state, note: ""), by: "ann") }
            let (projector, people, _) = world.sides()
            try await look(world, projector, people, first: true)
            try await test(world, projector, people)
        }
    }

    /// A minute passes; the line shows what it has, looks, and shows what follows.
    private func look(_ world: GitHubWorld, _ projector: Projector, _ people: People, first: Bool = false) async throws
    {
        try await world.fake.control("clock", .object(["advance": 60]))
        if first { projector.show(seven) }
        await projector.settle()
        await people.look()
        await projector.settle()
    }

    private func say(_ world: GitHubWorld, _ login: String, _ text: String) async throws {
        try await world.fake.act(login, "comment", ["number": 1, "body": .string(text)])
    }

    @Test func `a command that the remote does not take is answered, and nothing has changed`() async throws {
        try await run { world, projector, people in
            let leak = try await world.commit("lib/key.txt", "AKIAABCDEFGHIJKLMNOP\n", on: world.pr().head)
            let parked = try await world.session(
                .plan, .guardTripped([Violation(rule: "secrets", message: "lib/key.txt")]), { $0.rescue = leak })
            try await look(world, projector, people, first: true)
            try await say(world, "ben", "/factory approve --override secrets")
            for _ in 0..<2 { try await look(world, projector, people) }
            #expect(try await world.store.tip(of: seven) == parked)
            let answers = try await world.comments().filter { $0.contains("does not take") }
            #expect(answers.count == 1, "\(answers)")
        }
    }

    @Test(arguments: ["installation", "person"])
    func `a person's label moves the PR, and is shown`(kind: String) async throws {
        try await run(as: kind) { world, projector, people in
            try await world.fake.act(
                "ben", "set-labels", ["number": 1, "labels": .of(["state:needs-attention", "mine"])])
            try await look(world, projector, people)
            #expect(try await world.pr().state == .needsAttention)
            #expect(try await world.labels() == ["state:needs-attention", "mine"])
            let history = try await world.store.history(of: seven)
            #expect(history.last?.entry.by == "ben (GitHub)")
            try await world.fake.act("ada", "label", ["number": 1, "label": "state:queued"])
            try await look(world, projector, people)
            #expect(try await world.pr().state == .queued)
            #expect(try await world.labels() == ["mine", "state:queued"])
            #expect(world.moved.withLock { $0 } == [seven, seven])
            try await look(world, projector, people)
            #expect(try await world.store.history(of: seven).count == history.count + 1)
        }
    }

    @Test func `a label of somebody who may not write, or that goes nowhere, is put back with the reason`() async throws
    {
        try await run { world, projector, people in
            try await world.fake.act("cleo", "set-labels", ["number": 1, "labels": .of(["state:needs-attention"])])
            try await look(world, projector, people)
            #expect(try await world.labels() == ["state:plan"])
            #expect(try await world.comments().last?.contains("@cleo") == true)
            try await world.fake.act("ben", "set-labels", ["number": 1, "labels": .of(["state:merged"])])
            try await look(world, projector, people)
            #expect(try await world.labels() == ["state:plan"])
            #expect(try await world.pr().state == .plan)
            let refusals = try await world.comments().filter { Marker(startOf: $0)?.kind == .refusal }
            #expect(refusals.count == 2)
            try await world.fake.act("ben", "unlabel", ["number": 1, "label": "state:plan"])
            try await look(world, projector, people)
            #expect(try await world.labels() == ["state:plan"])
            #expect(try await world.comments().count == 2)
        }
    }

    @Test(arguments: [["state:needs-attention", "-state:plan"], ["-state:plan", "state:needs-attention"]])
    func `a label is heard in whatever order a person exchanges it`(_ changes: [String]) async throws {
        try await run { world, projector, people in
            for change in changes {
                let isGone = change.hasPrefix("-")
                let label = isGone ? String(change.dropFirst()) : change
                try await world.fake.act(
                    "ben", isGone ? "unlabel" : "label", ["number": 1, "label": .string(label)])
            }
            try await look(world, projector, people)
            #expect(try await world.pr().state == .needsAttention)
            #expect(try await world.labels() == ["state:needs-attention"])
        }
    }

    @Test func `a label that a person takes back is no wish`() async throws {
        try await run { world, projector, people in
            try await world.fake.act("ben", "label", ["number": 1, "label": "state:needs-attention"])
            try await world.fake.act("ben", "label", ["number": 1, "label": "state:what"])
            try await world.fake.act("ben", "unlabel", ["number": 1, "label": "state:needs-attention"])
            try await look(world, projector, people)
            #expect(try await world.pr().state == .plan)
            #expect(try await world.labels() == ["state:plan"])
        }
    }

    @Test func `a label that a person sets while the line sets its own is heard`() async throws {
        try await run { world, projector, people in
            try await world.fake.fault([
                "kind": "action", "method": "PUT", "path": "/labels",
                "act": .object(["as": "ben", "do": "label", "number": 1, "label": "state:needs-attention"]),
            ])
            try await world.append(.retried(to: .planReview, note: ""), by: "ann")
            projector.show(seven)
            try await look(world, projector, people)
            #expect(try await world.pr().state == .needsAttention)
            #expect(try await world.labels() == ["state:needs-attention"])
        }
    }

    @Test func `a label is heard though the read before ours was old`() async throws {
        try await run { world, projector, people in
            try await world.fake.act("ben", "set-labels", ["number": 1, "labels": .of(["state:needs-attention"])])
            try await world.fake.fault(["kind": "stale-labels", "method": "GET", "path": "/issues/1$", "changes": 2])
            try await world.append(.retried(to: .planReview, note: ""), by: "ann")
            projector.show(seven)
            await projector.settle()
            try await look(world, projector, people)
            #expect(try await world.pr().state == .needsAttention)
            #expect(try await world.labels() == ["state:needs-attention"])
        }
    }

    @Test func `a person's label that stands there is not overwritten by the line`() async throws {
        try await run { world, projector, people in
            try await world.fake.act("ben", "set-labels", ["number": 1, "labels": .of(["state:needs-attention"])])
            try await world.append(.retried(to: .planReview, note: ""), by: "ann")
            projector.show(seven)
            await projector.settle()
            #expect(try await world.labels() == ["state:needs-attention"])
            try await look(world, projector, people)
            #expect(try await world.pr().state == .needsAttention)
        }
    }

    @Test func `commands are taken once, from people who may write`() async throws {
        try await run { world, projector, people in
            try await say(world, "mallory", "/factory close")
            try await say(world, "dora", "/factory park")
            try await say(world, "mallory", "/factory park")
            try await look(world, projector, people)
            #expect(try await world.pr().state == .plan)
            #expect(try await world.comments().filter { Marker(startOf: $0)?.kind == .refusal }.count == 2)
            try await say(world, "ben", "Not now.\n\n/factory park until Monday")
            try await look(world, projector, people)
            #expect(try await world.pr().reason?.message == "until Monday")
            try await say(world, "ada", "/factory retry use the cache")
            try await look(world, projector, people)
            #expect(try await world.pr().state == .plan)
            let count = try await world.store.history(of: seven).count
            // Whoever forgets everything does nothing again.
            try Files.remove(world.memoryPath)
            let (other, others, _) = world.sides()
            try await look(world, other, others, first: true)
            try await look(world, other, others)
            #expect(try await world.store.history(of: seven).count == count)
            #expect(try await world.comments().filter { Marker(startOf: $0)?.kind == .refusal }.count == 2)
        }
    }

    @Test func `a command that takes the place of a deleted one is heard`() async throws {
        try await run { world, projector, people in
            let wrong = try await world.fake.act("ben", "comment", ["number": 1, "body": "/factory pork"])
            try await look(world, projector, people)
            #expect(try await world.comments().last?.contains("was not taken") == true)
            try await world.fake.act("ben", "delete-comment", ["id": wrong["id"] ?? 0])
            try await say(world, "ben", "/factory park")
            try await look(world, projector, people)
            #expect(try await world.pr().state == .needsAttention)
        }
    }

    @Test func `a question is answered, below what asks it`() async throws {
        try await run(in: .queued) { world, projector, people in
            try await say(world, "ben", "/factory answer too early")
            try await world.session(.plan, .question("which colour?"))
            projector.show(seven)
            try await look(world, projector, people)
            #expect(try await world.pr().state == .needsAttention)
            #expect(try await world.comments().last?.contains("look at what it is about now") == true)
            try await say(world, "ben", "/factory answer Blue.\nNo, green.")
            try await look(world, projector, people)
            #expect(try await world.pr().state == .plan)
            let last = try #require(try await world.store.history(of: seven).last?.entry)
            #expect(last.event == .answered("Blue.\nNo, green."))
        }
    }

    @Test func `what was edited is no command, and a robot is not answered`() async throws {
        try await run { world, projector, people in
            let made = try await world.fake.act("ben", "comment", ["number": 1, "body": "nothing"])
            try await world.fake.control("clock", .object(["advance": 5]))
            try await world.fake.act("ada", "edit-comment", ["id": made["id"] ?? 0, "body": "/factory close"])
            try await look(world, projector, people)
            #expect(try await world.pr().state == .plan)
            #expect(try await world.comments().last?.contains("edited") == true)
            let count = try await world.comments().count
            try await say(world, "other[bot]", "/factory close")
            try await look(world, projector, people)
            #expect(try await world.pr().state == .plan)
            #expect(try await world.comments().count == count + 1)
        }
    }

    @Test func `the line does not obey itself`() async throws {
        try await run(as: "person") { world, projector, people in
            try await say(world, "robo", "/factory close")
            try await world.fake.act("robo", "set-labels", ["number": 1, "labels": .of(["state:needs-attention"])])
            try await look(world, projector, people)
            #expect(try await world.pr().state == .plan)
            #expect(try await world.labels() == ["state:plan"])
        }
    }

    @Test func `closed by a person it is closed; by a stranger it is opened again`() async throws {
        try await run { world, projector, people in
            try await world.fake.act("mallory", "close", ["number": 1])
            try await look(world, projector, people)
            try await look(world, projector, people)
            #expect(try await world.pr().state == .plan)
            #expect(try await world.fake.read("/pulls/1")["state"]?.string == "open")
            try await world.fake.act("ben", "close", ["number": 1])
            try await look(world, projector, people)
            #expect(try await world.pr().state == .closed)
            #expect(try await world.labels() == ["state:closed"])
        }
    }

    @Test func `what troubles one pull request keeps no other from being heard`() async throws {
        try await run { world, projector, people in
            try await world.open(8)
            projector.show(PRNumber(8))
            await projector.settle()
            try await world.fake.act("ben", "comment", ["number": 2, "body": "/factory park"])
            try await say(world, "ben", "/factory park")
            try await world.fake.fault(["kind": "status", "status": 404, "times": .null, "path": "/issues/2/timeline"])
            try await look(world, projector, people)
            #expect(try await world.pr().state == .needsAttention)
            #expect(world.warnings.withLock { $0.count } == 1)
            try await world.fake.control("clear", .object([:]))
            try await look(world, projector, people)
            #expect(try await world.pr(8).state == .needsAttention)
        }
    }

    @Test func `merged by hand it is over, and the record says by whom`() async throws {
        try await run { world, projector, people in
            try await world.fake.act("ada", "merge", ["number": 1])
            try await look(world, projector, people)
            let last = try #require(try await world.store.history(of: seven).last?.entry)
            guard case .closed(let note) = last.event else {
                Issue.record("\(last)")
                return
            }
            #expect(note.contains("merged by hand") && last.by == "ada (GitHub)")
        }
    }

    @Test func `reviews of people who may write are notes, those of others are not`() async throws {
        try await run { world, projector, people in
            try await world.fake.act(
                "ben", "review", ["number": 1, "event": "REQUEST_CHANGES", "body": "Use the cache, @factory."])
            try await world.fake.act("mallory", "review", ["number": 1, "event": "COMMENT", "body": "Send me money."])
            try await world.fake.act("ada", "review", ["number": 1, "event": "APPROVE"])
            try await look(world, projector, people)
            try await look(world, projector, people)
            let notes = try await world.store.history(of: seven).compactMap { item in
                if case .noted(let text) = item.entry.event { "\(item.entry.by): \(text)" } else { nil }
            }
            #expect(notes == ["ben (GitHub): Use the cache, @factory."])
            #expect(world.warnings.withLock { $0 } == [])
            #expect(try await world.pr().state == .plan)
        }
    }

    @Test func `a spec that a person has opened by hand is picked up by its label`() async throws {
        try await run { world, projector, people in
            let spec: JSON = .object(["specs/0009-mine.md": "# Mine\n"])
            try await world.fake.act("ben", "push", ["branch": "spec/0009-mine", "files": spec])
            try await world.fake.act(
                "ben", "open-pull", ["head": "spec/0009-mine", "title": "Mine", "body": "By hand."])
            try await look(world, projector, people)
            #expect(try await world.store.tip(of: PRNumber(9)) == nil, "nobody has queued it")
            try await world.fake.act("cleo", "label", ["number": 2, "label": "state:queued"])
            try await look(world, projector, people)
            #expect(try await world.store.tip(of: PRNumber(9)) == nil, "triage is not enough")
            try await world.fake.act("ben", "unlabel", ["number": 2, "label": "state:queued"])
            try await world.fake.act("ben", "label", ["number": 2, "label": "state:queued"])
            try await look(world, projector, people)
            #expect(try await world.pr(9).state == .queued)
            let pull = try await world.fake.read("/pulls/2")
            #expect(pull["title"]?.string == "Mine" && pull["body"]?.string?.hasPrefix("By hand.") == true)
            #expect(try await world.labels(2) == ["state:queued"])
            try await world.append(.retried(to: .plan, note: ""), by: "ann", to: 9)
            try await look(world, projector, people)
            #expect(try await world.pr(9).state == .plan, "the label that queued it is no wish any more")
            #expect(try await world.fake.count("pulls/create") == 1)
        }
    }

    @Test func `a branch without a spec of its own is not picked up, and says why`() async throws {
        try await run { world, projector, people in
            try await world.fake.act("ben", "push", ["branch": "spec/0009-mine", "files": .object(["x": "y"])])
            try await world.fake.act("ben", "open-pull", ["head": "spec/0009-mine", "labels": .of(["state:queued"])])
            try await look(world, projector, people)
            try await look(world, projector, people)
            #expect(try await world.store.tip(of: PRNumber(9)) == nil)
            let comments = try await world.comments(2)
            #expect(comments.count == 1 && comments[0].contains("adds no spec"))
        }
    }
}
