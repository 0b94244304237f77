/// Everything that is wrong with a configuration.
package struct ConfigError: Error, Hashable, CustomStringConvertible {
    /// At least one, in the order of the lines.
    package let findings: [ConfigFinding]
    /// The file's path in the repository.
    package let file: String

    package init(findings: [ConfigFinding], file: String = ConfigFile.path) {
        self.findings = findings
        self.file = file
    }

    /// One finding to a line, each with file, line and column.
    package var description: String {
        findings.map { "\(file):\($0.line):\($0.column): \($0)" }.joined(separator: "\n")
    }
}

/// One thing that is wrong, and what to write instead.
package struct ConfigFinding: Hashable, Sendable, CustomStringConvertible {
    /// The key, such as `checks[0].timeout`; empty for the file as a whole.
    package let path: String
    /// From 1.
    package let line: Int
    /// From 1, in characters.
    package let column: Int
    package let message: String
    /// What to write instead; empty when the message says it all.
    package let hint: String

    package var description: String {
        (path.isEmpty ? "" : path + ": ") + message + (hint.isEmpty ? "" : "; " + hint)
    }
}
