package import FactoryCore
import FactoryText

/// The profiles of agent programs: those that come with the line, and a project's own, which add to them or change them.
package struct AgentsFile: Sendable {
    /// Where a project's own profiles lie in its repository.
    package static let path = ".factory/agents.yml"
    package static let version = 1

    /// By name.
    package let profiles: [String: AgentProfile]

    /// The profiles that come with the line.
    package static func shipped() throws(ConfigError) -> AgentsFile {
        try AgentsFile(parsing: Array(ShippedProfiles.text.utf8), named: "the shipped profiles", over: [:])
    }

    /// A project's profiles over the shipped ones, or throws everything that is wrong with the file.
    package init(parsing bytes: [UInt8]) throws(ConfigError) {
        try self.init(parsing: bytes, named: Self.path, over: Self.shipped().profiles)
    }

    init(parsing bytes: [UInt8], named file: String, over base: [String: AgentProfile]) throws(ConfigError) {
        let findings = ConfigFindings()
        let root = ConfigField(path: "", value: try ConfigFile.yaml(bytes, in: file), findings: findings)
        if root.value.isNull {
            profiles = base
            return
        }
        let own = root.section { section -> [String: AgentProfile]? in
            if let version = section.read("version", { $0.whole(1...1_000_000) }), version != Self.version {
                root.find("this file is of version \(version)", "this factory reads version \(Self.version)")
            }
            return section.read("profiles") { ProfileDecoder.profiles($0, over: base) }
        }
        guard findings.all.isEmpty else {
            throw ConfigError(
                findings: findings.all.sorted { ($0.line, $0.column) < ($1.line, $1.column) }, file: file)
        }
        profiles = own ?? base
    }
}
