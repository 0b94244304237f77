import FactoryCore
import FactoryText
import Testing

@testable import FactoryConfig

private func findings(_ text: String) -> [String] {
    do throws(ConfigError) {
        _ = try AgentsFile(parsing: Array(text.utf8))
        return []
    } catch { return error.description.split(separator: "\n").map(String.init) }
}

@Suite struct AgentsFileTests {
    @Test func `the shipped profiles are all valid, and each says what it needs`() throws {
        let profiles = try AgentsFile.shipped().profiles
        #expect(
            profiles.keys.sorted() == [
                "aider", "amp", "claude", "codex", "copilot", "cursor", "gemini", "goose", "kimi", "mini", "opencode",
                "openhands", "qwen", "vibe",
            ])
        for (name, profile) in profiles {
            #expect(!profile.hosts.isEmpty && !profile.keys.isEmpty && !profile.checked.version.isEmpty, "\(name)")
            #expect(profile.arguments.contains("{extra}") && profile.arguments.contains("{mode}"), "\(name)")
        }
    }

    @Test func `the manual names every key there is`() throws {
        let findings = ConfigFindings()
        let field = ConfigField(
            path: "profiles", value: try YAML.parse("x: { program: x }"), findings: findings)
        _ = ProfileDecoder.profiles(field, over: [:])
        let keys = findings.asked.compactMap { $0.split(separator: ".").last.map(String.init) }
        #expect(keys.count > 20)
        for key in keys where key != "program" {
            #expect(ShippedProfiles.manual.contains("#   \(key) "), "\(key)")
        }
        for placeholder in AgentProfile.Placeholder.allCases {
            #expect(ShippedProfiles.manual.contains("{\(placeholder.rawValue)}"))
        }
        for format in AgentProfile.OutputFormat.allCases { #expect(ShippedProfiles.manual.contains(format.rawValue)) }
        for fault in AgentProfile.Fault.allCases { #expect(ShippedProfiles.manual.contains(fault.rawValue)) }
    }

    @Test func `an own file changes a profile and adds others`() throws {
        let file = try AgentsFile(
            parsing: Array(
                """
                version: 1
                profiles:
                  codex:
                    extra: [-c, a=b]
                    environment: { MORE: "{state}/x" }
                    prices: { input: 1.25, output: 10 }
                  local:
                    like: codex
                    program: /opt/codex
                    vendor: me
                    exits: { "7": quota }
                    errors: { limit: "(?i)enough" }
                  tiny:
                    program: tiny
                    x-note: mine
                """.utf8))
        let shipped = try #require(try AgentsFile.shipped().profiles["codex"])
        var codex = shipped
        codex.extra = ["-c", "a=b"]
        codex.environment["MORE"] = "{state}/x"
        codex.prices = .init(input: 1.25, output: 10)
        #expect(file.profiles["codex"] == codex)
        var local = codex
        (local.program, local.vendor, local.exits, local.errors) = (
            "/opt/codex", "me", [7: .quota], [.limit: "(?i)enough"]
        )
        #expect(file.profiles["local"] == local)
        #expect(file.profiles["tiny"] == AgentProfile(program: "tiny"))
        #expect(file.profiles["claude"] == (try AgentsFile.shipped().profiles["claude"]))
    }

    @Test(arguments: [
        (
            "profiles: { codex: { programm: x } }",
            "1:22: profiles.codex.programm: there is no such key; did you mean \"program\"?"
        ),
        ("profil: {}", "1:1: profil: there is no such key"),
        ("profiles: { a: { like: codx } }", "did you mean \"codex\"?"),
        ("profiles: { a: {} }", "has no program"),
        ("profiles: { A b: { program: x } }", "this is no name for a profile"),
        ("profiles: { codex: { arguments: [\"{promt}\"] } }", "there is no {promt}; did you mean {prompt}?"),
        (
            "profiles: { codex: { arguments: [\"-x{mode}\"] } }",
            "{mode} stands for a list; write it as an argument of its own"
        ),
        ("profiles: { codex: { errors: { quota: \"(\" } } }", "is no pattern"),
        ("profiles: { codex: { errors: { quote: x } } }", "did you mean \"quota\"?"),
        ("profiles: { codex: { exits: { \"600\": quota } } }", "\"600\" is no exit code"),
        ("profiles: { codex: { output: xml } }", "is not one of codex, claude"),
        ("profiles: { codex: { login: [{ from: a, to: b }] } }", "a login comes from ~/… or /…, and goes to {state}/…"),
        ("version: 2", "this file is of version 2"),
    ])
    func `what is wrong is told with its place, and what to write instead`(text: String, message: String) {
        let found = findings(text)
        #expect(found.contains { $0.hasPrefix(".factory/agents.yml:") && $0.contains(message) }, "\(found)")
    }

    @Test(arguments: ["", "version: 1", "profiles: {}"])
    func `an empty file changes nothing`(text: String) throws {
        #expect(try AgentsFile(parsing: Array(text.utf8)).profiles == AgentsFile.shipped().profiles)
    }
}

@Suite struct AgentProposalTests {
    private func proposal(_ found: Set<String>) throws -> AgentProposal {
        AgentProposal.choose(among: try AgentsFile.shipped().profiles) { name, _ in
            found.contains(name) ? AgentProposal.Agent(profile: name, hasLogin: name == "codex", key: nil) : nil
        }
    }

    @Test func `the best known program writes, one of another maker reviews`() throws {
        let both = try proposal(["codex", "kimi", "goose"])
        #expect(both.writer?.profile == "codex" && both.reviewer?.profile == "kimi")
        #expect(try proposal(["aider", "openhands"]).reviewer == nil, "nobody knows who makes their models")
        #expect(try proposal(["goose", "amp", "mini"]).writer == nil, "other programs have these names as well")
    }

    @Test func `what is proposed is a valid configuration`() throws {
        let text = ConfigTemplate.render(
            agentCommand: [], agents: try proposal(["codex", "kimi"]), proposal: CheckProposal())
        let read = try ConfigFile(parsing: text).configuration
        #expect(read.agent(for: .implementer)?.profile == "codex" && read.agent(for: .planner)?.login == true)
        #expect(read.agent(for: .codeReviewer)?.profile == "kimi" && read.agent(for: .planReviewer)?.login == false)
    }
}
