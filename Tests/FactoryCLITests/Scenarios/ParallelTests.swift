import FactoryCore
import FactoryFiles
import Glibc
import Testing

@Suite(.serialized) struct `Pull requests side by side` {
    /// Lets #2 come to its implementation first: #1 plans until the plan of #2 is approved, and implements until it is
    /// told to go on.
    private static let laterFirst = [
        "1-planner": "cat \"$TORTURE/reviewed\" > /dev/null; plan; finish",
        "2-plan-reviewer": "approve; echo > \"$TORTURE/reviewed\"",
        "1-implementer": "echo $$ > \"$TORTURE/at-one\"; cat \"$TORTURE/go\" > /dev/null; implement; finish",
        "2-implementer": "ls lib > \"$TORTURE/two\"; implement; finish",
    ]

    private func world(
        _ script: [String: String], specs: [(path: String, text: String)], configuration: String = "",
        concurrency: Int = 2, pipes: [String] = ["reviewed", "go"]
    ) async throws -> World {
        let world = try await World.play(
            script, specs: specs, configuration: configuration, concurrency: concurrency)
        for pipe in pipes { try await world.pipe(pipe) }
        return world
    }

    @Test(.timeLimit(.minutes(1)))
    func `of one stream the later one is held before its implementation until the earlier has landed`() async throws {
        let world = try await world(
            Self.laterFirst, specs: [Play.spec(1, "stream: web"), Play.spec(2, "stream: web")])
        let session = try await world.start()
        _ = try await world.arrival("one")
        try await world.reaches(2, .implementation)
        let why = try await world.why(2)
        #expect(why.contains("waits for #1, which is ahead of it in the stream web"), "\(why)")
        #expect(why.contains("factory why 1"), "\(why)")
        #expect(try await world.factory("status").contains("waits for #1"))
        let json = try JSON(parsing: Array(await world.factory("why", "2", "--json").utf8))
        #expect(json["waitsFor"]?.array?.compactMap(\.int) == [1])
        try await world.push("go")
        #expect(await session.code() == 0)
        #expect(try await world.end().landed == ["1", "2"])
        #expect(try world.noted("two").contains("1.txt"))
        #expect(try world.starts().count == 8)
    }

    @Test(.timeLimit(.minutes(1)))
    func `approved plans that name one file are worked in a row, and no conflict comes of it`() async throws {
        let plan = "printf '# Plan\\n\\n1. Change `lib/shared.txt` (D1).\\n' > \"$FACTORY_PLAN\"; finish"
        var script = ["1-planner": plan, "2-planner": "cat \"$TORTURE/reviewed\" > /dev/null; \(plan)"]
        script["1-implementer"] = """
            echo > "$TORTURE/reviewed"; echo $$ > "$TORTURE/at-one"; cat "$TORTURE/go" > /dev/null
            sed -i s/one/first/ lib/shared.txt; finish
            """
        script["2-implementer"] = "sed -i s/first/second/ lib/shared.txt; finish"
        let world = try await world(script, specs: [Play.spec(1), Play.spec(2)])
        let session = try await world.start()
        _ = try await world.arrival("one")
        try await world.reaches(2, .implementation)
        #expect(try await world.why(2).contains("waits for #1, whose plan names lib/shared.txt as well"))
        #expect(try await world.pr(2).plannedFiles == ["lib/shared.txt"])
        try await world.push("go")
        #expect(await session.code() == 0)
        #expect(try await world.onMain("lib/shared.txt")?.hasPrefix("second\n") == true)
        #expect(try await world.pr(2).counts[.merge]?.returns == 0)
        #expect(try world.starts().count == 8)
    }

    @Test(.timeLimit(.minutes(1)))
    func `one that parks lets the others of its stream go on`() async throws {
        var script = Self.laterFirst
        script["1-implementer"] = "ask Why?"
        let world = try await world(script, specs: [Play.spec(1, "stream: web"), Play.spec(2, "stream: web")])
        #expect(try await world.run() == 3)
        #expect(try await world.end().landed == ["2"])
        #expect(try await world.pr(1).state == .needsAttention)
    }

    @Test(.timeLimit(.minutes(1)))
    func `who is worked by himself is held by the others all the same`() async throws {
        let world = try await world([:], specs: [Play.spec(1, "stream: web"), Play.spec(2, "stream: web")], pipes: [])
        for number in [1, 2, 2, 2, 2] { _ = try await world.ask(World.program, ["step", "--pr", String(number)]) }
        #expect(try await world.pr(2).state == .implementation)
        #expect(try world.starts() == ["1 planner 1", "2 planner 1", "2 plan-reviewer 1"])
        try await world.factory("close", "1")
        _ = try await world.ask(World.program, ["step", "--pr", "2"])
        #expect(try world.starts().last == "2 implementer 1")
    }

