/// What a reviewer wrote: the decision and an answer to every Done item.
package struct Verdict: Hashable, Sendable {
    /// What the reviewer wants, in the words of the contract with agents.
    package enum Decision: String, CaseIterable, Sendable {
        case approve = "APPROVE"
        case requestChanges = "REQUEST_CHANGES"
        case question = "QUESTION"
    }
    package var decision: Decision
    package var summary: String
    package var findings: [Finding]
    package var criteria: [Criterion]

    package init(decision: Decision, summary: String, findings: [Finding] = [], criteria: [Criterion] = []) {
        self.decision = decision
        self.summary = summary
        self.findings = findings
        self.criteria = criteria
    }
}

/// One objection of a reviewer.
package struct Finding: Hashable, Sendable {
    /// A short name for the kind of objection, such as `missing-test`.
    package var code: String
    /// As the reviewer puts it, such as `blocker` or `minor`.
    package var severity: String
    package var path: String?
    package var line: Int?
    package var message: String

    package init(code: String, severity: String = "", path: String? = nil, line: Int? = nil, message: String) {
        self.code = code
        self.severity = severity
        self.path = path
        self.line = line
        self.message = message
    }

    /// One line for people and prompts: where, which, what.
    package var text: String {
        let place = path.map { $0 + (line.map { ":\($0)" } ?? "") + ": " } ?? ""
        return "\(place)\(message) (\(severity.isEmpty ? code : "\(severity), \(code)"))"
    }
}

/// A reviewer's answer to one Done item.
package struct Criterion: Hashable, Sendable {
    /// Whether the item is done.
    package enum Met: Hashable, Sendable {
        case yes
        case no
        /// Only a person can tell; allowed for items marked `[human]`.
        case human
    }
    /// `D1` … `Dn`.
    package var id: String
    package var met: Met
    package var evidence: String

    package init(id: String, met: Met, evidence: String) {
        self.id = id
        self.met = met
        self.evidence = evidence
    }
}

/// What a writer says of its own work. Its word is not evidence: the tree is.
package struct WriterResult: Hashable, Sendable {
    /// How far the writer got, by its own word.
    package enum Status: String, CaseIterable, Sendable { case done, question, blocked }
    package var status: Status
    package var summary: String
    package var question: String?

    package init(status: Status, summary: String = "", question: String? = nil) {
        self.status = status
        self.summary = summary
        self.question = question
    }
}

/// What a session used, as far as its agent told.
package struct Usage: Hashable, Sendable {
    package var inputTokens: Int?
    package var outputTokens: Int?
    package var costUSD: Double?

    package init(inputTokens: Int? = nil, outputTokens: Int? = nil, costUSD: Double? = nil) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.costUSD = costUSD
    }

    package static let unknown = Usage()

    /// The sum. An unknown part leaves the known part standing: it is then a lower bound. Figures come from agents, so
    /// they stop at the largest number instead of ending the program.
    package static func + (a: Usage, b: Usage) -> Usage {
        func sum<Number: Numeric>(_ a: Number?, _ b: Number?, _ add: (Number, Number) -> Number) -> Number? {
            a == nil && b == nil ? nil : add(a ?? 0, b ?? 0)
        }
        func tokens(_ a: Int, _ b: Int) -> Int {
            let (total, overflow) = a.addingReportingOverflow(b)
            return overflow ? .max : total
        }
        return Usage(
            inputTokens: sum(a.inputTokens, b.inputTokens, tokens),
            outputTokens: sum(a.outputTokens, b.outputTokens, tokens),
            costUSD: sum(a.costUSD, b.costUSD) { min($0 + $1, .greatestFiniteMagnitude) })
    }
}
