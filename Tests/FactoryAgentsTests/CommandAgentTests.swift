import FactoryAgents
import FactoryCore
import FactoryFiles
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CommandAgentContract {
    private let sessions: Sessions
    init() throws { sessions = try Sessions() }

    @Test func `a session is told all it needs, and nothing else reaches it`() async throws {
        let environment = [
            "PATH": "/usr/bin:/bin", "HOME": "/houses/x", "LANG": "C.UTF-8", "LC_TIME": "C", "TERM": "xterm",
            "API_KEY": "k", "SECRET": "s", "SSH_AUTH_SOCK": "/s", "FACTORY_ROLE": "boss", "USER": "u",
        ]
        let report = await sessions.run(.planner, "", environment: environment) { job in
            job.setting.command = ["env"]
            job.setting.environment = ["API_KEY", "NOT_SET"]
        }
        let folder = sessions.folder
        let lines = Set(
            report.tail.split(separator: "\n").filter { !$0.hasPrefix("FACTORY_PROCESS=") }.map(String.init))
        #expect(
            lines == [
                "PATH=/usr/bin:/bin", "HOME=/houses/x", "LANG=C.UTF-8", "LC_TIME=C", "TERM=dumb", "API_KEY=k", "USER=u",
                "FACTORY_ROLE=planner", "FACTORY_PR=7", "FACTORY_ATTEMPT=3", "FACTORY_SPEC=specs/0007-dates.md",
                "FACTORY_PLAN=specs/0007-dates.plan.md", "FACTORY_PROMPT=\(folder)/prompt.md",
                "FACTORY_RESULT=\(folder)/out/result.json",
            ])
    }

    @Test func `the prompt stands in a file and on standard input, and the lane is the working directory`() async {
        let prompt = "Prompt with ünïcode\n" + String(repeating: "x", count: 200_000)
        let report = await sessions.run(
            .implementer, "pwd; cmp - \"$FACTORY_PROMPT\" && echo same; wc -c < \"$FACTORY_PROMPT\"", prompt: prompt)
        #expect(report.tail.split(separator: "\n") == ["\(sessions.lane)", "same", "\(prompt.utf8.count)"])
    }

    @Test func `a session that reads no prompt is no failure`() async {
        let report = await sessions.run(.implementer, "exit 0", prompt: String(repeating: "x", count: 1_000_000))
        #expect(report.writer == .some(nil))
    }

    @Test(arguments: ["tools/agent.sh", "./tools/agent.sh", "tools/../tools//agent.sh"])
    func `a repository file in the command is the main branch's`(spelling: String) async throws {
        let trusted = Paths.join(sessions.directory.path, "agent.sh")
        try Files.write("echo trusted \"$1\"", to: trusted)
        try Files.makeDirectory(Paths.join(sessions.lane, "tools"))
        try Files.write("echo rewritten", to: Paths.join(sessions.lane, "tools/agent.sh"))
        let report = await sessions.run(.codeReviewer, "") { job in
            job.setting.command = ["sh", spelling, "tools"]
            job.commandFiles = ["tools/agent.sh": trusted]
        }
        #expect(report.tail == "trusted tools")
    }

    @Test func `output comes as it is made, and the transcript is kept`() async throws {
        let live = Collected()
        let report = await sessions.run(.planner, "printf 'one\\n\\377two\\n'") { $0.onOutput = live.append }
        #expect(live.bytes == Array("one\n".utf8) + [0xFF] + Array("two\n".utf8))
        #expect(try Files.read(Paths.join(sessions.folder, "transcript.log")) == live.bytes)
        #expect(report.tail == "one\n\u{FFFD}two")
    }

    @Test func `a silent session leaves no transcript`() async {
        let report = await sessions.run(.planner, "true")
        #expect(report.writer == .some(nil))
        #expect(report.tail.isEmpty)
        #expect(!Files.exists(Paths.join(sessions.folder, "transcript.log")))
    }

    @Test func `a transcript is bounded, with its head and its tail`() async throws {
        let report = await sessions.run(
            .planner, "echo first; head -c 20000000 /dev/zero | tr '\\0' 'x'; echo; echo last")
        let transcript = try Files.read(Paths.join(sessions.folder, "transcript.log"))
        #expect(transcript.count < (4 << 20) + 100)
        #expect(transcript.starts(with: Array("first\n".utf8)))
        #expect(transcript.suffix(5).elementsEqual("last\n".utf8))
        #expect(report.tail.hasSuffix("last"))
    }
}

@Suite(.timeLimit(.minutes(1)))
struct SessionEndings {
    private let sessions: Sessions
    init() throws { sessions = try Sessions() }

