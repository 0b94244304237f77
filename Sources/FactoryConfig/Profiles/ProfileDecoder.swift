import FactoryCore
import FactoryText

/// The keys of a profile. `ShippedProfiles` is the manual of the same.
enum ProfileDecoder {
    /// All profiles: those of `base`, and what the mapping adds to them or changes in them.
    static func profiles(_ field: ConfigField, over base: [String: AgentProfile]) -> [String: AgentProfile]? {
        guard let members = field.value.members else {
            field.find("\(field.value.kind) is not a mapping", "write the name of a profile, and its keys below it")
            return nil
        }
        var all = base
        for member in members where !member.key.hasPrefix("x-") {
            let entry = ConfigField(path: "profiles.\(member.key)", value: member.value, findings: field.findings)
            guard member.key.wholeMatch(of: /[a-z0-9][a-z0-9._-]{0,39}/) != nil else {
                entry.find("this is no name for a profile", "use up to 40 small letters, digits, and . _ -")
                continue
            }
            if let profile = entry.section({ profile(&$0, named: member.key, among: all) }) {
                all[member.key] = profile
            }
        }
        return all
    }

    /// Each key that is there replaces the value of the profile that this one is like; mappings are merged.
    private static func profile(
        _ section: inout ConfigSection, named name: String, among all: [String: AgentProfile]
    ) -> AgentProfile? {
        let like = section.read("like") { other(in: $0, among: all) }
        guard var profile = like ?? all[name] ?? section.read("program", { $0.text() }).map(AgentProfile.init) else {
            section.require("program", "add program: and the program's name, or like: and the name of a profile")
            return nil
        }
        section.set("program", &profile.program) { $0.text() }
        section.set("vendor", &profile.vendor) { $0.text() }
        section.set("checked", &profile.checked) { $0.section(checked) }
        arguments(&section, &profile)
        section.set("prompt", &profile.prompt) { $0.choice(AgentProfile.PromptChannel.self) }
        merge("environment", &section, &profile.environment) { $0.template() }
        section.set("keys", &profile.keys) { $0.list { $0.variable() } }
        merge("files", &section, &profile.files) { $0.template() }
        section.set("login", &profile.login) { $0.list { $0.section(login) } }
        section.set("hosts", &profile.hosts) { $0.list { $0.host() } }
        section.set("grace", &profile.grace) { $0.duration(0.1...600) }
        section.set("prices", &profile.prices) { $0.section(prices) }
        reading(&section, &profile)
        return profile
    }

    private static func arguments(_ section: inout ConfigSection, _ profile: inout AgentProfile) {
        section.set("arguments", &profile.arguments) { $0.list { $0.argument() } }
        section.set("write", &profile.write) { $0.templates() }
        section.set("read-only", &profile.readOnly) { $0.templates() }
        section.set("fenced", &profile.fenced) { $0.section(fenced) }
        section.set("model", &profile.model) { $0.templates() }
        section.set("schema", &profile.schema) { $0.templates() }
        section.set("extra", &profile.extra) { $0.templates() }
        section.set("version", &profile.version) { $0.templates() }
    }

    private static func reading(_ section: inout ConfigSection, _ profile: inout AgentProfile) {
        section.set("output", &profile.output) { $0.choice(AgentProfile.OutputFormat.self) }
        section.set("report", &profile.report) { $0.template() }
        section.set("notices", &profile.notices) { $0.pattern() }
        section.set("log", &profile.log) { $0.section(log) }
        section.set("fails-with-zero", &profile.failsWithZero) { $0.flag() }
        section.set("progress", &profile.progress) { $0.templates() }
        _ = section.read("exits") { field in
            field.section { exits -> Void? in
                for key in field.value.members?.map(\.key) ?? [] {
                    let fault = exits.read(key) { $0.choice(AgentProfile.Fault.self) }
                    guard let code = Int(key), (0...255).contains(code) else {
                        field.find("\"\(key)\" is no exit code", "write a number from 0 to 255")
                        continue
                    }
                    if let fault { profile.exits[code] = fault }
                }
                return ()
            }
        }
        _ = section.read("errors") { field in
            field.section { errors -> Void? in
                for fault in AgentProfile.Fault.allCases {
                    if let pattern = errors.read(fault.rawValue, { $0.pattern() }) { profile.errors[fault] = pattern }
                }
                return ()
            }
        }
    }

