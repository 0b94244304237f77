import FactoryCore
import FactoryFiles
import Glibc
import Synchronization
import Testing

/// The real program with the GitHub for tests, from the queue to the main branch. What takes long runs with
/// `FACTORY_TORTURE=1` only.
@Suite(.serialized) struct `The line on GitHub` {
    @Test(.timeLimit(.minutes(3)))
    func `the example comes to the same end as without it, and shows all of it`() async throws {
        let alone = try await World.example()
        #expect(try await alone.run() == 3)
        let here = try await OnGitHub.example()
        let run = try await here.world.start()
        #expect(await run.code() == 3, "\(run.errors)")
        #expect(try await here.world.end().landed.sorted() == ["1", "2", "3"])
        #expect(try await here.world.pr(4).state == .needsAttention)
        #expect(try await here.mainFiles() == alone.mainFiles(in: alone.hub))
        let counted = try await here.hub.counted()
        let counts = try await here.hub.control("counts").text()
        #expect(counted <= 3 * 60, "\(counted) requests, \(counts)")
        let parked = try #require(try await here.hub.pulls()["spec/0004-dates-without-leading-zeros"])
        #expect(parked.marks.contains { $0.contains("kind=parking") }, "\(parked.marks)")
        #expect(!run.errors.contains("GitHub"), "\(run.errors)")
        try await here.expectWhole()
        await here.hub.end()
        await alone.dismissAll()
    }
}

// MARK: People

extension `The line on GitHub` {
    @Test(.timeLimit(.minutes(2)))
    func `a pull request that a person opens and queues lands`() async throws {
        let here = try await OnGitHub.play(specs: [])
        let spec = Play.spec(1)
        try await here.hub.act(
            "ben", "push",
            ["branch": .string(Play.branch(1)), "files": .object([spec.path: .string(spec.text)]), "message": "A spec"])
        try await here.hub.act(
            "ben", "open-pull",
            ["head": .string(Play.branch(1)), "title": "Please", "body": "Mine.", "labels": .of(["state:queued"])])
        let run = try await here.world.start()
        #expect(await run.code() == 0, "\(run.errors)")
        #expect(try await here.world.pr(1).state == .merged)
        // Nobody was sent back by the label that queued it.
        #expect(try here.world.starts(of: .planner) == 1)
        try await here.expectWhole()
        await here.hub.end()
    }

    @Test(.timeLimit(.minutes(2)))
    func `a line that watches leaves its report when it is interrupted`() async throws {
        let here = try await OnGitHub.play()
        let run = try await here.world.start(["run", "--watch"])
        while try await here.world.pr(1).state != .merged { await Task.yield() }
        run.signal(SIGINT)
        #expect(await run.code() == 130, "\(run.errors)")
        let issues = try await here.hub.control("state")["issues"]?.object?.members.map(\.value) ?? []
        let report = issues.first { $0["title"]?.string == "Factory: morning report" }
        #expect(report?["body"]?.string?.contains("Play 1") == true, "\(String(describing: report))")
        try await here.hub.expectNoFindings()
        await here.world.dismissAll()
        await here.hub.end()
    }

    @Test(.timeLimit(.minutes(2)))
    func `only who may write lifts an approval gate by a comment`() async throws {
        let here = try await OnGitHub.play(configuration: "autonomy: gate\n")
        #expect(try await here.world.run() == 3)
        #expect(try await here.world.pr(1).reason?.kind == .approval)
        let number: JSON = .of(try await here.numberOnGitHub(1))
        try await here.hub.act("mallory", "comment", ["number": number, "body": "/factory approve"])
        #expect(try await here.world.run() == 3)
        let refused = try #require(try await here.hub.pulls()[Play.branch(1)])
        #expect(refused.comments.last?.contains("@mallory") == true, "\(refused.comments)")
        try await here.hub.act("ben", "comment", ["number": number, "body": "/factory approve"])
        let last = try await here.world.start()
        let code = await last.code()
        let said = try await here.hub.pulls()[Play.branch(1)]?.comments ?? []
        #expect(code == 0, "\(last.errors) \(said)")
        try await here.expectWhole()
        await here.hub.end()
    }

