import FactoryCore
import FactoryFiles
import Testing

@testable import FactoryAgents

/// A profile of a program that is a shell script, which finds its arguments behind `--`.
private func scripted(
    _ script: String, _ output: AgentProfile.OutputFormat, change: (inout AgentProfile) -> Void = { _ in }
) -> AgentProfile {
    var profile = AgentProfile(program: "/bin/sh")
    profile.arguments = ["-c", script, "sh", "{mode}", "{model}", "{schema}", "{extra}"]
    (profile.write, profile.readOnly) = (["--write"], ["--read"])
    profile.model = ["-m", "{model-name}"]
    profile.output = output
    change(&profile)
    return profile
}

extension Sessions {
    /// Runs a script as a known program.
    fileprivate func known(
        _ role: Role, _ script: String, _ output: AgentProfile.OutputFormat = .text, limits: Limits = Limits(),
        environment: [String: String] = standardEnvironment, job change: (inout AgentJob) -> Void = { _ in },
        with adapt: (inout AgentProfile) -> Void = { _ in }
    ) async -> AgentReport {
        await run(role, "", limits: limits, environment: environment) { job in
            job.setting = AgentSetting()
            job.setting.profile = "mine"
            job.profile = scripted(script, output, change: adapt)
            change(&job)
        }
    }
}

extension AgentReport {
    fileprivate var deferral: Deferral? { if case .deferred(let deferral) = result { deferral } else { nil } }
}

private let verdict =
    #"{"decision":"APPROVE","summary":"Good.","criteria":[{"id":"D1","met":true,"evidence":"a"},{"id":"D2","met":"human","evidence":"b"}]}"#

