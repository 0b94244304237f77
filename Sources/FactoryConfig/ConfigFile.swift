package import FactoryCore
import FactoryText

/// A configuration as its file says it.
package struct ConfigFile: Sendable {
    /// Where it lies in a repository.
    package static let path = ".factory/config.yml"
    /// The version of the format that this program reads.
    package static let version = 1

    package let configuration: Configuration
    /// Keys that are set and kept for later: they have no effect yet.
    package let reserved: [String]

    /// Reads a file's bytes, or throws everything that is wrong with them.
    package init(parsing bytes: [UInt8]) throws(ConfigError) {
        let findings = ConfigFindings()
        self = try Self.decode(bytes, findings)
    }

    /// Reads a text, likewise.
    package init(parsing text: String) throws(ConfigError) { try self.init(parsing: Array(text.utf8)) }

    init(configuration: Configuration, reserved: [String]) {
        self.configuration = configuration
        self.reserved = reserved
    }

    /// Decodes, and leaves in `findings` which keys were looked for.
    static func decode(_ bytes: [UInt8], _ findings: ConfigFindings) throws(ConfigError) -> ConfigFile {
        let root = ConfigField(path: "", value: try yaml(bytes, in: path), findings: findings)
        if root.value.isNull {
            root.find("the file says nothing", "write at least agents and checks, or let factory init write it")
        } else if !refusesVersion(of: root) {
            if let file = root.section(ConfigDecoder.file), findings.all.isEmpty { return file }
        }
        throw ConfigError(findings: findings.all.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }

    static func yaml(_ bytes: [UInt8], in file: String = path) throws(ConfigError) -> YAML {
        do throws(YAMLError) {
            return try YAML.parse(bytes)
        } catch {
            let message = error.problem + (error.snippet.isEmpty ? "" : "\n" + error.snippet)
            let finding = ConfigFinding(path: "", line: error.line, column: error.column, message: message, hint: "")
            throw ConfigError(findings: [finding], file: file)
        }
    }

    /// A file of another version would only give misleading findings beside this one.
    private static func refusesVersion(of root: ConfigField) -> Bool {
        guard let value = root.value["version"], value.int != version else { return false }
        let field = ConfigField(path: "version", value: value, findings: root.findings)
        if let found = value.int, found > version {
            field.find(
                "this file is of version \(found)",
                "it needs a newer factory, one that reads version \(found); this one reads version \(version)")
        } else {
            field.find("\(value.kind) is no version of this file", "write version: \(version)")
        }
        return true
    }
}
