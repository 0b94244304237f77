import FactoryCore
import FactoryFiles
import Testing

@Suite(.serialized) struct `Known programs, as their documents describe them` {
    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            ("codex", "codex"), ("claude", "claude"), ("gemini", "gemini"), ("kimi", "kimi"), ("mini", "mini"),
            ("vibe", "vibe"), ("openhands", "openhands"), ("aider", "aider"), ("qwen", "qwen"),
            ("opencode", "opencode"), ("goose", "goose"), ("copilot", "copilot"), ("amp", "amp"),
            ("cursor", "cursor-agent"),
        ])
    func `a program takes a spec from the planner to the main branch by its shipped profile`(
        profile: String, program: String
    ) async throws {
        let world = try await World.known("{ profile: \(profile), model: a/model, env: [STUB_SAYS] }")
        let code = try await world.runStub(of: program)
        let why = code == 0 ? "" : try await world.why()
        #expect(code == 0, "\(why)")
        #expect(
            try world.noted("says") == Role.allCases.map { "\(program) \($0.rawValue)\n" }.joined(),
            "each role was started once")
        let pr = try await world.pr(1)
        #expect(pr.state == .merged)
        switch profile {
        case "aider", "copilot", "cursor": break
        default: #expect(pr.usage.inputTokens == 40 && pr.usage.outputTokens == 20, "\(pr.usage)")
        }
        for folder in try Files.list("\(world.home)/sessions/1") {
            #expect(!Files.exists("\(world.home)/sessions/1/\(folder)/state"), "its own files are gone")
        }
        #expect(world.strays() == [])
        await world.dismissAll()
    }

    private static let setting = "{ profile: codex, env: [STUB_SAYS, STUB_MODE] }"

    @Test(.timeLimit(.minutes(1)))
    func `what is wrong with a verdict is told to the next reviewer`() async throws {
        let world = try await World.known(Self.setting)
        #expect(try await world.runStub(of: "codex", mode: "code-reviewer partial") == 0)
        #expect(try world.prompt(.codeReview, 2).contains("(invalid-result): criteria: D1 not answered"))
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a login that is refused parks at once, and goes on where it was when it is mended`() async throws {
        let world = try await World.known(Self.setting)
        #expect(try await world.runStub(of: "codex", mode: "implementer fail status 401 Unauthorized") == 3)
        let pr = try await world.pr(1)
        #expect(pr.reason?.kind == .agent && pr.counts[.implementation]?.failures == 0)
        let why = try await world.why()
        #expect(why.contains("the provider refuses the implementer's login: status 401 Unauthorized"), "\(why)")
        #expect(why.contains("set `login: true`") && why.contains("factory retry 1"), "\(why)")
        try await world.factory("retry", "1")
        #expect(try await world.runStub(of: "codex") == 0)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `an agent whose login was refused gets no more work in that run, and the others wait instead of parking`()
        async throws
    {
        let world = try await World.known(Self.setting)
        for number in 2...3 { try world.place(Play.spec(number).text, at: Play.path(number)) }
        try await world.factory("submit", Play.path(2), Play.path(3))
        #expect(try await world.runStub(of: "codex", mode: "planner fail status 401 Unauthorized") == 3)
        #expect(try world.noted("says") == "codex planner\n")
        #expect(try await world.pr(1).reason?.kind == .agent)
        for number in 2...3 { #expect(try await world.pr(number).counts.isEmpty) }
        try await world.factory("retry", "1")
        _ = try await world.runStub(of: "codex")
        #expect(try await world.pr(1).state == .merged)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a spent quota puts off, keeps the work and counts as no failure`() async throws {
        let world = try await World.known(Self.setting)
        let words = "You have hit your usage limit. Try again in 3 hours."
        #expect(try await world.runStub(of: "codex", mode: "implementer fail \(words)") == 8)
        let pr = try await world.pr(1)
        #expect(pr.state == .implementation && pr.counts[.implementation]?.failures == 0 && pr.waiting?.count == 1)
        guard case .deferred(let deferral)? = try await world.lastOutcome() else {
            Issue.record("it was not put off")
            return
        }
        #expect(deferral.kind == .quota && deferral.message == words && pr.notBefore == deferral.until)
        #expect(try await world.why().contains("quota: \(words)"))
        let saved = try await world.git("for-each-ref", "--format=%(refname)", "refs/factory/rescue", in: world.journal)
        #expect(saved == "refs/factory/rescue/1/implementation-1")
        await world.dismissAll()
    }
}

extension World {
    /// Runs the line with a stub of a program in `PATH`.
    func runStub(of program: String, mode: String? = nil) async throws -> Int? {
        let bin = control + "/bin"
        try Files.makeDirectory(bin)
        try Files.write(
            "#!/bin/sh\nexec python3 -B \(World.scripts)/stub.py \(program) \"$@\"\n", to: "\(bin)/\(program)")
        _ = try await ask("chmod", ["+x", "\(bin)/\(program)"])
        try Files.remove(control + "/mode")
        if let mode { try Files.write(mode, to: control + "/mode") }
        return try await run([
            "PATH": "\(bin):/usr/local/bin:/usr/bin:/bin", "STUB_SAYS": control + "/says",
            "STUB_MODE": control + "/mode",
        ])
    }
}