@Suite(.timeLimit(.minutes(1))) struct ProfileSessions {
    private let sessions: Sessions
    init() throws { sessions = try Sessions() }

    @Test func `arguments, prompt and variables are filled in, and its own files are gone in the end`() async throws {
        let script = #"""
            echo "$@"; echo "$HOUSE"; cat "$HOUSE/own"; tail -n 3; echo; env | grep -c ^EMPTY=
            test -s "$SCHEMA" && echo schema
            """#
        let report = await sessions.known(.planner, script, job: { $0.setting.model = "m1" }) { profile in
            profile.schema = ["--schema", "{schema-file}"]
            profile.extra = ["-x", "{}", "{\"a\": 1}"]
            profile.environment = ["HOUSE": "{state}", "EMPTY": "", "SCHEMA": "{schema-file}"]
            profile.files = ["{state}/own": "model {model-name}, prompt {prompt-json}\n"]
        }
        let lines = report.tail.split(separator: "\n").map(String.init)
        let folder = sessions.folder
        #expect(lines[0] == "--write -m m1 --schema \(folder)/schema.json -x {} {\"a\": 1}")
        #expect(lines[1] == "\(folder)/state")
        #expect(lines[2].hasPrefix("model m1, prompt \"Do it.\\n\\nIf you cannot write"))
        #expect(lines.suffix(2) == ["0", "schema"])
        #expect(try Files.text("\(folder)/prompt.md")?.hasSuffix("at its end.\n") == true)
        #expect(!Files.exists("\(folder)/state") && !Files.exists("\(folder)/tmp"))
    }

    @Test func `without a model nothing is asked for, and a reviewer is held back`() async {
        let report = await sessions.known(.codeReviewer, #"echo "$@""#, with: { $0.readOnly = ["-s", "read-only"] })
        #expect(report.tail == "-s read-only")
    }

    @Test func `inside the line's own sandbox the program's own is switched off`() throws {
        var profile = scripted("", .text)
        profile.fenced = .init()
        profile.fenced?.readOnly = ["--all"]
        let job = sessions.job(.codeReviewer, command: [], prompt: "", limits: Limits())
        var command = ProfileCommand(profile: profile, job: job, folder: SessionFolder(path: "/f"))
        #expect(command.arguments.last == "--read")
        command.isFenced = true
        #expect(command.arguments.last == "--all")
    }

    @Test func `a verdict in the last words counts, and one in the file counts more`() async {
        let words = "{\"role\":\"assistant\",\"content\":\"Fine.\\n\\n\(verdict.replacing("\"", with: "\\\""))\"}"
        let script = "printf '%s\\n' '\(words)'"
        let report = await sessions.known(.codeReviewer, script, .messages)
        #expect(report.verdict?.decision == .approve)
        let both = await sessions.known(
            .codeReviewer, script + #"; echo '{"decision":"QUESTION","summary":"Why?"}' > "$FACTORY_RESULT""#, .messages
        )
        #expect(both.verdict?.decision == .question)
    }

    @Test func `a verdict in the last words must be whole`() async {
        let report = await sessions.known(
            .codeReviewer, #"echo '{"role":"assistant","content":"{\"decision\":\"APPROVE\",\"summary\":\"x\"}"}'"#,
            .messages)
        #expect(report.failure?.kind == .invalidResult && report.failure?.message == "criteria: D1, D2 not answered")
        let silent = await sessions.known(.codeReviewer, "echo looks good")
        #expect(silent.failure?.message.hasSuffix("nor was one in its last message") == true)
    }

    @Test func `a result for another pull request is refused`() async {
        let report = await sessions.run(
            .codeReviewer, "echo '\(verdict.dropLast()),\"pr\":8}' > \"$FACTORY_RESULT\"")
        #expect(report.failure?.message == "pr: the result is for another pull request, not for 7")
        let own = await sessions.run(.codeReviewer, "echo '\(verdict.dropLast()),\"pr\":7}' > \"$FACTORY_RESULT\"")
        #expect(own.verdict?.decision == .approve)
    }

    @Test func `a writer's last words are its summary, and its question is one`() async {
        let report = await sessions.known(.planner, #"echo '{"role":"assistant","content":"I wrote it."}'"#, .messages)
        #expect(report.writer == WriterResult(status: .done, summary: "I wrote it."))
        let asks = await sessions.known(
            .planner, #"echo '{"role":"assistant","content":"{\"status\":\"question\",\"question\":\"Which?\"}"}'"#,
            .messages)
        #expect(asks.writer??.status == .question)
    }
}

@Suite(.timeLimit(.minutes(1))) struct ProfileEndings {
    private let sessions: Sessions
    private let now = Timestamp(seconds: 1_000_000)
    init() throws { sessions = try Sessions() }

    @Test(arguments: [
        ("Error code: 429 - no", Deferral.Kind.rateLimit, 60.0),
        ("Error code: 429 - Please try again in 20s.", .rateLimit, 25),
        ("You exceeded your quota", .quota, 900), ("Connection error.", .providerDown, 60),
    ])
    func `a provider that says not now puts the PR off`(words: String, kind: Deferral.Kind, wait: Double) async {
        let report = await sessions.known(.planner, "echo '\(words)'; exit 1", .messages)
        #expect(report.deferral?.kind == kind && report.deferral?.message == words)
        #expect(report.deferral?.until == now + wait)
        let later = await sessions.known(.planner, "echo '\(words)'; exit 1", .messages, job: { $0.deferrals = 1 })
        #expect(later.deferral?.until == now + (wait == 25 ? 25 : 2 * wait))
    }

    @Test(arguments: [
        ("Error code: 401 - no", FactoryCore.Failure.authentication),
        ("The model x does not exist", .modelUnknown), ("prompt is too long", .contextOverflow),
        ("stopped by content_filter", .refusal), ("oh dear", .crashed),
    ])
    func `what no waiting helps is a failure of its own kind`(words: String, kind: FactoryCore.Failure) async {
        let report = await sessions.known(.planner, "echo '\(words)'; exit 1", .messages)
        #expect(report.failure?.kind == kind)
        #expect(report.failure?.message.contains(words) == true)
    }

    @Test func `what the agent says, reads or writes is no diagnosis`() async {
        let script = #"""
            echo '{"role":"assistant","content":"Error code: 429, quota, 401"}'
            echo '{"role":"tool","content":"429 Too Many Requests"}'; exit 1
            """#
        let report = await sessions.known(.planner, script, .messages)
        #expect(report.failure?.kind == .crashed)
    }

    @Test func `an error that the program got over does not count`() async {
        let script = #"echo 'Error code: 429 - x'; echo '{"role":"assistant","content":"Done."}'; exit 1"#
        let report = await sessions.known(.planner, script, .messages)
        #expect(report.failure?.kind == .crashed)
    }

    @Test func `a program that exits with 0 whatever happens is judged by its own words`() async {
        let words = "echo 'litellm.AuthenticationError: no'; echo 'The API provider is not able to authenticate you.'"
        let report = await sessions.known(
            .codeReviewer, words,
            with: {
                $0.failsWithZero = true
                $0.notices = #"^(litellm\.|The API provider)"#
            })
        #expect(report.failure?.kind == .authentication)
        let trusted = await sessions.known(.planner, words)
        #expect(trusted.writer == .some(nil))
    }

    @Test func `an exit code can say what is wrong, and words can say it better`() async {
        let map: @Sendable (inout AgentProfile) -> Void = { $0.exits = [75: .providerDown, 41: .authentication] }
        #expect(await sessions.known(.planner, "exit 75", .messages, with: map).deferral?.kind == .providerDown)
        let better = await sessions.known(.planner, "echo 429; exit 75", .messages, with: map)
        #expect(better.deferral?.kind == .rateLimit)
        #expect(
            await sessions.known(.planner, "echo 429; exit 41", .messages, with: map).failure?.kind
                == .authentication)
    }

    @Test func `a profile's own patterns come first`() async {
        let report = await sessions.known(
            .planner, "echo 'Step 429: enough'; exit 1", .messages,
            with: {
                $0.errors = [.limit: "enough"]
            })
        #expect(report.failure?.kind == .limit)
    }

    @Test func `a program that only tries again is put off, not called stalled`() async {
        var limits = Limits()
        limits.idle = 0.6
        let script = #"""
            echo '{"role":"assistant","content":"On it."}'
            while :; do echo "Retrying after 503 Service Unavailable"; sleep 0.05; done
            """#
        let report = await sessions.known(.planner, script, .messages, limits: limits)
        #expect(report.deferral?.kind == .providerDown)
        let mute = await sessions.known(.planner, "sleep 100", .messages, limits: limits)
        #expect(mute.failure?.kind == .stalled)
    }

    @Test func `its log is read when it is stopped`() async {
        var limits = Limits()
        limits.idle = 0.3
        let script = #"""
            echo 'ConnectError of the catalogue' > "$STATE/log"; echo 'Retrying: 429' >> "$STATE/log"; sleep 100
            """#
        let report = await sessions.known(
            .planner, script, .vibe, limits: limits,
            with: {
                $0.environment = ["STATE": "{state}"]
                $0.log = .init(path: "{state}/log", lines: "Retrying")
            })
        #expect(report.deferral?.kind == .rateLimit)
    }
}

@Suite(.timeLimit(.minutes(1))) struct BadPrograms {
    private let sessions: Sessions
    init() throws { sessions = try Sessions() }

    @Test(arguments: [AgentProfile.OutputFormat.codex, .messages, .text])
    func `a flood of output is read through, with little of it kept`(_ format: AgentProfile.OutputFormat) async {
        let report = await sessions.known(
            .planner, "yes '{\"a\":1} quota' | head -c 30000000; head -c 30000000 /dev/zero", format)
        #expect(report.writer != nil || report.deferral != nil, "\(report.result)")
    }

    @Test func `a gigabyte holds nobody up and fills no memory`() async throws {
        let report = await sessions.known(
            .planner, #"head -c 1000000000 /dev/zero; echo; echo '{"role":"assistant","content":"Done."}'"#, .messages)
        #expect(report.writer == WriterResult(status: .done, summary: "Done."))
        #expect(try Files.read("\(sessions.folder)/transcript.log").count < 5 << 20)
    }

    @Test func `bytes that are no text do no harm`() async {
        let report = await sessions.known(
            .planner, #"printf '\377\376{"role"\n{"role":"assistant","content":"\303\050ok"}\n'"#, .messages)
        #expect(report.writer != nil)
    }

    @Test func `a prompt that the agent rewrites stays the line's`() async throws {
        let report = await sessions.run(.implementer, #"echo APPROVED > "$FACTORY_PROMPT"; exit 0"#)
        #expect(report.writer == .some(nil))
        _ = await sessions.run(.implementer, "exit 0", prompt: "The next one.\n")
        #expect(try Files.text("\(sessions.folder)/prompt.md") == "The next one.\n")
    }

    @Test func `daemons that it leaves behind are ended, whatever they call themselves`() async throws {
        let script = #"""
            setsid sh -c 'trap "" TERM HUP; echo $$ > "$1/daemon"; exec sleep 1000' x "$FACTORY_STATE" > /dev/null 2>&1 &
            while [ ! -s "$FACTORY_STATE/daemon" ]; do :; done
            """#
        let mark = Paths.join(sessions.directory.path, "mark")
        try Files.makeDirectory(mark)
        let report = await sessions.known(
            .planner, script,
            with: {
                $0.environment = ["FACTORY_STATE": mark]
                $0.grace = 0.2
            })
        #expect(report.writer == .some(nil))
        let pid = try #require(try Files.text("\(mark)/daemon")?.split(separator: "\n").first)
        #expect(!Files.exists("/proc/\(pid)"))
    }
}
