import FactoryCore
import FactoryForge

/// What `github setup` did and found.
struct GitHubSetupView {
    let repository: String
    let labels: StateLabels.Result
    /// An App's permissions; nil where they cannot be known.
    let granted: [String: String]?
    let findings: [GitHubFinding]

    /// Whether the line can work as it is.
    var isReady: Bool { !findings.contains { $0.verdict == .fail } }

    private func isGranted(_ permission: GitHubPermission) -> Bool? {
        granted.map { permission.isMet(by: $0[permission.name]) }
    }

    var json: JSONObject {
        [
            "repository": .string(repository), "ready": .bool(isReady),
            "labels": .object(["made": .of(labels.made), "kept": .of(labels.kept)]),
            "permissions": .array(
                GitHubPermission.all.map { permission in
                    .object([
                        "name": .string(permission.name), "level": .string(permission.level),
                        "why": .string(permission.why), "granted": isGranted(permission).map { .bool($0) } ?? .null,
                    ])
                }),
            "findings": .array(
                findings.map { finding in
                    .object([
                        "verdict": .string(finding.verdict.rawValue.uppercased()), "what": .string(finding.what),
                        "fix": .string(finding.fix),
                    ])
                }),
        ]
    }

    var text: String {
        var lines = [
            "\(repository) on GitHub", "", "Labels: \(labels.made.count) made, \(labels.kept.count) were there",
        ]
        lines += ["", "Permissions that the App needs:"]
        for permission in GitHubPermission.all {
            let name = permission.name.padding(14), level = permission.level.padding(6)
            let mark =
                switch isGranted(permission) {
                case true?: "granted"
                case false?: "MISSING"
                case nil: ""
                }
            lines.append("  \(name)\(level)\(mark.padding(mark.isEmpty ? 0 : 9))\(permission.why)")
        }
        lines += ["", "Ways onto the main branch:", "  \(LandingWays.push)", "  \(LandingWays.api)", ""]
        for finding in findings {
            lines.append("\(finding.verdict.rawValue.uppercased())  \(finding.what)")
            if !finding.fix.isEmpty { lines.append("      \(finding.fix)") }
        }
        return lines.joined(separator: "\n")
    }
}

extension String {
    fileprivate func padding(_ width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
