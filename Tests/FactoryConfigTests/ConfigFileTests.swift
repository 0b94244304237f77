import FactoryConfig
import FactoryCore
import Testing

private let needed = "agents: { default: { command: [a] } }\nchecks: []\n"

private func findings(_ bytes: [UInt8]) -> [ConfigFinding] {
    do throws(ConfigError) {
        _ = try ConfigFile(parsing: bytes)
        return []
    } catch { return error.findings }
}
private func findings(_ text: String) -> [ConfigFinding] { findings(Array(text.utf8)) }

@Suite struct ConfigFileTests {
    @Test func `the smallest file has every default`() throws {
        let file = try ConfigFile(parsing: needed)
        var expected = Configuration()
        expected.defaultAgent = AgentSetting(command: ["a"])
        #expect(file.configuration == expected)
        #expect(file.reserved == [])
    }

    @Test func `every key of a full file arrives`() throws {
        let file = try ConfigFile(
            parsing: """
                version: 1
                concurrency: 3
                agents:
                  default: { command: [sh, tools/agent.sh], env: [ANTHROPIC_API_KEY], hosts: [API.example.com] }
                  code-reviewer: { profile: codex, model: gpt-5, login: true }
                setup:
                  - { run: npm ci, network: true }
                keep: [node_modules, .build]
                checks:
                  - { name: test, run: make test, timeout: 90, dir: web, paths: ["**/*.js"], env: [CI], artifacts: [out/] }
                limits: { stage: 2h, idle: 45s, diff-lines: 10, diff-files: 3 }
                retries: { plan-review: 0, implementation-ci: 1, code-review: 3, merge: 4, stage: 5 }
                budget: { night: { usd: 50.5 }, spec: { usd: 25, minutes: 240 }, stage: { usd: 10, tokens: 4000000 } }
                night: { starts: 18:00, ends: "08:30" }
                protect: [infra/**]
                autonomy: low-risk
                sandbox: { kind: none, network: { agents: host, checks: proxy }, hosts: ["*.Example.com", "[::1]:80"],
                  read: [/srv/sdk, ~/.rustup], limits: { memory: 512M, processes: 20, file: 1G, disk: 1048576, scratch: 3M } }
                upstream: { remote: origin, push: true }
                """)
        let read = file.configuration
        #expect(read.concurrency == 3 && read.keep == ["node_modules", ".build"] && read.autonomy == .lowRisk)
        #expect(read.agent(for: .planner)?.command == ["sh", "tools/agent.sh"])
        #expect(
            read.defaultAgent?.environment == ["ANTHROPIC_API_KEY"] && read.defaultAgent?.hosts == ["api.example.com"])
        let reviewer = try #require(read.agent(for: .codeReviewer))
        #expect(reviewer.profile == "codex" && reviewer.model == "gpt-5" && reviewer.login && reviewer.command == nil)
        #expect(read.setup.map(\.run) == ["npm ci"] && read.setup.map(\.network) == [true])
        let check = try #require(read.checks.first)
        #expect(check.name == "test" && check.run == "make test" && check.timeout == 90 && check.directory == "web")
        #expect(check.paths == [Glob("**/*.js")] && check.environment == ["CI"] && check.artifacts == [Glob("out/")])
        #expect(read.limits.stage == 7200 && read.limits.idle == 45)
        #expect(read.limits.diffLines == 10 && read.limits.diffFiles == 3)
        #expect(Stage.allCases.map(read.retries.returns) == [0, 0, 0, 1, 3, 4] && read.retries.stage == 5)
        #expect(
            read.budget.night.usd == 50.5 && read.budget.spec.minutes == 240 && read.budget.stage.tokens == 4_000_000)
        #expect(read.night == NightWindow(starts: 1080, ends: 510) && read.protected == [Glob("infra/**")])
        #expect(read.sandbox.kind == .none && read.sandbox.agents == .host && read.sandbox.checks == .proxy)
        #expect(read.sandbox.hosts == ["*.example.com", "[::1]:80"] && read.sandbox.read == ["/srv/sdk", "~/.rustup"])
        #expect(
            read.sandbox.limits
                == Bounds(memory: 512 << 20, processes: 20, file: 1 << 30, disk: 1 << 20, scratch: 3 << 20))
        #expect(read.upstream == Upstream(remote: "origin", push: true))
    }

    @Test(arguments: Autonomy.allCases)
    func `each degree of autonomy is read`(_ autonomy: Autonomy) throws {
        #expect(try ConfigFile(parsing: needed + "autonomy: \(autonomy.rawValue)").configuration.autonomy == autonomy)
    }

    @Test func `reserved keys are named, and keys of one's own are left alone`() throws {
        let file = try ConfigFile(
            parsing: needed + "notify: { a: [1] }\nhub: github\nx-mine: { b: 1 }\nlimits: { x-why: c }\n")
        #expect(file.reserved == ["hub", "notify"])
    }

    @Test func `everything wrong is found at once, with path, place and hint`() {
        let found = findings(
            """
            concurency: 2
            agents: { default: { command: [a] } }
            checks:
              - { name: test, run: make test, timeout: soon, timout: 3 }
            limits:
              idle: 2d
            """)
        #expect(found.map(\.path) == ["concurency", "checks[0].timeout", "checks[0].timout", "limits.idle"])
        #expect(found.map(\.line) == [1, 4, 4, 6])
        #expect(found.map(\.column) == [1, 44, 50, 9])
        #expect(found[0].hint == "did you mean \"concurrency\"?")
        #expect(found[2].description == "checks[0].timout: there is no such key; did you mean \"timeout\"?")
        #expect(ConfigError(findings: found).description.hasPrefix(".factory/config.yml:1:1: concurency: there is no"))
    }

    @Test(arguments: [
        ("concurrency: 0", "concurrency", "out of range"), ("concurrency: two", "concurrency", "whole number"),
        ("concurrency: 007", "concurrency", "whole number"), ("concurrency: \"2\"", "concurrency", "whole number"),
        ("concurrency:", "concurrency", "nothing is not"), ("keep: node_modules", "keep", "not a list"),
        ("keep: [/etc]", "keep[0]", "inside the repository"), ("keep: [a/../../b]", "keep[0]", "inside the repository"),
        ("keep: [.git/hooks]", "keep[0]", "inside the repository"), ("limits: 45m", "limits", "not a mapping"),
        ("limits: { stage: 0 }", "limits.stage", "out of range"),
        ("limits: { idle: 25h }", "limits.idle", "out of range"),
        ("limits: { idle: -5m }", "limits.idle", "duration"), ("limits: { idle: 1.5h }", "limits.idle", "duration"),
        ("limits: { diff-lines: 1_000 }", "limits.diff-lines", "whole number"),
        ("retries: { merge: -1 }", "retries.merge", "out of range"),
        ("retries: { plan: 1 }", "retries.plan", "no such key"),
        ("budget: { night: 50 }", "budget.night", "not a mapping"),
        ("budget: { spec: { usd: -1 } }", "budget.spec.usd", "range"),
        ("budget: { spec: { eur: 1 } }", "budget.spec.eur", "no such key"),
        ("night: { starts: \"18:00\" }", "night", "has no ends"),
        ("night: { starts: 6pm, ends: \"24:00\" }", "night.ends", "time"),
        ("protect: [\"!a\"]", "protect[0]", "pattern"), ("autonomy: ful", "autonomy", "not one of"),
        ("gates: [{ kinds: [fix] }]", "gates[0]", "has no before"),
        ("gates: [{ before: landing }]", "gates[0].before", "not one of"),
        ("gates: [{ before: merge, kinds: [epic] }]", "gates[0].kinds[0]", "not one of"),
        ("gates: [{ before: implementation, paths: [a] }]", "gates[0]", "before there is a change"),
        ("gates: { before: merge }", "gates", "not a list"), ("approval: head", "approval", "not one of"),
        ("autonomy: true", "autonomy", "not one of"), ("sandbox: { kind: bwrap }", "sandbox.kind", "not one of"),
        ("sandbox: { network: { agents: yes } }", "sandbox.network.agents", "not one of"),
        ("sandbox: { hosts: [\"*\"] }", "sandbox.hosts[0]", "name of a host"),
        ("sandbox: { read: [/] }", "sandbox.read[0]", "path of the machine"),
        ("sandbox: { read: [~/] }", "sandbox.read[0]", "path of the machine"),
        ("sandbox: { read: [/srv/../etc] }", "sandbox.read[0]", "path of the machine"),
        ("sandbox: { limits: { memory: lots } }", "sandbox.limits.memory", "not a size"),
        ("sandbox: { limits: { memory: 1K } }", "sandbox.limits.memory", "out of range"),
        ("upstream: { remote: --upload-pack=x }", "upstream.remote", "name of a remote"),
        ("guards: { stubb: warn }", "guards.stubb", "no such key"),
        ("guards: { stub: wran }", "guards.stub", "not one of park, warn, off"),
        ("guards: { stub: [off] }", "guards.stub", "not one of"),
        ("guards: { stub: { level: of } }", "guards.stub.level", "not one of"),
        ("guards: { stub: { paths: [a] } }", "guards.stub.paths", "no such key"),
        ("guards: { stub: { bytes: 1 } }", "guards.stub.bytes", "no such key"),
        ("guards: { large-file: { bytes: 2M } }", "guards.large-file.bytes", "out of range"),
        ("guards: { watched-path: { paths: [\"!a\"] } }", "guards.watched-path.paths[0]", "pattern"),
        ("guards: { secret: off }", "guards.secret", "always parks and cannot be off"),
        ("guards: { protected-path: { level: warn } }", "guards.protected-path.level", "always parks"),
        ("guards: [stub]", "guards", "not a mapping"), ("upstream: {}", "upstream", "has no remote"),
        ("upstream: { remote: o, push: yes }", "upstream.push", "true or false"),
        ("setup: [{ network: true }]", "setup[0]", "has no run"), ("setup: [npm ci]", "setup[0]", "not a mapping"),
        ("x: 1", "x", "no such key"), ("version: 2", "version", "version 2"), ("version: 0", "version", "no version"),
        ("version: \"1\"", "version", "no version"), ("version:", "version", "no version"),
    ])
    func `a wrong value is found where it stands`(_ line: String, _ path: String, _ message: String) {
        let found = findings(needed + line)
        #expect(found.contains { $0.path == path && $0.message.contains(message) && $0.line == 3 }, "\(found)")
    }

    @Test(arguments: [
        ("{ default: {} }", "agents.default", "has no command"), ("{ defualt: {} }", "agents.defualt", "no such key"),
        ("{ default: { command: a, profile: b } }", "agents.default", "a command and a profile"),
        ("{ default: { command: a, model: b } }", "agents.default", "model needs a profile"),
        ("{ default: { command: a, login: true } }", "agents.default", "login needs a profile"),
        ("{ default: { command: [] } }", "agents.default.command", "names no program"),
        ("{ default: { command: [[a]] } }", "agents.default.command[0]", "not a text"),
        ("{ default: { command: 'a | b' } }", "agents.default.command", "only to a shell"),
        ("{ default: { command: a, env: [KEY=1] } }", "agents.default.env[0]", "name of a variable"),
        ("{ default: { command: a, hosts: [\"https://x\"] } }", "agents.default.hosts[0]", "name of a host"),
        ("[a]", "agents", "not a mapping"),
    ])
    func `a wrong agent is found`(_ agents: String, _ path: String, _ message: String) {
        let found = findings("checks: []\nagents: \(agents)")
        #expect(found.contains { $0.path == path && $0.message.contains(message) && $0.line == 2 }, "\(found)")
    }

    @Test(arguments: [
        ("[{ name: a }]", "checks[0]", "has no run"), ("[{ run: a }]", "checks[0]", "has no name"),
        ("[{ name: a/b, run: a }]", "checks[0].name", "no name for a check"),
        ("[make test]", "checks[0]", "not a mapping"),
        ("[{ name: a, run: b, paths: [] }]", "checks[0]", "never run"), ("{}", "checks", "not a list"),
        ("[{ name: a, run: b, dir: .. }]", "checks[0].dir", "inside the repository"),
        ("[{ name: a, run: b }, { name: a, run: c }]", "checks", "two checks are named \"a\""),
        ("[{ name: a, run: [b] }]", "checks[0].run", "not a text"),
        ("[{ name: a, run: ' ' }]", "checks[0].run", "not a text"),
    ])
    func `a wrong check is found`(_ checks: String, _ path: String, _ message: String) {
        let found = findings("agents: {}\nchecks: \(checks)")
        #expect(found.contains { $0.path == path && $0.message.contains(message) && $0.line == 2 }, "\(found)")
    }

    @Test func `guards have levels and options`() throws {
        let text = """
            agents: {}
            checks: []
            guards:
              stub: warn
              diff-size: off
              secret: park
              large-file: { bytes: 64K }
              watched-path: { level: park, paths: [src/billing/**, "*.sql"] }

            """
        let guards = try ConfigFile(parsing: text).configuration.guards
        #expect(guards.levels == ["stub": .warn, "diff-size": .off, "secret": .park, "watched-path": .park])
        #expect(guards.largeFile == 65_536)
        #expect(guards.paths == ["watched-path": [Glob("src/billing/**"), Glob("*.sql")]])
        #expect(findings("agents: {}\nchecks: []\nguards: { stubb: warn }").first?.hint == "did you mean \"stub\"?")
        #expect(
            findings("agents: {}\nchecks: []\nguards: { stub: wran }").first?.hint == "did you mean \"warn\"?")
    }

    @Test func `agents and checks are needed`() {
        #expect(findings("concurrency: 1").map(\.message) == ["has no agents", "has no checks"])
    }

    @Test func `a newer file says which factory it needs and nothing else`() {
        let found = findings("version: 7\nteams: {}\n")
        #expect(found.map(\.path) == ["version"])
        #expect(found.first?.hint == "it needs a newer factory, one that reads version 7; this one reads version 1")
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "\u{FEFF}"])
    func `an empty file is no configuration`(_ text: String) {
        #expect(findings(text).map(\.message) == ["the file says nothing"])
    }

    @Test func `a byte order mark and CRLF change nothing`() throws {
        let crlf = "\u{FEFF}" + ConfigReference.text.replacing("\n", with: "\r\n")
        #expect(try ConfigFile(parsing: crlf).configuration == ConfigFile(parsing: ConfigReference.text).configuration)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (Array("agents: {}\nagents: {}\n".utf8), 2, "stands twice"), (Array("a:\n\tb: 1".utf8), 2, "a tab"),
            (Array("a: 1\nb: \0".utf8), 2, "control character"), (Array("a: 1\nb: ".utf8) + [0xFF], 2, "no UTF-8"),
            (Array("- a".utf8), 1, "not a mapping"), (Array("a: b: c".utf8), 1, "mapping values"),
        ])
    func `a file that cannot be read says where and why`(_ bytes: [UInt8], _ line: Int, _ message: String) {
        let found = findings(bytes)
        #expect(found.count == 1 && found[0].line == line && found[0].message.contains(message), "\(found)")
    }

    @Test(.timeLimit(.minutes(1))) func `a file that is too deep or too long is refused quickly`() {
        #expect(findings(String(repeating: "[", count: 1 << 20)).first?.message.contains("nested deeper") == true)
        #expect(findings(String(repeating: " ", count: (1 << 20) + 1)).first?.message.contains("more than") == true)
        #expect(findings(String(repeating: "a: &a [*a]\n", count: 9)).count == 1)
    }

    @Test(.timeLimit(.minutes(1))) func `many thousands of unknown keys are all found quickly`() {
        #expect(findings(needed + (0..<20_000).map { "k\($0): 1\n" }.joined()).count == 20_000)
    }

    @Test(arguments: [
        ("claude -p  --x=1", ["claude", "-p", "--x=1"]),
        ("sh -c 'echo \"$A\" | cat'", ["sh", "-c", "echo \"$A\" | cat"]),
        ("a \"b \\\"c\\\" \\n\" d\\ e ''", ["a", "b \"c\" \\n", "d e", ""]), ("a'b'\"c\"", ["abc"]),
        ("a b#c *.x", ["a", "b#c", "*.x"]),
    ])
    func `a command line is split as a shell splits it`(_ line: String, _ words: [String]) throws {
        #expect(try CommandWords.split(line) == words)
    }

    @Test(arguments: [
        ("a 'b", CommandWordsError.openQuote("'")), ("a \"b\\\"", .openQuote("\"")), ("a \\", .endsInBackslash),
        ("a && b", .needsShell("&")), ("a $HOME", .needsShell("$")), ("a `b`", .needsShell("`")),
        ("a > b", .needsShell(">")),
    ])
    func `a line that needs a shell is refused`(_ line: String, _ error: CommandWordsError) {
        #expect(throws: error) { try CommandWords.split(line) }
    }
}
