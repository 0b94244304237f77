import FactoryCore
import FactoryText
import Testing

@testable import FactoryConfig

@Suite struct ReferenceTests {
    /// Every path of keys in a document, list positions left out.
    private func paths(in yaml: YAML, below path: String = "") -> Set<String> {
        var paths: Set<String> = []
        for member in yaml.members ?? [] {
            let key = path.isEmpty ? member.key : path + "." + member.key
            paths.formUnion([key])
            paths.formUnion(self.paths(in: member.value, below: key))
        }
        for item in yaml.items ?? [] { paths.formUnion(self.paths(in: item, below: path + "[]")) }
        return paths
    }

    @Test func `the reference has every key that the decoder knows`() throws {
        let findings = ConfigFindings()
        _ = try ConfigFile.decode(Array(ConfigReference.text.utf8), findings)
        let shown = paths(in: try YAML.parse(ConfigReference.text))
        let unset = Set(
            ConfigDecoder.reserved + ["agents.default.profile", "agents.default.model", "agents.default.login"]
                + Role.allCases.flatMap { role in ["command", "env", "hosts"].map { "agents.\(role.rawValue).\($0)" } })
        let known = Set(findings.asked.map { $0.replacing(/\[[0-9]+\]/, with: "[]") })
        #expect(known.subtracting(shown) == unset)
        for key in ConfigDecoder.reserved { #expect(ConfigReference.text.contains(key)) }
    }

    @Test func `the reference shows the defaults`() throws {
        let read = try ConfigFile(parsing: ConfigReference.text).configuration
        let defaults = Configuration()
        #expect(read.concurrency == defaults.concurrency && read.limits == defaults.limits)
        #expect(
            read.retries == defaults.retries && read.sandbox == defaults.sandbox && read.autonomy == defaults.autonomy)
        var (plan, landing) = (Gate(before: .implementation), Gate(before: .merge))
        (plan.kinds, landing.paths) = (["feature"], [Glob("db/**")])
        #expect(read.gates == [plan, landing] && read.approval == defaults.approval)
        #expect(Guards.rules.allSatisfy { read.guards.level(of: $0) == $0.level })
        #expect(read.guards.levels.count == Guards.rules.count && read.guards.largeFile == defaults.guards.largeFile)
        #expect(read.checks == [Check(name: "test", run: "make test")])
        #expect(read.checkSlots == 1 && defaults.checkSlots == nil && read.quarantine.map(\.check) == ["e2e"])
        #expect(read.setup == [SetupStep(run: "npm ci")] && read.upstream == Upstream(remote: "origin"))
        #expect(read.agent(for: .implementer)?.profile == "codex" && read.agent(for: .implementer)?.login == false)
    }
}

@Suite struct ConfigTemplateTests {
    private let command = ["sh", "-c", "my \"agent\": --now # really", "true", ""]
    private var proposal: CheckProposal {
        var proposal = CheckProposal()
        proposal.checks = [
            Check(name: "test", run: "npm test -- \"a: b\" # c"), Check(name: "npm-lint", run: "make lint"),
        ]
        var step = SetupStep(run: "npm ci")
        step.network = true
        proposal.setup = [step, SetupStep(run: "true")]
        proposal.keep = ["node_modules", "a, b"]
        return proposal
    }

    @Test func `what is written reads back as it was meant`() throws {
        let file = try ConfigFile(parsing: ConfigTemplate.render(agentCommand: command, proposal: proposal))
        var expected = Configuration()
        expected.defaultAgent = AgentSetting(command: command)
        expected.checks = proposal.checks
        expected.setup = proposal.setup
        expected.keep = proposal.keep
        #expect(file.configuration == expected)
    }

    @Test func `nothing proposed is a valid file without checks`() throws {
        let file = try ConfigFile(parsing: ConfigTemplate.render(agentCommand: ["a"], proposal: CheckProposal()))
        #expect(file.configuration.checks == [] && file.configuration.defaultAgent?.command == ["a"])
    }

    @Test func `no agent yet is a valid file without agents`() throws {
        let file = try ConfigFile(parsing: ConfigTemplate.render(agentCommand: [], proposal: proposal))
        #expect(file.configuration.defaultAgent == nil && file.configuration.checks == proposal.checks)
    }

    @Test func `taking away the signs changes nothing, since they hide defaults`() throws {
        let text = ConfigTemplate.render(agentCommand: command, proposal: CheckProposal())
        let lines = UTF8Text.lines(of: text)
        let set = lines.map { $0.wholeMatch(of: /#((  )*[a-z]+:.*)/).map { String($0.1) } ?? String($0) }
        let count = zip(lines, set).count { $0 != $1 }
        #expect(count == 15)
        let changed = set.joined(separator: "\n")
        #expect(try ConfigFile(parsing: changed).configuration == ConfigFile(parsing: text).configuration)
    }

    @Test func `every key of the first level is explained`() throws {
        let text = ConfigTemplate.render(agentCommand: command, proposal: proposal)
        for member in try YAML.parse(ConfigReference.text).members ?? [] where !member.key.hasPrefix("x-") {
            let isShown = UTF8Text.lines(of: text).contains {
                $0.drop { "# ".contains($0) }.hasPrefix(member.key + ":")
            }
            #expect(isShown, "\(member.key)")
        }
    }
}