    private static func other(in field: ConfigField, among all: [String: AgentProfile]) -> AgentProfile? {
        guard let name = field.text() else { return nil }
        if let other = all[name] { return other }
        let nearest = NearestName.suggest(name, among: all.keys.sorted())
        field.find(
            "there is no profile \"\(name)\" above this one",
            nearest.map { "did you mean \"\($0)\"?" } ?? "known: \(all.keys.sorted().joined(separator: ", "))")
        return nil
    }

    private static func merge(
        _ key: String, _ section: inout ConfigSection, _ target: inout [String: String],
        _ decode: (ConfigField) -> String?
    ) {
        _ = section.read(key) { field in
            field.section { members -> Void? in
                for name in field.value.members?.map(\.key) ?? [] {
                    members.set(name, &target[name]) { decode($0) }
                }
                return ()
            }
        }
    }
}

extension ProfileDecoder {
    private static func checked(_ section: inout ConfigSection) -> AgentProfile.Checked? {
        var checked = AgentProfile.Checked()
        section.set("version", &checked.version) { $0.text() }
        section.set("by", &checked.source) { $0.choice(AgentProfile.Checked.Source.self) }
        return checked
    }

    private static func fenced(_ section: inout ConfigSection) -> AgentProfile.Fenced? {
        var fenced = AgentProfile.Fenced()
        section.set("write", &fenced.write) { $0.templates() }
        section.set("read-only", &fenced.readOnly) { $0.templates() }
        return fenced
    }

    private static func login(_ section: inout ConfigSection) -> AgentProfile.LoginFile? {
        section.require("from", "add from: and where the user has the file, such as ~/.codex/auth.json")
        section.require("to", "add to: and where the session has it, such as \"{state}/auth.json\"")
        let (from, to) = (section.read("from") { $0.text() }, section.read("to") { $0.template() })
        guard let from, let to else { return nil }
        guard from.hasPrefix("~/") || from.hasPrefix("/"), to.hasPrefix("{state}/"), !to.contains("..") else {
            section.field.find("a login comes from ~/… or /…, and goes to {state}/…", "write such paths")
            return nil
        }
        return AgentProfile.LoginFile(from: from, to: to)
    }

    private static func log(_ section: inout ConfigSection) -> AgentProfile.Log? {
        section.require("path", "add path: and where the program writes its log")
        section.require("lines", "add lines: and the pattern of the lines that count")
        let (path, lines) = (section.read("path") { $0.template() }, section.read("lines") { $0.pattern() })
        guard let path, let lines else { return nil }
        return AgentProfile.Log(path: path, lines: lines)
    }

    private static func prices(_ section: inout ConfigSection) -> AgentProfile.Prices? {
        section.require("input", "add input: and USD per million tokens")
        section.require("output", "add output: and USD per million tokens")
        let range = 0.0...100_000
        let (input, output) = (section.read("input") { $0.number(range) }, section.read("output") { $0.number(range) })
        guard let input, let output else { return nil }
        return AgentProfile.Prices(input: input, output: output)
    }
}

extension ConfigField {
    /// A list of templates.
    fileprivate func templates() -> [String]? { list { $0.template() } }

    /// A text whose placeholders are all known. It may be empty.
    fileprivate func template() -> String? { template(beside: []) }

    /// An argument: a template, or a placeholder that stands for a list.
    fileprivate func argument() -> String? { template(beside: AgentProfile.ListPlaceholder.allCases.map(\.rawValue)) }

    private func template(beside lists: [String]) -> String? {
        guard let text = value.string else {
            find("\(value.kind) is not a text", "put quotes around it")
            return nil
        }
        let words = AgentProfile.Placeholder.allCases.map(\.rawValue)
        for name in ProfileTemplate(text).names where !words.contains(name) {
            if lists.contains(name), text == "{\(name)}" { continue }
            let known = words + lists
            let nearest = NearestName.suggest(name, among: known).map { "did you mean {\($0)}?" }
            find(
                lists.contains(name) ? "{\(name)} stands for a list" : "there is no {\(name)}",
                lists.contains(name) ? "write it as an argument of its own" : nearest ?? "known: \(known)")
            return nil
        }
        return text
    }

    /// A regular expression.
    fileprivate func pattern() -> String? {
        guard let text = text() else { return nil }
        do { _ = try Regex(text) } catch {
            find("\"\(text)\" is no pattern: \(error)", "write a regular expression, such as (?i)rate limit")
            return nil
        }
        return text
    }
}
