/// What entitles a revert to land: what it takes back, from where, and the checks that were green without it. Its id is
/// the fingerprint of its bytes.
package struct RevertCertificate: Hashable, Sendable {
    package static let kind = "revert"

    package var number: PRNumber
    /// The commit that is taken back.
    package var reverts: CommitID
    package var base: CommitID
    package var tree: TreeID
    /// The floor's version.
    package var floor: String
    package var checks: [CheckResult]
    /// The ids of the guards that passed.
    package var guards: [String]
    /// The person who wanted it, and why.
    package var by: String
    package var note: String

    package init(
        number: PRNumber, reverts: CommitID, base: CommitID, tree: TreeID, floor: String, checks: [CheckResult],
        guards: [String], by: String, note: String
    ) {
        self.number = number
        self.reverts = reverts
        self.base = base
        self.tree = tree
        self.floor = floor
        self.checks = checks
        self.guards = guards
        self.by = by
        self.note = note
    }

    package var json: JSON {
        .object([
            "v": 1, "kind": .string(Self.kind), "pr": .of(number.value), "reverts": reverts.json, "base": base.json,
            "tree": tree.json, "floor": .string(floor), "checks": .array(checks.map(\.json)), "guards": .of(guards),
            "by": .string(by), "note": note.jsonOrNil,
        ])
    }
}

extension SquashMessage {
    /// The text of the commit that takes a landing back.
    package static func reverting(_ pr: PullRequest, _ landed: CommitID, note: String, certificate: BlobID) -> String {
        let note = note.split(whereSeparator: \.isNewline).prefix(20).map { oneLine($0) }
        let lines =
            ["Revert \"\(oneLine(pr.title))\"", "", "This takes back \(landed.hex)."]
            + (note.isEmpty ? [] : [""] + note)
            + ["", "Factory-Reverts: \(pr.number.value)", "Factory-Certificate: \(certificate.hex)"]
        return lines.joined(separator: "\n") + "\n"
    }
}
