import FactoryCore
import FactoryText

/// The keys of the configuration, each with its type and range. `ConfigReference` is the manual of the same.
enum ConfigDecoder {
    /// A day, the longest that anything may take.
    private static let times = 1.0...86_400
    private static let retries = 0...100
    static let reserved = ["hub", "journal", "notify", "streams", "commit"]

    static func file(_ section: inout ConfigSection) -> ConfigFile? {
        var result = Configuration()
        section.require("agents", "add agents: { default: { command: [sh, tools/agent.sh] } }")
        section.require("checks", "add checks: [{ name: test, run: make test }]")
        _ = section.take("version")
        section.set("concurrency", &result.concurrency) { $0.whole(1...64) }
        section.set("check-slots", &result.checkSlots) { $0.whole(1...64) }
        _ = section.read("agents") { $0.section { agents(&$0, into: &result) } }
        section.set("setup", &result.setup) { $0.list { $0.section(setup) } }
        section.set("keep", &result.keep) { $0.list { $0.relativePath() } }
        section.set("checks", &result.checks) { $0.list { $0.section(check) } }
        section.set("quarantine", &result.quarantine) { $0.list { $0.section(quarantine) } }
        section.set("limits", &result.limits) { $0.section(limits) }
        section.set("retries", &result.retries) { $0.section(retryPolicy) }
        section.set("budget", &result.budget) { $0.section(budget) }
        section.set("stop", &result.stop) { $0.section(stop) }
        section.set("night", &result.night) { $0.section(night) }
        section.set("protect", &result.protected) { $0.list { $0.glob() } }
        section.set("guards", &result.guards) { $0.section(guards) }
        section.set("autonomy", &result.autonomy) { $0.choice(Autonomy.self) }
        section.set("gates", &result.gates) { $0.list { $0.section(gate) } }
        section.set("approval", &result.approval) { $0.choice(ApprovalTerms.self) }
        section.set("sandbox", &result.sandbox) { $0.section(sandbox) }
        section.set("upstream", &result.upstream) { $0.section(upstream) }
        section.set("forge", &result.forge) { $0.section(forge) }
        findDoubles(result.checks.map(\.name), in: section)
        findEmptiness(result, in: section)
        return ConfigFile(configuration: result, reserved: reserved.filter { section.take($0) != nil })
    }

    private static func agents(_ section: inout ConfigSection, into result: inout Configuration) -> Void? {
        section.set("default", &result.defaultAgent) { $0.section(agent) }
        for role in Role.allCases {
            if let setting = section.read(role.rawValue, { $0.section(agent) }) { result.agents[role] = setting }
        }
        return ()
    }

    private static func agent(_ section: inout ConfigSection) -> AgentSetting? {
        var agent = AgentSetting()
        section.set("command", &agent.command) { $0.command() }
        section.set("profile", &agent.profile) { $0.text() }
        section.set("model", &agent.model) { $0.text() }
        section.set("env", &agent.environment) { $0.list { $0.variable() } }
        section.set("login", &agent.login) { $0.flag() }
        section.set("hosts", &agent.hosts) { $0.list { $0.host() } }
        switch (section.has("command"), section.has("profile")) {
        case (true, true): section.field.find("has a command and a profile", "keep one of them")
        case (false, false): section.field.find("has no command", "add command: [sh, tools/agent.sh], or a profile")
        case (true, false):
            for key in ["model", "login"] where section.has(key) {
                section.field.find(
                    "\(key) needs a profile", "a command of your own takes care of that itself; remove it")
            }
        case (false, true): break
        }
        return agent
    }

    private static func setup(_ section: inout ConfigSection) -> SetupStep? {
        section.require("run", "add run: and a command line, such as npm ci")
        var step = SetupStep(run: section.read("run") { $0.text() } ?? "")
        section.set("network", &step.network) { $0.flag() }
        return step
    }

    private static func check(_ section: inout ConfigSection) -> Check? {
        section.require("name", "add name: test")
        section.require("run", "add run: make test")
        var check = Check(name: section.read("name", checkName) ?? "", run: section.read("run") { $0.text() } ?? "")
        section.set("timeout", &check.timeout) { $0.duration(times) }
        section.set("dir", &check.directory) { $0.relativePath() }
        section.set("paths", &check.paths) { $0.list { $0.glob() } }
        if check.paths.isEmpty {
            section.field.find("has no paths and would never run", "remove paths, so that it runs on every change")
        }
        section.set("env", &check.environment) { $0.list { $0.variable() } }
        section.set("artifacts", &check.artifacts) { $0.list { $0.glob() } }
        return check
    }

    /// Names of checks become names of log files.
    private static func checkName(_ field: ConfigField) -> String? {
        guard let name = field.text() else { return nil }
        if name.utf8.count <= 64, name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9 ._:-]*/) != nil { return name }
        field.find("\(field.value.kind) is no name for a check", "use up to 64 letters, digits, spaces, and . _ : -")
        return nil
    }

    private static func findDoubles(_ names: [String], in section: ConfigSection) {
        for (index, name) in names.enumerated() where !name.isEmpty && names[..<index].contains(name) {
            guard let checks = section.field.value["checks"] else { return }
            section.field.findings.add(
                "checks", checks.position, "two checks are named \"\(name)\"", "give each a name of its own")
        }
    }
}

