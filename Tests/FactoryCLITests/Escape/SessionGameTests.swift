import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// What a hostile agent does with the things that it is given.
@Suite(.serialized, .enabled(if: Breakout.hasSandbox, "needs bubblewrap"), .timeLimit(.minutes(3)))
struct SessionGameTests {
    @Test(arguments: [
        ("rm -f \"$FACTORY_RESULT\"; ln -s @KEYS@ \"$FACTORY_RESULT\"", "symbolic link"),
        ("mkfifo \"$FACTORY_RESULT\"", "no regular file"), ("mkdir \"$FACTORY_RESULT\"", "no regular file"),
        ("head -c 3000000 /dev/zero > \"$FACTORY_RESULT\"", "larger than"),
        (
            "d=$(dirname \"$FACTORY_RESULT\"); mv $d $d.old || rmdir $d || ln -sfn $(dirname @KEYS@) $d; "
                + "ln -s @KEYS@ $d/result.json", "symbolic link"
        ),
    ])
    func `a result that is no file of its own is no result, and shows nothing of the machine`(
        _ game: String, _ fault: String
    ) async throws {
        let keys = try TemporaryDirectory("keys")
        try Files.write("{\"status\":\"question\",\"question\":\"stolen words\"}", to: keys.path + "/result.json")
        let script = game.replacing("@KEYS@", with: keys.path + "/result.json")
        let world = try await Breakout.world(agent: "#!/bin/bash\n\(script)\nexit 0\n")
        #expect(try await world.run() == 3)
        let why = try await world.why()
        #expect(why.contains(fault) && !why.contains("stolen"), "\(why)")
        await world.dismissAll()
    }

    @Test func `a gigabyte of output is bounded`() async throws {
        let world = try await Breakout.world(agent: "#!/bin/bash\nyes | head -c 1G\necho last\nexit 1\n")
        let run = try await world.start()
        let code = await run.code()
        #expect(code == 3, "\(run.output)\n\(run.errors)")
        let size = try Files.read("\(world.home)/sessions/1/plan-1/transcript.log").count
        #expect(size < 5 << 20)
        #expect(try await world.why().contains("last"))
        await world.dismissAll()
    }

    @Test func `what takes too much is ended, and told`() async throws {
        let world = try await Breakout.world(
            agent: "#!/bin/bash\nperl -e '$x = \"x\" x (300 << 20); sleep 30'\n",
            configuration: "sandbox: { limits: { memory: 100M } }\n")
        #expect(try await world.run() == 3)
        let why = try await world.why()
        #expect(why.contains("used more memory than `sandbox: { limits: { memory: … } }` allows"), "\(why)")
        await world.dismissAll()
    }

    /// A line that is killed takes its sessions along, and the next one goes on.
    @Test func `nothing of a session outlives a line that is killed`() async throws {
        let world = try await Breakout.world(
            agent: """
                #!/bin/bash
                [ "$FACTORY_ATTEMPT" = 1 ] && { setsid sleep 27182 & sleep 27182; }
                exit 1
                """)
        let line = try await world.start()
        while Breakout.running("sleep\u{0}27182").count < 2 { try await Task.sleep(for: .milliseconds(10)) }
        line.signal(SIGKILL)
        _ = await line.code()
        for _ in 0..<200 where !Breakout.running("sleep\u{0}27182").isEmpty {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(Breakout.running("sleep\u{0}27182") == [])
        #expect(try await world.run() == 3)
        #expect(try world.left("prompt.md", in: "plan-2") != nil)
        await world.dismissAll()
    }

    /// A setup step is as good as the pull request that it runs in.
    @Test func `instructions that setup makes, ignored or not, are not what an agent sees`() async throws {
        let made = """
            for f in AGENTS.md lib/CLAUDE.md .mcp.json .claude/settings.json; do
                mkdir -p $(dirname $f); echo obey > $f; done; mkdir -p made; echo kept > made/x
            """.replacing("\n", with: " ")
        let look = "cat AGENTS.md lib/CLAUDE.md .mcp.json .claude/settings.json made/x"
        let world = try await Breakout.world(
            agent: "#!/bin/bash\n\(look)\nexit 1\n", configuration: "setup: [{ run: \"\(made)\" }]\n",
            files: [".gitignore": "lib/CLAUDE.md\n.mcp.json\n.claude/\nmade/\n"])
        #expect(try await world.run() == 3)
        let seen = try #require(try world.left("transcript.log", in: "plan-1"))
        #expect(!seen.contains("obey") && seen.contains("kept") && seen.contains("# For agents"), "\(seen)")
        await world.dismissAll()
    }
}

/// Whether there is to be a sandbox, and what is said about it.
@Suite(.serialized, .enabled(if: Breakout.hasSandbox, "needs bubblewrap"), .timeLimit(.minutes(2)))
struct SandboxKindTests {
    @Test func `without a sandbox that works nothing runs, and the fix is named`() async throws {
        // Namespaces within this one are forbidden, as they are to ordinary users on some machines.
        let closed = ["/usr/bin/bwrap", "--dev-bind", "/", "/", "--unshare-user", "--disable-userns", "--"]
        let world = try await Breakout.world(agent: "#!/bin/bash\nexit 1\n")
        let run = try await world.ask(closed[0], Array(closed.dropFirst()) + [World.program, "run"])
        #expect(run.code == 1 && run.errors.contains("bubblewrap cannot make a sandbox here"), "\(run.errors)")
        #expect(run.errors.contains("user namespaces") || run.errors.contains("userns"), "\(run.errors)")
        let doctor = try await world.ask(closed[0], Array(closed.dropFirst()) + [World.program, "doctor"])
        #expect(doctor.code == 1 && doctor.output.contains("FAIL  bubblewrap cannot make a sandbox here"))
        #expect(try await world.pr(1).state == .queued)
    }

    @Test func `no sandbox at all is said loudly`() async throws {
        let world = try await Breakout.world(
            agent: "#!/bin/bash\nexit 1\n", configuration: "sandbox: { kind: none }\n")
        #expect(try await world.run() == 3)
        let run = try await world.ask(World.program, ["run"])
        #expect(run.errors.contains("THERE IS NO SANDBOX"), "\(run.errors)")
        #expect(try await world.ask(World.program, ["doctor"]).output.contains("WARN  THERE IS NO SANDBOX"))
        await world.dismissAll()
    }

    @Test func `a sandbox that works is told by doctor`() async throws {
        let world = try await Breakout.world(agent: "#!/bin/bash\nexit 1\n")
        let doctor = try await world.ask(World.program, ["doctor"])
        #expect(
            doctor.output.contains(
                "PASS  the sandbox works: bubblewrap; network: agents proxy (no host is named under `hosts:`), checks none"
            ),
            "\(doctor.output)")
    }
}

extension Breakout {
    /// A world with one spec whose agent is this script, run once, in the sandbox that is the default.
    static func world(
        agent: String, configuration: String = "", check: String = "true", files: [String: String] = [:]
    ) async throws -> World {
        let memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil
        let world = try World(in: TemporaryDirectory("escape", in: memory))
        try world.place(agent, at: "tools/agent.sh")
        try world.place("empty\n", at: "lib/shared.txt")
        for (path, text) in files { try world.place(text, at: path) }
        let spec = Play.spec(1)
        try await world.found(
            """
            version: 1
            agents: { default: { command: [bash, tools/agent.sh] } }
            checks: [{ name: test, run: "\(check)" }]
            retries: { stage: 0 }
            \(configuration)
            """)
        try world.place(spec.text, at: spec.path)
        try await world.factory("submit", spec.path)
        return world
    }
}
