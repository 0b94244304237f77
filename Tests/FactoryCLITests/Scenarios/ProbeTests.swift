import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// The checks on the main branch itself.
@Suite(.serialized) struct `The main branch is probed` {
    @Test(.timeLimit(.minutes(1)))
    func `once, and never again while every commit on it is known`() async throws {
        let world = try await World.play(specs: [Play.spec(1), Play.spec(2)])
        try await world.expectLanding()
        #expect(try await world.probes().map(\.isGreen) == [true])
        for number in 3...4 {
            let (path, text) = Play.spec(number)
            try world.place(text, at: path)
            try await world.factory("submit", path)
            try await world.expectLanding()
        }
        #expect(try await world.probes().count == 1, "what landed was tested")
        #expect(try await world.checkRuns() == 4)
    }

    @Test(.timeLimit(.minutes(1)))
    func `not at all while there is nothing to do`() async throws {
        let world = try await World.play(specs: [])
        #expect(try await world.run() == 0)
        #expect(try await world.probes().isEmpty)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `again after a person's push, once, whoever asks`() async throws {
        let world = try await World.play(specs: [Play.spec(1)])
        try await world.expectLanding()
        try await world.git("pull", "-q", "factory", "main")
        try await world.push("lib/other.txt", "hello\n")
        for number in 2...3 {
            let (path, text) = Play.spec(number)
            try world.place(text, at: path)
            try await world.factory("submit", path)
        }
        let (first, second) = (try await world.start(), try await world.start())
        #expect(await first.code() == 0)
        #expect(await second.code() == 0)
        #expect(try await world.probes().count == 2)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `red twice stops the line before any agent starts, and the output is kept`() async throws {
        let world = try await World.play(["check": "! grep -q broken lib/other.txt || { echo it is broken; exit 3; }"])
        try await world.push("lib/other.txt", "broken\n")
        let run = try await world.start()
        #expect(await run.code() == 3)
        #expect(run.output.contains("red on its own") && run.output.contains("factory revert"), "\(run.output)")
        #expect(try world.starts() == [])
        let probe = try #require(try await world.probes().last)
        #expect(!probe.isGreen && probe.runs == 2 && probe.checks.map(\.exit) == [3])
        let kept = try await world.git("show", "refs/factory/line:failures.txt", in: world.journal)
        #expect(kept.contains("it is broken"))
        // Known by now: nothing runs again.
        #expect(try await world.run() == 3)
        #expect(try await world.probes().count == 1)
        let refused = try await world.ask(World.program, ["start"])
        #expect(refused.code == 3 && refused.errors.contains("still is red"), "\(refused.errors)")
        try await world.push("lib/other.txt", "mended\n")
        #expect(try await world.run() == 3, "a person has to say so")
        try await world.factory("start")
        #expect(try await world.probes().map(\.isGreen) == [false, false, true])
        try await world.expectLanding()
        #expect(try await world.probes().count == 3)
    }

    @Test(.timeLimit(.minutes(1)))
    func `red once is a flake`() async throws {
        let world = try await World.play(["check": "[ -e \"$TORTURE/once\" ] || { touch \"$TORTURE/once\"; exit 1; }"])
        try await world.expectLanding()
        #expect(try await world.probes().map(\.runs) == [2])
        #expect(try await world.probes().map(\.isGreen) == [true])
    }

    @Test(.timeLimit(.minutes(1)))
    func `with --anyway a spec can mend it, and what is red then is its own`() async throws {
        let world = try await World.play([
            "implementer-1": "implement; finish", "implementer-2": "echo mended > lib/other.txt; finish",
        ])
        try await world.push("lib/other.txt", "broken\n")
        #expect(try await world.run() == 3)
        try await world.factory("start", "--anyway", "1 mends it")
        try await world.expectLanding()
        #expect(try await world.pr(1).counts[.implementationCI]?.returns == 1)
        #expect(try await world.onMain("lib/other.txt") == "mended\n")
        #expect(try await world.probes().count == 1)
        let entry = try #require(try await world.lineRecord().last)
        #expect(entry.state.accepted != nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a pull request does not answer for what a person broke meanwhile`() async throws {
        let world = try await World.play([
            "implementer-1": "person_pushes lib/other.txt broken; implement; finish"
        ])
        #expect(try await world.run() == 3)
        #expect(try await world.standing().stops.map(\.kind) == [.mainRed])
        let pr = try await world.pr(1)
        #expect(pr.state == .implementationCI && pr.active == nil)
        #expect(pr.counts[.implementationCI]?.returns == 0 && pr.counts[.implementationCI]?.failures == 0)
        try await world.push("lib/other.txt", "mended\n")
        try await world.factory("start")
        try await world.expectLanding()
        #expect(try world.starts(of: .implementer) == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a line that is killed in a probe leaves nothing behind, and probes anew`() async throws {
        let world = try await World.play([
            "check": "echo $$ > \"$TORTURE/at-check\"; [ -e \"$TORTURE/go\" ] || exec sleep 1000"
        ])
        let run = try await world.start()
        let check = try await world.arrival("check")
        run.signal(SIGKILL)
        #expect(await run.code() == 137)
        try Files.write("", to: world.control + "/go")
        let next = try await world.start()
        #expect(await next.code() == 0, "\(next.errors)")
        #expect(await world.ends(check, within: 5))
        #expect(try await world.probes().count == 1)
        #expect(try Files.list(world.home + "/lanes").filter { Int($0) != nil } == ["1"], "its lane is used again")
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `Ctrl-C ends a probe, and nothing is recorded of it`() async throws {
        let world = try await World.play(["check": "echo $$ > \"$TORTURE/at-check\"; exec sleep 1000"])
        let run = try await world.start()
        let check = try await world.arrival("check")
        run.signal(SIGINT)
        #expect(await run.code() == 130)
        #expect(await world.ends(check, within: 5))
        #expect(try await world.lineRecord().isEmpty)
        try world.rewrite("check", "true")
        try await world.expectLanding()
    }
}

extension World {
    /// A person writes a file on the main branch and pushes it.
    func push(_ path: String, _ text: String) async throws {
        try place(text, at: path)
        try await git("add", path)
        try await git("commit", "-q", "-m", "A person's change", "--", path)
        try await git("push", "-q", "factory", "main")
    }
}