    @Test(.timeLimit(.minutes(2)))
    func `what commands record stands on GitHub, and without a token they record nothing`() async throws {
        let here = try await OnGitHub.play()
        let record = { try await here.world.git("rev-parse", "refs/factory/pr/1", in: here.hub.path) }
        let queued = try await record()
        try await here.world.factory("park", "1", "--note", "wait")
        let parked = try await record()
        #expect(parked != queued)
        #expect(try await here.world.git("rev-parse", "refs/factory/pr/1", in: here.world.journal) == parked)
        try await here.world.factory("stop")
        #expect(try await !here.world.git("rev-parse", "refs/factory/line", in: here.hub.path).isEmpty)
        try await here.world.factory("start")
        let token = here.world.variables.withLock { $0.removeValue(forKey: "FACTORY_GITHUB_TOKEN") }
        for words in [["retry", "1"], ["close", "1"], ["stop"], ["submit", Play.path(1)], ["run"]] {
            let answer = try await here.world.ask(World.program, words)
            #expect(answer.code == 4, "\(words): \(answer.errors)")
            #expect(answer.errors.contains("FACTORY_GITHUB_TOKEN"), "\(answer.errors)")
        }
        #expect(try await record() == parked)
        here.world.variables.withLock { $0["FACTORY_GITHUB_TOKEN"] = token }
        try await here.world.factory("retry", "1")
        #expect(try await here.world.run() == 0)
        try await here.expectWhole()
        await here.hub.end()
    }

    @Test(.timeLimit(.minutes(2)))
    func `whoever closes a pull request while it is worked closes it for good`() async throws {
        let here = try await OnGitHub.play()
        try await here.hub.faults([
            "kind": "action", "method": "POST", "path": "/git-receive-pack$", "nth": 12,
            "act": .object(["as": "ben", "do": "close", "head": .string(Play.branch(1))]),
        ])
        _ = try await here.world.run()
        _ = try await here.world.run()
        let state = try await here.world.pr(1).state
        // Closed in time, or landed before anybody could hear of it.
        #expect([.closed, .merged].contains(state), "\(state)")
        try await here.expectWhole(closedByHand: true)
        await here.hub.end()
    }

    @Test(Torture.onlyInFull, .timeLimit(.minutes(10)), arguments: [8, 16, 24])
    func `what people do at the worst moment is neither lost nor doubled`(moment: Int) async throws {
        let branch: JSON = .string(Play.branch(1))
        let pushed: JSON = .object(["lib/person.txt": "mine\n"])
        let deeds: [JSON] = [
            .object(["as": "ben", "do": "close", "head": branch]),
            .object(["as": "ben", "do": "set-labels", "head": branch, "labels": .of(["state:plan", "theirs"])]),
            .object(["as": "ben", "do": "push", "branch": branch, "files": pushed]),
            .object(["as": "ben", "do": "push", "branch": branch, "from": "main", "files": pushed]),
        ]
        for deed in deeds {
            let here = try await OnGitHub.play()
            try await here.hub.faults([
                "kind": "action", "method": "POST", "path": "/git-receive-pack$", "nth": .of(moment), "act": deed,
            ])
            _ = try await here.world.run()
            // What came too late for the first run is heard by the next.
            for _ in 0..<2 { _ = try await here.world.run() }
            let pr = try await here.world.pr(1)
            #expect(pr.state != .queued, "\(deed.text()) at \(moment)")
            let isClosed = deed["do"]?.string == "close"
            try await here.expectWhole("\(deed.text()) at \(moment)", closedByHand: isClosed)
            await here.hub.end()
        }
    }
}
