package import FactoryCore

/// Everything that keeps a file from being a spec.
package struct SpecError: Error, Hashable, CustomStringConvertible {
    package let path: RepoPath
    /// At least one, in the order of the lines.
    package let findings: [SpecFinding]

    package init(path: RepoPath, findings: [SpecFinding]) {
        self.path = path
        self.findings = findings
    }

    /// One finding to a line, each with file and line.
    package var description: String {
        findings.map { finding in
            "\(path)" + (finding.line.map { ":\($0)" } ?? "") + ": \(finding.message)"
        }.joined(separator: "\n")
    }
}

/// One thing that is wrong with a spec, and what to write instead.
package struct SpecFinding: Hashable, Sendable {
    /// From 1; nil where it is about the file as a whole.
    package let line: Int?
    package let message: String

    package init(line: Int?, message: String) {
        self.line = line
        self.message = message
    }
}
