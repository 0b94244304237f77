import FactoryCore
import FactoryTestSupport
import Testing

@testable import FactoryForge

/// Asking GitHub to squash, where GitHub takes its time or its answers are lost.
@Suite(.timeLimit(.minutes(3))) struct GitHubMergeTests {
    private static let branch = "spec/0007-login"

    /// A world with an open pull request, whose main branch takes up-to-date pull requests only; and its head.
    private func run(
        rules: [JSON] = [], _ test: (GitHubWorld, CommitID) async throws -> Void
    ) async throws {
        try await GitHubWorld.run { world in
            let tip = try await world.open()
            try await world.fake.act("ada", "open-pull", ["head": .string(Self.branch), "title": "Login"])
            try await world.fake.act(
                "ada", "check", ["branch": .string(Self.branch), "name": "build", "conclusion": "success"])
            let strict: JSON = .object([
                "type": "required_status_checks",
                "parameters": .object([
                    "strict_required_status_checks_policy": true,
                    "required_status_checks": .array([.object(["context": "build"])]),
                ]),
            ])
            try await world.fake.control("ruleset", .object(["rules": .array([strict] + rules)]))
            try await test(world, tip.pr.head)
        }
    }

    private func merge(_ world: GitHubWorld, _ head: CommitID) async throws -> GitHubMerge.Answer {
        try await GitHubMerge(client: world.client, clock: world.clock, patience: 600)
            .perform(Self.branch, head: head, message: "Title\n\nText\n", onto: "main")
    }

    private func asked(_ world: GitHubWorld) async throws -> Int { try await world.fake.count("pulls/merge") }

    /// Somebody pushes to the branch; the commit.
    private func push(_ world: GitHubWorld) async throws -> CommitID {
        let made = try await world.fake.act(
            "ben", "push", ["branch": .string(Self.branch), "files": .object(["more": "x"]), "message": "More"])
        let sha = CommitID(try #require(made["sha"]?.string))
        try await world.fake.act("ada", "check", ["sha": .string(sha.hex), "name": "build", "conclusion": "success"])
        return sha
    }

    @Test func `a head that arrives late is waited for, and GitHub is asked when it is there`() async throws {
        try await run { world, _ in
            try await world.fake.control("settings", .object(["head_reads": 3]))
            let head = try await push(world)
            #expect(try await merge(world, head) == .merged)
            // The first one comes while GitHub does not know yet whether it can be merged.
            #expect(try await asked(world) <= 2)
        }
    }

    @Test func `a head that never arrives is waited for only so long`() async throws {
        try await run { world, _ in
            try await world.fake.control("settings", .object(["head_reads": 1000]))
            let head = try await push(world)
            let start = world.clock.now()
            guard case .refused(let reason) = try await merge(world, head) else {
                Issue.record("it was merged")
                return
            }
            #expect(reason.contains("another head"))
            #expect(try await asked(world) == 0)
            #expect(world.clock.now() - start < 200)
        }
    }

    @Test func `a conflict is asked again while the head is the certified one`() async throws {
        try await run { world, head in
            try await world.fake.fault([
                "kind": "status", "status": 409, "method": "PUT", "path": "/merge$", "times": 2,
                "body": .object(["message": "Head branch was modified. Review and try the merge again."]),
            ])
            #expect(try await merge(world, head) == .merged)
        }
    }

    @Test func `what somebody pushes at that moment is not waited for`() async throws {
        try await run { world, head in
            try await world.fake.fault([
                "kind": "action", "method": "PUT", "path": "/merge$",
                "act": .object([
                    "as": "ben", "do": "push", "branch": .string(Self.branch), "files": .object(["more": "x"]),
                    "message": "More",
                ]),
            ])
            guard case .refused(let reason) = try await merge(world, head) else {
                Issue.record("it was merged")
                return
            }
            #expect(reason.contains("Head branch was modified"))
            #expect(try await asked(world) == 1)
        }
    }

    @Test func `a rule that goes while checks are waited for ends the asking`() async throws {
        try await run { world, head in
            try await world.fake.fault([
                "kind": "status", "status": 405, "method": "PUT", "path": "/merge$", "times": 5,
                "body": .object(["message": "Required status check \"build\" is expected."]),
            ])
            try await world.fake.fault([
                "kind": "action", "method": "PUT", "path": "/merge$", "nth": 2, "act": .object(["do": "end-rules"]),
            ])
            guard case .refused(let reason) = try await merge(world, head) else {
                Issue.record("it was merged")
                return
            }
            #expect(reason.contains("needs a rule for main"))
            let requests = try await world.fake.control("requests")["requests"]?.array ?? []
            #expect(requests.count(where: { $0["method"]?.string == "PUT" }) == 2)
        }
    }

    @Test func `a request to the queue whose answer was lost is found again`() async throws {
        try await run(rules: [.object(["type": "merge_queue"])]) { world, head in
            try await world.fake.fault([
                "kind": "status", "status": 502, "when": "after", "method": "PUT", "path": "/merge-async$",
            ])
            // It is in the queue by then.
            try await world.fake.fault([
                "kind": "action", "method": "GET", "path": "/pulls/1/merge$", "nth": 5,
                "act": .object(["do": "run-queue", "number": 1]),
            ])
            #expect(try await merge(world, head) == .merged)
        }
    }

    @Test func `another's request to the queue is not taken for ours`() async throws {
        try await run(rules: [.object(["type": "merge_queue"])]) { world, head in
            let pending: JSON = .object([
                "status": "pending",
                "details": .object([
                    "message": "Merge is pending", "uuid": "4a1c", "merge_method": "squash", "merge_action": "default",
                    "expected_head_sha": .string(CommitID.numbered(9).hex),
                ]),
            ])
            try await world.fake.fault([
                "kind": "status", "status": 409, "method": "PUT", "path": "/merge-async$", "body": pending,
            ])
            guard case .refused = try await merge(world, head) else {
                Issue.record("it was merged")
                return
            }
            #expect(try await world.fake.count("pulls/get-merge-async-result") == 0)
        }
    }
}
