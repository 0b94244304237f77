/// Trips on credentials that the change brings in.
///
/// One that stood in a file before the change is not brought in by it.
package struct AddedSecret: Guard {
    package let id = "secret"
    package let summary = "credentials of well-known shapes"
    package let isFixed = true
    package let judgesSnapshot = true

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        let found = change.files.compactMap { file -> (RepoPath, [SecretScanner.Finding])? in
            guard let after = file.after, let content = after.content, file.before?.blob != after.blob else {
                return nil
            }
            let findings = SecretScanner.findings(in: content)
            return findings.isEmpty ? nil : (file.path, findings)
        }
        if found.isEmpty { return [] }
        let known = Set(change.files.flatMap { SecretScanner.findings(in: $0.before?.content ?? []).map(\.secret) })
        return found.flatMap { path, findings in
            findings.filter { !known.contains($0.secret) }.map { finding in
                Violation(
                    rule: id, message: "\(path) holds \(finding.description); remove it and revoke it",
                    path: path, line: finding.line)
            }
        }
    }
}
