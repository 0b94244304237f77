import FactoryCore
import FactoryFiles
import Testing

@Suite(.serialized) struct `Doctor and init know agent programs` {
    private func program(_ name: String, _ script: String, in world: World) async throws {
        let path = "\(world.control)/bin/\(name)"
        try Files.makeDirectory(Paths.parent(of: path))
        try Files.write("#!/bin/sh\n\(script)\n", to: path)
        _ = try await world.ask("chmod", ["+x", path])
    }

    private func doctor(_ world: World, _ more: [String: String] = [:]) async throws -> (code: Int?, text: String) {
        let path = ["PATH": "\(world.control)/bin:/usr/local/bin:/usr/bin:/bin"]
        let session = try await world.start(["doctor"], path.merging(more) { _, new in new })
        let code = await session.code()
        return (code, session.output)
    }

    @Test(.timeLimit(.minutes(1)))
    func `doctor finds the program, its version and its key, and advises another maker for the reviewer`() async throws
    {
        let world = try await World.known("{ profile: codex, env: [CODEX_API_KEY] }")
        let missing = try await doctor(world)
        #expect(missing.code == 1)
        #expect(missing.text.contains("FAIL  the agent's program `codex` is not in PATH"), "\(missing.text)")
        try await program("codex", "echo codex-cli 0.163.0", in: world)
        try await program("kimi", "exit 1", in: world)
        let found = try await doctor(world, ["CODEX_API_KEY": "x"])
        #expect(found.code == 0)
        for line in [
            "PASS  codex 0.163.0 is at \(world.control)/bin/codex; the profile was tried with this version",
            "PASS  codex gets a key in CODEX_API_KEY", "PASS  also in PATH: kimi",
            "WARN  implementer and code-reviewer both use models of openai",
        ] { #expect(found.text.contains(line), "\(found.text)") }
        try await program("codex", "echo codex-cli 9.1.0", in: world)
        let strange = try await doctor(world)
        #expect(strange.text.contains("WARN  codex 9.1.0"), "\(strange.text)")
        #expect(strange.text.contains("was tried with 0.163.0"))
        #expect(strange.text.contains("WARN  codex gets none of its usual keys"))
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `doctor looks for the login, and for what a profile is called`() async throws {
        let world = try await World.known("{ profile: codex, login: true }")
        try await program("codex", "echo codex-cli 0.163.0", in: world)
        #expect(try await doctor(world).text.contains("has not logged in (~/.codex/auth.json)"))
        try Files.makeDirectory("\(world.base.path)/.codex")
        try Files.write("{}", to: "\(world.base.path)/.codex/auth.json")
        #expect(try await doctor(world).text.contains("PASS  codex uses the login in ~/.codex/auth.json"))
        let wrong = try await World.known("{ profile: codx }")
        let told = try await doctor(wrong)
        #expect(told.code == 1 && told.text.contains("FAIL  there is no profile `codx`"), "\(told.text)")
        #expect(told.text.contains("did you mean `codex`?"))
        await world.dismissAll()
        await wrong.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a broken file of profiles stops the line with its place`() async throws {
        let world = try await World.known(
            "{ profile: mine }", profiles: "version: 1\nprofiles:\n  mine: { like: codex, programm: x }\n")
        let told = try await doctor(world)
        #expect(
            told.text.contains(".factory/agents.yml:3:24: profiles.mine.programm: there is no such key"), "\(told.text)"
        )
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `init proposes what it finds`() async throws {
        let world = try World(in: TemporaryDirectory("factory-init"))
        try world.place("x\n", at: "README.md")
        try await program("claude", "exit 1", in: world)
        try await program("codex", "exit 1", in: world)
        try await world.git("init", "-q", "-b", "main")
        try await world.git("config", "user.name", "Ada Example")
        try await world.git("config", "user.email", "ada@example.invalid")
        try await world.git("add", "-A")
        try await world.git("commit", "-q", "-m", "A repository")
        let session = try await world.start(
            ["init", "--at", world.home],
            ["PATH": "\(world.control)/bin:/usr/local/bin:/usr/bin:/bin", "ANTHROPIC_API_KEY": "x"])
        #expect(await session.code() == 0)
        let output = session.output
        #expect(output.contains("look over the agents (claude and codex stood in PATH)"), "\(output)")
        let text = try Files.text("\(world.app)/.factory/config.yml") ?? ""
        #expect(text.contains("  default: { profile: claude, env: [ANTHROPIC_API_KEY] }"), "\(text)")
        #expect(text.contains("  code-reviewer: { profile: codex }"))
        await world.dismissAll()
    }
}
