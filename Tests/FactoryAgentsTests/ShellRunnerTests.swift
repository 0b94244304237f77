import FactoryAgents
import FactoryCore
import FactoryFiles
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ShellRunning {
    private let sessions: Sessions
    init() throws { sessions = try Sessions() }

    @Test func `the exit code is told, 128 and more for a signal`() async {
        #expect(await sessions.check("true").ending == .exited(0))
        #expect(await sessions.check("exit 7").ending == .exited(7))
        #expect(await sessions.check("kill -9 $$").ending == .exited(137))
        #expect(await sessions.check("no-such-command").ending == .exited(127))
    }

    @Test func `a check sees the allowed variables, CI, and what is named for it`() async {
        let environment = ["PATH": "/usr/bin:/bin", "SECRET": "s", "TOKEN": "t", "LC_ALL": "C", "CI": "no"]
        let report = await sessions.check("env; pwd", passing: ["TOKEN"], environment: environment)
        let made = ["PWD=", "OLDPWD=", "SHLVL=", "_=", "FACTORY_PROCESS="]
        let lines = String(decoding: report.output, as: UTF8.self).split(separator: "\n")
        let rest = Set(lines.filter { line in !made.contains { line.hasPrefix($0) } }.map(String.init))
        #expect(rest == ["PATH=/usr/bin:/bin", "TOKEN=t", "LC_ALL=C", "CI=true", "TERM=dumb", sessions.lane])
    }

    @Test func `a check that takes too long is ended`() async {
        let report = await sessions.check("trap '' TERM; echo on; while :; do sleep 1; done", timeout: 0.3)
        #expect(report.ending == .timedOut)
        #expect(report.output == Array("on\n".utf8))
    }

    @Test func `cancelling the task ends the check`() async {
        let sessions = sessions
        let task = Task { await sessions.check("sleep 100") }
        task.cancel()
        #expect(await task.value.ending == .cancelled)
    }

    @Test func `a check without output leaves no log`() async {
        let report = await sessions.check("true", log: "deep/check.log")
        #expect(report.output.isEmpty)
        #expect(!Files.exists(Paths.join(sessions.folder, "deep")))
    }

    @Test func `the log holds what the report leaves out`() async throws {
        let report = await sessions.check(
            "echo first; head -c 1000000 /dev/zero | tr '\\0' 'x'; echo last", log: "deep/check.log")
        let text = String(decoding: report.output, as: UTF8.self)
        #expect(report.output.count < (256 << 10) + 100)
        #expect(text.hasPrefix("first\n") && text.hasSuffix("last\n"))
        #expect(text.contains("\n[… 737867 bytes left out …]\n"))
        #expect(try Files.read(Paths.join(sessions.folder, "deep/check.log")).count == 1_000_011)
    }

    @Test func `the log is bounded as well`() async throws {
        _ = await sessions.check("head -c 40000000 /dev/zero | tr '\\0' 'x'; echo last")
        let log = try Files.read(Paths.join(sessions.folder, "check.log"))
        #expect(log.count < (16 << 20) + 100)
        #expect(log.suffix(5).elementsEqual("last\n".utf8))
    }

    @Test func `a log that cannot be kept is told, and the check holds`() async throws {
        try Files.write("", to: sessions.folder)
        let report = await sessions.check("echo fine")
        #expect(report.ending == .exited(0))
        #expect(String(decoding: report.output, as: UTF8.self).contains("the log could not be kept: "))
    }

    @Test func `a check whose directory is gone has not run`() async throws {
        try Files.remove(sessions.lane)
        let report = await sessions.check("true")
        #expect(
            report.ending
                == .failed(
                    "cannot run anything in \(sessions.lane): no such directory. Create it, or name another working directory."
                ))
    }
}

struct AgentEnvironments {
    @Test func `nothing is passed that is not allowed or named`() {
        let own = ["PATH": "/bin", "AWS_SECRET": "x", "LC_CTYPE": "C", "LD_PRELOAD": "y", "KEY": "k", "TERM": "xterm"]
        #expect(
            AgentEnvironment.make(from: own, passing: ["KEY", "TERM", "CI"], fixed: ["KEY": "ours"])
                == ["PATH": "/bin", "LC_CTYPE": "C", "KEY": "ours", "TERM": "dumb"])
    }

    @Test func `without a PATH the usual places are looked through`() {
        #expect(AgentEnvironment.make(from: [:], passing: [], fixed: [:])["PATH"] == "/usr/local/bin:/usr/bin:/bin")
    }

    @Test func `this process's own environment can be read`() throws {
        #expect(try AgentEnvironment.ofThisProcess()["PATH"]?.isEmpty == false)
    }
}