    @Test(.timeLimit(.minutes(1)))
    func `what is green alone and red together goes back with the output, and main stays green`() async throws {
        let world = try await world(
            [
                // Both are tested before either lands.
                "1-code-reviewer-1": "echo > \"$TORTURE/a\"; cat \"$TORTURE/b\" > /dev/null; approve",
                "2-code-reviewer-1": "cat \"$TORTURE/a\" > /dev/null; echo > \"$TORTURE/b\"; approve",
                "implementer-2": "echo yes > lib/both.txt; finish",
                "check": """
                if [ -e lib/1.txt ] && [ -e lib/2.txt ] && [ ! -e lib/both.txt ]; then echo together we fail; exit 1; fi
                """,
            ], specs: [Play.spec(1), Play.spec(2)], pipes: ["a", "b"])
        try await world.expectLanding()
        let second = try #require(try await world.end().landed.last.flatMap { Int($0) })
        #expect(try await world.pr(second).counts[.merge]?.returns == 1)
        #expect(try world.prompt(.implementation, 2, of: second).contains("together we fail"))
        #expect(try world.starts().count == 10)
        #expect(try await world.redCommits() == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a main branch that moved without changing the tested tree costs no second run`() async throws {
        let world = try await world(
            [
                "code-reviewer":
                    "person commit -q --allow-empty -m 'A remark'; person push -q factory main; approve"
            ], specs: [Play.spec(1)], pipes: [])
        try await world.expectLanding()
        #expect(try await world.checkRuns() == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `no more checks run at once than there are slots`() async throws {
        let world = try await world(
            ["check": "echo begin >> \"$TORTURE/slots\"; sleep 0.2; echo end >> \"$TORTURE/slots\""],
            specs: (1...4).map { Play.spec($0) }, configuration: "check-slots: 1", concurrency: 4, pipes: [])
        try await world.expectLanding()
        let lines = try world.noted("slots").split(separator: "\n")
        #expect(lines.count >= 8 && lines.count % 2 == 0)
        #expect(lines.enumerated().allSatisfy { $1 == ($0 % 2 == 0 ? "begin" : "end") }, "\(lines)")
        for number in 1...4 { #expect(try await world.pr(number).counts[.implementationCI]?.attempts == 1) }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a run of checks that waits for its slot holds no lane and is no session, and a stop ends the wait`()
        async throws
    {
        let world = try await world(
            [
                "check":
                    "[ -e lib/1.txt ] || [ -e lib/2.txt ] || exit 0; [ -e \"$TORTURE/at-check\" ] || { echo $$ > \"$TORTURE/at-check\"; cat \"$TORTURE/go\" > /dev/null; }"
            ], specs: [Play.spec(1), Play.spec(2)], configuration: "check-slots: 1", pipes: ["go"])
        let session = try await world.start()
        _ = try await world.arrival("check")
        let numbers = [1, 2]
        while try await numbers.asyncCount({ try await world.pr($0).state == .implementationCI }) < 2 {}
        let lanes = try Files.list(world.home + "/lanes").filter { lane in
            Files.exists("\(world.home)/lanes/\(lane)/session")
        }
        #expect(lanes.count == 1)
        #expect(
            try await numbers.asyncCount { try await world.pr($0).counts[.implementationCI]?.attempts == 1 } == 1)
        session.signal(SIGTERM)
        #expect(await session.code() == 130)
        #expect(
            try await numbers.asyncCount { try await world.pr($0).counts[.implementationCI]?.attempts == 1 } == 1)
        try await world.expectLanding()
    }
}

extension Array {
    func asyncCount(_ isCounted: (Element) async throws -> Bool) async throws -> Int {
        var count = 0
        for element in self where try await isCounted(element) { count += 1 }
        return count
    }
}

extension World {
    /// Makes a pipe in the control directory: whoever reads it waits until somebody writes.
    func pipe(_ name: String) async throws {
        let answer = try await ask("mkfifo", ["\(control)/\(name)"])
        guard answer.code == 0 else { throw Failure(answer.errors) }
    }

    /// Writes to a pipe, for which somebody waits or will.
    func push(_ name: String) async throws { _ = try await ask("sh", ["-c", "echo > \"\(control)/\(name)\""]) }

    /// Waits until a PR has come into a state; the test's time limit is the bound.
    func reaches(_ number: Int, _ state: State) async throws {
        while try await pr(number).state != state { await Task.yield() }
    }

    /// The commits of the main branch whose own check is red, each really checked out.
    func redCommits(_ extra: [String: String] = [:], within limit: Double = 60) async throws -> [String] {
        let script = """
            mkdir -p "$TORTURE/audit"; cd "$TORTURE/audit"
            for commit in $(git --git-dir="\(hub)" rev-list main); do
                rm -rf tree; mkdir tree
                git --git-dir="\(hub)" archive "$commit" | tar x -C tree
                (cd tree; [ ! -e tools/check.sh ] || sh tools/check.sh > log 2>&1) || echo "$commit"
            done
            """
        let session = try await ask("env", extra.map { "\($0)=\($1)" } + ["sh", "-c", script], within: limit)
        guard session.code == 0 else { throw Failure(session.errors) }
        return session.output.split(separator: "\n").map(String.init)
    }
}