    @Test func `a writer's words count, whatever its exit code`() async {
        let report = await sessions.run(
            .implementer, #"echo '{"status":"blocked","summary":"no compiler"}' > "$FACTORY_RESULT"; exit 3"#)
        #expect(report.writer == WriterResult(status: .blocked, summary: "no compiler"))
    }

    @Test func `a program that dies without a result has crashed, with its last lines`() async {
        let report = await sessions.run(.planner, "echo out of luck >&2; exit 3")
        #expect(report.failure?.kind == .crashed)
        #expect(
            report.failure?.message
                == "the planner's program exited with code 3 and left no result. Its last lines:\nout of luck")
        let killed = await sessions.run(.codeReviewer, "kill -9 $$")
        #expect(
            killed.failure?.message
                == "the code-reviewer's program was ended by signal 9 and left no result. It printed nothing.")
    }

    @Test func `a verdict is read with its usage`() async {
        let usage = #""usage":{"inputTokens":5,"outputTokens":1,"costUSD":0.25}"#
        let report = await sessions.run(
            .codeReviewer, #"echo \#(approval.replacing("}]}", with: "}],\(usage)}")) > "$FACTORY_RESULT""#)
        #expect(report.verdict?.decision == .approve)
        #expect(report.usage == Usage(inputTokens: 5, outputTokens: 1, costUSD: 0.25))
        #expect(report.seconds > 0)
    }

    @Test func `a negative cost spoils the bill, not the verdict`() async {
        let report = await sessions.run(
            .codeReviewer,
            #"echo \#(approval.replacing("}]}", with: "}],\"usage\":{\"costUSD\":-1}}")) > "$FACTORY_RESULT""#)
        #expect(report.verdict?.decision == .approve)
        #expect(report.usage == .unknown)
        #expect(report.tail == "usage: costUSD must be a number from 0 to 1000000")
    }

    @Test(arguments: [Role.planReviewer, .codeReviewer])
    func `a reviewer without a verdict has failed`(role: Role) async {
        let report = await sessions.run(role, "echo looks good")
        #expect(report.failure?.kind == .invalidResult)
        #expect(report.failure?.message == "no verdict was written to the file named by FACTORY_RESULT")
        #expect(report.tail == "looks good")
    }

    @Test(arguments: [
        (#"ln -s /etc/hostname "$FACTORY_RESULT""#, "the result file is a symbolic link; write a regular file"),
        (#"mkfifo "$FACTORY_RESULT""#, "the result file is no regular file"),
        (#"mkdir "$FACTORY_RESULT""#, "the result file is no regular file"),
        (#"truncate -s 2000000 "$FACTORY_RESULT""#, "the result file is larger than 1048576 bytes"),
        (#": > "$FACTORY_RESULT""#, "the result file is empty"),
        (#"echo APPROVE > "$FACTORY_RESULT""#, "the result is no valid JSON: no value at byte 0"),
        (
            #"d=${FACTORY_RESULT%/*}; mv "$d" "$d.old"; ln -s /tmp "$d""#,
            "the directory of FACTORY_RESULT was removed or replaced"
        ),
        (
            #"echo '{"decision":"APPROVE","criteria":[{"id":"D1","met":true,"evidence":"x"}]}' > "$FACTORY_RESULT""#,
            "criteria: D2 not answered"
        ),
    ])
    func `a result that cannot be used says why`(script: String, fault: String) async {
        let report = await sessions.run(.codeReviewer, script)
        #expect(report.failure?.kind == .invalidResult)
        #expect(report.failure?.message == fault)
    }

    @Test func `a verdict for the Done items of another spec is refused`() async {
        let report = await sessions.run(.planReviewer, #"echo \#(approval) > "$FACTORY_RESULT""#) {
            $0.done = [DoneItem(id: "D1", text: "a"), DoneItem(id: "D2", text: "b"), DoneItem(id: "D3", text: "c")]
        }
        #expect(
            report.failure?.message
                == "criteria: D2 is not marked [human], so it must be answered with true or false; "
                + "criteria: D3 not answered")
    }

    @Test func `a writer's broken result is not taken for silence`() async {
        let report = await sessions.run(.planner, #"echo '{"status":"ok"}' > "$FACTORY_RESULT""#)
        #expect(report.failure?.kind == .invalidResult)
    }

    @Test func `an older session's result does not count`() async {
        _ = await sessions.run(.codeReviewer, #"echo \#(approval) > "$FACTORY_RESULT""#)
        let report = await sessions.run(.codeReviewer, "true")
        #expect(report.failure?.kind == .invalidResult)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct SessionLimits {
    private let sessions: Sessions
    init() throws { sessions = try Sessions() }

    @Test func `a session that takes too long is ended, and its bill is read all the same`() async {
        var limits = Limits()
        limits.stage = 0.5
        let report = await sessions.run(
            .planner, #"echo '{"usage":{"costUSD":2}}' > "$FACTORY_RESULT"; while :; do echo x; sleep 0.1; done"#,
            limits: limits)
        #expect(report.failure?.kind == .timeout)
        #expect(report.failure?.message == "the planner was not done within 0.5 s")
        #expect(report.usage.costUSD == 2)
    }

    @Test func `a session that ignores SIGTERM is ended for all that`() async {
        var limits = Limits()
        limits.idle = 0.3
        let report = await sessions.run(
            .implementer, #"trap '' TERM; echo started; while :; do sleep 1; done"#, limits: limits)
        #expect(report.failure?.kind == .stalled)
        #expect(report.failure?.message == "the implementer printed nothing and changed nothing for 0.3 s")
        #expect(report.tail == "started")
    }

    @Test func `cancelling the task ends the session`() async throws {
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let sessions = sessions
        let task = Task {
            await sessions.run(.planner, "echo up; sleep 100") { $0.onOutput = { _ in signal.yield() } }
        }
        for await _ in started { break }
        task.cancel()
        #expect(await task.value.isCancelled)
    }

    @Test func `a program that is not there is named, with what to do`() async throws {
        let report = await sessions.run(.planner, "") { $0.setting.command = ["no-such-agent"] }
        #expect(report.failure?.kind == .crashed)
        #expect(report.failure?.message.contains("no-such-agent: no such program in PATH") == true)
        let none = await sessions.run(.planner, "") { $0.setting.command = [] }
        #expect(none.failure?.message.hasPrefix("no command for the planner. Name a command") == true)
    }

    @Test func `a lane or a folder that cannot be used is the host's fault`() async throws {
        let lost = await sessions.run(.planner, "true") { $0.directory += "/gone" }
        #expect(lost.failure?.kind == .host)
        let file = Paths.join(sessions.directory.path, "file")
        try Files.write("", to: file)
        let blocked = await sessions.run(.planner, "true") { $0.folder = Paths.join(file, "session") }
        #expect(blocked.failure?.kind == .host)
    }
}