extension ConfigDecoder {
    private static func quarantine(_ section: inout ConfigSection) -> Quarantine? {
        section.require("check", "add check: and the name of a check")
        section.require("until", "add until: and its last day, such as 2026-12-24")
        section.require("reason", "add reason: and why, in a few words")
        let (check, until) = (section.read("check") { $0.text() }, section.read("until") { $0.day() })
        guard let check, let until, let reason = section.read("reason", { $0.text() }) else { return nil }
        return Quarantine(check: check, until: until, reason: reason)
    }

    /// Whatever the day, something must be able to say no.
    private static func findEmptiness(_ configuration: Configuration, in section: ConfigSection) {
        let names = configuration.checks.map(\.name)
        guard let list = section.field.value["quarantine"], !names.isEmpty,
            names.allSatisfy({ name in configuration.quarantine.contains { $0.check == name } })
        else { return }
        section.field.findings.add(
            "quarantine", list.position, "every check is in quarantine, so nothing could be red",
            "take one out, even if its time is over")
    }

    private static func limits(_ section: inout ConfigSection) -> Limits? {
        var limits = Limits()
        section.set("stage", &limits.stage) { $0.duration(times) }
        section.set("idle", &limits.idle) { $0.duration(times) }
        section.set("diff-lines", &limits.diffLines) { $0.whole(1...1_000_000) }
        section.set("diff-files", &limits.diffFiles) { $0.whole(1...100_000) }
        return limits
    }

    private static func retryPolicy(_ section: inout ConfigSection) -> RetryPolicy? {
        var policy = RetryPolicy()
        section.set("plan-review", &policy.planReview) { $0.whole(retries) }
        section.set("implementation-ci", &policy.implementationCI) { $0.whole(retries) }
        section.set("code-review", &policy.codeReview) { $0.whole(retries) }
        section.set("merge", &policy.merge) { $0.whole(retries) }
        section.set("stage", &policy.stage) { $0.whole(retries) }
        return policy
    }

    private static func budget(_ section: inout ConfigSection) -> BudgetSetting? {
        var budget = BudgetSetting()
        section.set("night", &budget.night) { $0.section(cap) }
        section.set("spec", &budget.spec) { $0.section(cap) }
        section.set("stage", &budget.stage) { $0.section(cap) }
        return budget
    }

    private static func cap(_ section: inout ConfigSection) -> BudgetSetting.Cap? {
        var cap = BudgetSetting.Cap()
        section.set("usd", &cap.usd) { $0.number(0...1_000_000) }
        section.set("tokens", &cap.tokens) { $0.whole(0...1_000_000_000_000) }
        section.set("minutes", &cap.minutes) { $0.number(0...1_000_000) }
        return cap
    }

    private static func stop(_ section: inout ConfigSection) -> StopSetting? {
        var stop = StopSetting()
        section.set("parks", &stop.parks) { $0.whole(0...1000) }
        return stop
    }

    private static func night(_ section: inout ConfigSection) -> NightWindow? {
        section.require("starts", "add starts: \"18:00\"")
        section.require("ends", "add ends: \"08:00\"")
        let (starts, ends) = (section.read("starts") { $0.clock() }, section.read("ends") { $0.clock() })
        guard let starts, let ends else { return nil }
        return NightWindow(starts: starts, ends: ends)
    }

    private static func sandbox(_ section: inout ConfigSection) -> SandboxSetting? {
        var sandbox = SandboxSetting()
        section.set("kind", &sandbox.kind) { $0.choice(SandboxSetting.Kind.self) }
        _ = section.read("network") { field in
            field.section { network -> Void? in
                network.set("agents", &sandbox.agents) { $0.choice(SandboxSetting.Network.self) }
                network.set("checks", &sandbox.checks) { $0.choice(SandboxSetting.Network.self) }
                return ()
            }
        }
        section.set("hosts", &sandbox.hosts) { $0.list { $0.host() } }
        section.set("read", &sandbox.read) { $0.list { $0.machinePath() } }
        section.set("limits", &sandbox.limits) { $0.section(bounds) }
        return sandbox
    }

    private static func bounds(_ section: inout ConfigSection) -> Bounds? {
        let sizes = 1 << 20...1 << 50
        var bounds = Bounds()
        section.set("memory", &bounds.memory) { $0.size(sizes) }
        section.set("processes", &bounds.processes) { $0.whole(16...1_000_000) }
        section.set("file", &bounds.file) { $0.size(sizes) }
        section.set("disk", &bounds.disk) { $0.size(sizes) }
        section.set("scratch", &bounds.scratch) { $0.size(sizes) }
        return bounds
    }

    private static func upstream(_ section: inout ConfigSection) -> Upstream? {
        section.require("remote", "add remote: origin")
        var upstream = Upstream(remote: section.read("remote") { $0.remote() } ?? "")
        section.set("push", &upstream.push) { $0.flag() }
        return upstream
    }
}
