import FactoryCore

/// One thing that speaks against going on: which rule, where, what.
struct Evidence: Hashable, Sendable {
    var rule: String
    var path: String?
    var line: Int?
    var message: String

    /// `Tests/LoginTests.swift:12: no test of the 429 reply (missing-test)`.
    var text: String {
        let place = path.map { $0 + (line.map { ":\($0)" } ?? "") + ": " } ?? ""
        return Wording.line("\(place)\(message)\(rule.isEmpty ? "" : " (\(rule))")", limit: 300)
    }

    var json: JSON {
        .object([
            "rule": .string(rule), "path": .orNull(path), "line": line.map { .of($0) } ?? .null,
            "message": .string(message),
        ])
    }
}

extension Evidence {
    init(_ violation: Violation) {
        self.init(
            rule: violation.rule, path: violation.path?.description, line: violation.line, message: violation.message)
    }

    /// What a session left that speaks against going on: objections of guards, findings and unmet items of a
    /// reviewer, red checks, conflicts, the failure itself.
    static func list(_ finish: Finish) -> [Evidence] {
        let findings = (finish.verdict?.findings ?? []).map {
            Evidence(rule: $0.code, path: $0.path, line: $0.line, message: $0.message)
        }
        let unmet = (finish.verdict?.criteria ?? []).filter { $0.met == .no }
            .map { Evidence(rule: $0.id, message: $0.evidence.isEmpty ? "not met" : "not met: \($0.evidence)") }
        let checks = finish.checks.filter { !$0.passes }.map { Evidence(rule: $0.name, message: $0.ending) }
        let all = findings + unmet + checks + list(finish.outcome)
        // Red without a check is red by what no check has said.
        guard all.isEmpty, finish.outcome == .red || finish.outcome == .redCandidate, !finish.summary.isEmpty else {
            return all
        }
        return [Evidence(rule: "", message: finish.summary)]
    }

    private static func list(_ outcome: Outcome) -> [Evidence] {
        switch outcome {
        case .guardTripped(let violations), .budgetSpent(let violations): violations.map { Evidence($0) }
        case .conflict(let paths):
            paths.map {
                Evidence(rule: "conflict", path: $0.description, message: "changed on the main branch as well")
            }
        case .failed(let failure, let message): [Evidence(rule: failure.rawValue, message: message)]
        case .deferred(let deferral): [Evidence(rule: deferral.kind.rawValue, message: deferral.message)]
        case .redHoldouts(let ids): ids.map { Evidence(rule: $0, message: "this holdout failed") }
        case .delivered, .approved, .green, .changesRequested, .red, .redCandidate, .interrupted, .lostSwap,
            .alreadyContained, .baseLost, .question, .blocked, .approvalNeeded, .wouldLand,
            .landed:
            []
        }
    }
}

extension CheckResult {
    /// `green`, `exited with 2`, `ran out of time`.
    var ending: String { Run(exit: exit, seconds: seconds).ending }

    /// The ending, and what else there is to know: a run before on the same tree, a quarantine.
    var phrase: String {
        let before = first.map { [isGreen ? "flaky: it \($0.ending) before" : "red for the second time"] } ?? []
        let apart = quarantine.map { ["in quarantine until \($0)" + (isGreen ? "" : ", so it does not count")] } ?? []
        return ([ending] + before + apart).joined(separator: ", ")
    }

    /// Whether a person should hear of it though the candidate is green.
    var isNotable: Bool { isFlaky || quarantine != nil && !isGreen }
}

extension CheckResult.Run {
    fileprivate var ending: String {
        guard let exit else { return "ran out of time" }
        return exit == 0 ? "green" : "exited with \(exit)"
    }
}
