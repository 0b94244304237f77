import FactoryCore
import FactoryGit
import Testing

/// Push protection that knows a pattern which the line's own guard does not know.
@Suite(.serialized) struct `Pushes that GitHub refuses` {
    private func protected() async throws -> OnGitHub {
        let here = try await OnGitHub.play(
            ["1-implementer": "mkdir -p lib; echo acme-live-12345678 > lib/1.txt; finish"], specs: [1, 2])
        try await here.hub.control("settings", .object(["secret_patterns": .of(["acme-live-[0-9]{8}"])]))
        return here
    }

    @Test(.timeLimit(.minutes(2)))
    func `what GitHub does not take parks with its words, the others land, and people can go on`() async throws {
        let here = try await protected()
        let run = try await here.world.start()
        #expect(await run.code() == 3, "\(run.errors)")
        #expect(try await here.world.pr(2).state == .merged)
        let parked = try await here.world.pr(1)
        #expect(parked.state == .needsAttention && parked.reason?.rule == RecordRefused.rule, "\(parked)")
        #expect(parked.reason?.message.contains("Push cannot contain secrets") == true, "\(parked)")
        // Only a person at GitHub can let it through.
        let record = try await here.world.git("rev-parse", "refs/factory/pr/1", in: here.world.journal)
        let approval = ["approve", "1", "--override", RecordRefused.rule]
        let refused = try await here.world.ask(World.program, approval)
        #expect(refused.code == 1 && refused.errors.contains("does not take"), "\(refused)")
        #expect(try await here.world.git("rev-parse", "refs/factory/pr/1", in: here.world.journal) == record)
        try await here.hub.control("settings", .object(["push_protection": false]))
        try await here.world.factory(approval)
        #expect(try await here.world.run() == 0)
        #expect(try await here.world.onMain("lib/1.txt") == "acme-live-12345678\n")
        try await here.expectWhole()
        await here.hub.end()
    }

    @Test(.timeLimit(.minutes(2)))
    func `a record that an older program has left behind refused stops neither commands nor the run`() async throws {
        let here = try await protected()
        // As if the line had died between writing the entry and hearing that it is refused.
        let store = try GitStore(hub: here.world.hub, journal: here.world.journal, durable: false)
        let tip = try #require(try await store.tip(of: PRNumber(1)))
        let tree = try await store.putting(
            Array("acme-live-12345678\n".utf8), at: RepoPath("leak"), into: store.tree(of: tip.pr.head))
        let leak = try await store.commit(
            CommitDraft(tree: tree, parents: [tip.pr.head], author: .factory, message: "Leak\n", time: tip.pr.updatedAt)
        )
        let pushed = Event.pushed(head: leak, base: tip.pr.base, to: .queued)
        _ = try await store.append(Entry(pushed, at: tip.pr.updatedAt, by: "push"), to: tip, artifacts: [])
        try await here.world.factory("park", "2")
        #expect(try await here.world.pr(1).head == tip.pr.head)
        try await here.world.factory("close", "1")
        #expect(try await here.world.run() == 3)
        try await here.hub.expectNoFindings()
        await here.hub.end()
    }
}
