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
        let bin = world.control + "/bin"
        try Files.makeDirectory(bin)
        try Files.write(
            "#!/bin/sh\nexec python3 -B \(World.scripts)/stub.py \(program) \"$@\"\n", to: "\(bin)/\(program)")
        _ = try await world.ask("chmod", ["+x", "\(bin)/\(program)"])
        let code = try await world.run([
            "PATH": "\(bin):/usr/local/bin:/usr/bin:/bin", "STUB_SAYS": "\(world.control)/says",
        ])
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
}
