/// What entitles a PR to land: a pure function of everything it was judged by. Its id is the fingerprint of its bytes,
/// so that whoever has the same facts gets the same certificate.
package struct Certificate: Hashable, Sendable {
    /// The version of the certificates that this program issues, and can derive anew.
    package static let version = 3
    package var number: PRNumber
    package var head: CommitID
    package var base: CommitID
    package var tree: TreeID
    /// The fingerprint of what it does to the main branch: every path with its content before and after.
    package var change: BlobID
    package var spec: BlobID
    package var plan: BlobID
    /// The floor's version and the commit it was read at.
    package var floor: String
    package var checks: [CheckResult]
    /// The main branch's tests on the change, where it changes them.
    package var baseTests: BaseTestResult?
    /// The holdouts that passed.
    package var holdouts: [HoldoutResult] = []
    /// Who approved plan and code, and what they said.
    package var reviews: [Review]
    /// How every rule judged, and the level that was in force.
    package var guards: [GuardVerdict]
    /// Who overruled which rule, and for which head.
    package var overrides: [Override]
    /// The head that a person approved for landing, where one was asked.
    package var approvedHead: CommitID?
    /// What people approved on the way: the plan, and the certificate that they were shown.
    package var approvals: [Approval]
    /// The Done items that only a person can judge, a sentence each. No agent has judged them.
    package var human: [String]
    package var usage: Usage

    /// One review that the landing rests on.
    package struct Review: Hashable, Sendable {
        package var role: Role
        package var summary: String
        package init(role: Role, summary: String) {
            self.role = role
            self.summary = summary
        }
    }

    package init(
        pr: PullRequest, base: CommitID, tree: TreeID, change: BlobID, plan: ApprovedPlan, floor: String,
        checks: [CheckResult], reviews: [Review], guards: [GuardVerdict], human: [String],
        overrides: [Override]? = nil
    ) {
        number = pr.number
        head = pr.head
        self.base = base
        self.tree = tree
        self.change = change
        spec = plan.spec
        self.plan = plan.plan
        self.floor = floor
        self.checks = checks
        self.reviews = reviews
        self.guards = guards
        self.overrides = overrides ?? pr.overrides
        approvedHead = pr.approvedHead
        approvals = pr.approvals
        self.human = human
        usage = pr.usage
    }

    package var json: JSON {
        .object([
            "v": .of(Self.version), "pr": .of(number.value), "head": head.json, "base": base.json, "tree": tree.json,
            "change": change.json, "spec": spec.json, "plan": plan.json, "floor": .string(floor),
            "checks": .array(checks.map(\.json)),
            "baseTests": baseTests?.json, "holdouts": holdouts.jsonOrNil,
            "reviews": .array(
                reviews.map { .object(["role": .string($0.role.rawValue), "summary": .string($0.summary)]) }),
            "guards": .array(guards.map(\.json)), "overrides": .array(overrides.map(\.json)),
            "approvedHead": approvedHead?.json, "approvals": .array(approvals.map(\.json)), "human": .of(human),
            "usage": usage.json,
        ])
    }
}

extension Certificate {
    /// What an approval of an earlier certificate does not cover in a later one, a phrase each; empty: it holds.
    package static func moved(from approved: JSON, to now: JSON, under terms: ApprovalTerms) -> [String] {
        var moved: [String] = []
        func compare(_ member: String, _ what: String) {
            if approved[member] != now[member] { moved.append(what) }
        }
        compare("head", "the head is another one")
        compare("spec", "the spec is another one")
        compare("plan", "the plan is another one")
        compare("floor", "the floor is another one")
        compare("human", "other items are for a person to judge")
        switch terms {
        case .certificate: compare("tree", "the main branch has moved, so another tree would land")
        case .change: compare("change", "the main branch has moved, so the change would be another one")
        }
        return moved
    }
}

extension Change {
    /// The text whose fingerprint stands for the change: each path, with mode and content on both sides.
    package var listing: [UInt8] {
        func side(_ version: FileVersion?) -> String {
            version.map { String($0.mode.rawValue, radix: 8) + " " + $0.blob.hex } ?? "-"
        }
        return files.flatMap { file in
            // No path has a zero byte in it.
            Array("\(side(file.before)) \(side(file.after)) ".utf8) + file.path.bytes + [0]
        }
    }
}

extension Certificate {
    /// What a certificate says of the rules. None for one of version 1, which only named those that passed.
    package static func guards(of certificate: JSON) -> [GuardVerdict] {
        (certificate["guards"]?.array ?? []).compactMap { try? GuardVerdict(json: $0) }
    }

    /// The objections that it was issued in spite of, because their rules only warn.
    package static func warnings(of certificate: JSON) -> [Violation] {
        guards(of: certificate).filter { $0.verdict == .warned }.flatMap(\.objections)
    }
}

/// The text of the one commit that a PR becomes.
package enum SquashMessage {
    /// Subject, a line on the work, and the trailers by which the commit is found again.
    package static func text(_ pr: PullRequest, summary: String, certificate: BlobID, reviewers: [Role]) -> String {
        var lines = [oneLine(pr.title), ""]
        let body = summary.split(whereSeparator: \.isNewline).prefix(20).map { oneLine($0) }
        if !body.isEmpty { lines += body + [""] }
        lines += [
            "Factory-PR: \(pr.number.value)", "Factory-Spec: \(pr.specPath.description)",
            "Factory-Certificate: \(certificate.hex)",
        ]
        lines += reviewers.map { "Factory-Reviewed-by: \($0.rawValue)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The text on one line: what ends a line for some reader, and other control characters, become spaces.
    static func oneLine(_ text: some StringProtocol) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: " "
            default: scalar
            }
        }
        return quoted(String(String.UnicodeScalarView(scalars)))
    }

    /// A line that looks like one of our trailers is marked as somebody's words: agents write what they like, and not
    /// every reader knows that only the last paragraph counts.
    private static func quoted(_ line: String) -> String {
        line.lowercased().hasPrefix("factory-") && line.contains(":") ? "> " + line : line
    }

    /// The value of a trailer in a commit message; nil when it has none of that name.
    package static func trailer(_ name: String, in message: String) -> String? {
        let paragraph = message.split(separator: "\n", omittingEmptySubsequences: false).reversed().drop { $0.isEmpty }
            .prefix { !$0.isEmpty }
        return paragraph.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}
