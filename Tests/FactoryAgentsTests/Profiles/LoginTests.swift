import FactoryCore
import FactoryFiles
import Testing

@testable import FactoryAgents

@Suite(.timeLimit(.minutes(1))) struct LoginTests {
    private let sessions: Sessions
    private var home: String { Paths.join(sessions.directory.path, "home") }
    private var file: String { Paths.join(home, ".mine/auth.json") }

    init() throws {
        sessions = try Sessions()
        try Files.makeDirectory(Paths.parent(of: file))
        try Files.write(#"{"token":"old"}"#, to: file)
    }

    private func run(_ script: String, login: Bool = true) async -> AgentReport {
        await sessions.run(
            .planner, "", environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home]
        ) { job in
            job.setting = AgentSetting()
            job.setting.login = login
            var profile = AgentProfile(program: "/bin/sh")
            profile.arguments = ["-c", script]
            profile.environment = ["STATE": "{state}"]
            profile.login = [.init(from: "~/.mine/auth.json", to: "{state}/auth.json")]
            job.profile = profile
        }
    }

    @Test func `a login is laid out only when it is asked for, for its owner alone`() async {
        let report = await run(#"cat "$STATE/auth.json"; stat -c ' %a' "$STATE" "$STATE/auth.json""#)
        #expect(report.tail == "{\"token\":\"old\"} 700\n 600")
        #expect(await run(#"ls "$STATE""#, login: false).tail.isEmpty)
    }

    @Test func `a renewed login is taken back`() async throws {
        _ = await run(#"echo '{"token":"new"}' > "$STATE/auth.json""#)
        #expect(try Files.text(file) == "{\"token\":\"new\"}\n")
    }

    @Test(arguments: [
        #"echo '{"evil":1}' > "$STATE/auth.json""#, #": > "$STATE/auth.json""#,
        #"rm "$STATE/auth.json"; ln -s /etc/passwd "$STATE/auth.json""#,
    ])
    func `what is no such login is not`(script: String) async throws {
        let report = await run(script)
        #expect(try Files.text(file) == #"{"token":"old"}"#)
        #expect(report.tail.contains("auth.json"))
    }

    @Test func `a login that somebody else renewed meanwhile stays theirs`() async throws {
        let report = await run(
            #"echo '{"token":"new"}' > "$STATE/auth.json"; echo '{"token":"theirs"}' > ~/.mine/auth.json"#)
        #expect(try Files.text(file) == "{\"token\":\"theirs\"}\n")
        #expect(report.tail.contains("has changed meanwhile"))
    }

    @Test func `sessions use a login one after the other`() async throws {
        let log = Paths.join(sessions.directory.path, "log")
        let desk = LoginDesk(directory: sessions.directory.path)
        try Files.write("", to: log)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    guard (try? await desk.take("a")) == true else { return }
                    let before = (try? Files.text(log) ?? "") ?? ""
                    await Task.yield()
                    try? Files.write(before + "x", to: log)
                    await desk.giveBack("a")
                }
            }
        }
        #expect(try Files.text(log) == "xxxxx")
        let other = LoginDesk(directory: sessions.directory.path)
        #expect(try await desk.take("a"))
        #expect(try await other.take("a") == false, "another line")
    }
}

@Suite(.timeLimit(.minutes(1))) struct ProgressTests {
    private let sessions: Sessions
    init() throws { sessions = try Sessions() }

    @Test func `a program that prints nothing but changes its lane is not stalled`() async {
        var limits = Limits()
        limits.idle = 0.5
        let script = "mkdir -p a/b; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do echo $i > a/b/c; sleep 0.1; done"
        #expect(await sessions.run(.implementer, script, limits: limits).writer == .some(nil))
        let silent = await sessions.run(.implementer, "sleep 100", limits: limits)
        #expect(silent.failure?.kind == .stalled)
        #expect(silent.failure?.message == "the implementer printed nothing and changed nothing for 0.5 s")
    }

    @Test func `a date in the future is no sign of life`() async {
        var limits = Limits()
        limits.idle = 0.4
        let report = await sessions.run(.implementer, "touch -d 2099-01-01 x; sleep 100", limits: limits)
        #expect(report.failure?.kind == .stalled)
    }

    @Test func `a path with a star stands for what is there`() throws {
        let base = sessions.directory.path
        for name in ["s/1/x", "s/2/y", "s/2/x"] {
            try Files.makeDirectory(Paths.parent(of: Paths.join(base, name)))
            try Files.write("", to: Paths.join(base, name))
        }
        #expect(PathPattern.expand("\(base)/s/*/x") == ["\(base)/s/1/x", "\(base)/s/2/x"])
        #expect(ProgressWatch(paths: ["\(base)/s/*/y"]).quiet(enough: 0) < 5)
        #expect(ProgressWatch(paths: ["\(base)/none"]).quiet(enough: 0) == .infinity)
    }
}
