import FactoryCore

/// Says what the reported checks mean for a candidate. Pure.
///
/// Green is only what says `success`. What was skipped, is neutral, missing, stale or cancelled has not looked at the
/// candidate, or does not say that it is good.
struct CheckJudge: Sendable {
    /// Empty: all that is reported counts, and at least one check must be.
    var required: Set<RequiredCheck>
    /// Runs that were started again: their jobs are reported anew, and what they said does not count any more.
    var superseded: Set<Int> = []

    /// What is to be done.
    enum Step: Hashable, Sendable {
        case green
        /// Some have not spoken yet: sentences on whom.
        case wait([String])
        /// All have spoken, and these are not green.
        case notGreen([ReportedCheck])
    }

    func step(_ reported: ReportedChecks) -> Step {
        let checks = relevant(reported)
        var waiting = missing(reported).map { "`\($0.name)` was not reported" }
        waiting += checks.filter { isOpen($0) }.map { "`\($0.name)` has not ended" }
        if required.isEmpty {
            waiting += reported.coming
            if checks.isEmpty, waiting.isEmpty { waiting = ["nothing was reported"] }
        }
        guard waiting.isEmpty else { return .wait(waiting) }
        let bad = checks.filter { !$0.isGreen }
        return bad.isEmpty ? .green : .notGreen(bad)
    }

    /// The checks that count.
    func relevant(_ reported: ReportedChecks) -> [ReportedCheck] {
        guard !required.isEmpty else { return reported.checks }
        return reported.checks.filter { check in required.contains { $0.matches(check) } }
    }

    /// What must be there and is not.
    func missing(_ reported: ReportedChecks) -> [RequiredCheck] {
        required.filter { wanted in !reported.checks.contains { wanted.matches($0) } }.sorted { $0.name < $1.name }
    }

    private func isOpen(_ check: ReportedCheck) -> Bool { check.isPending || superseded.contains(check.id) }
}

extension CandidateReport {
    /// The most that goes to an implementer, in characters.
    private static let evidenceLimit = 16_000

    static func name(_ check: ReportedCheck) -> String { "github: \(check.name)" }

    /// The end of the matter: every check that counts has ended, or time is up.
    ///
    /// `first` is what was not green at first and has run again since.
    init(_ verdict: Verdict, _ checks: [ReportedCheck], first: [ReportedCheck] = [], note: String) {
        let bad = checks.filter { !$0.isGreen && !$0.isPending }
        let words = bad.map { "\(Self.name($0)) ended with \($0.word)" } + (note.isEmpty ? [] : [note])
        self.init(
            verdict,
            results: checks.filter { !$0.isPending }.map { check in
                CheckResult(check, first: first.first { $0.isSameJob(as: check) && $0.id != check.id })
            },
            summary: words.joined(separator: "; "),
            evidence: String(bad.map(Self.evidence).joined(separator: "\n\n").prefix(Self.evidenceLimit)))
    }

    private static func evidence(_ check: ReportedCheck) -> String {
        var lines = ["Check \(name(check)) ended with \(check.word)."]
        if !check.link.isEmpty { lines.append("Details: \(check.link)") }
        if !check.words.isEmpty { lines.append(check.words) }
        return lines.joined(separator: "\n")
    }
}

extension CheckResult {
    /// A check of GitHub has no exit code: 0 stands for success, 1 for every other end, none for a time limit.
    fileprivate init(_ check: ReportedCheck, first: ReportedCheck?) {
        self.init(name: CandidateReport.name(check), exit: Self.exit(check.state), seconds: check.seconds)
        self.first = first.map { Run(exit: Self.exit($0.state), seconds: $0.seconds) }
    }

    private static func exit(_ state: ReportedCheck.State) -> Int? {
        switch state {
        case .success: 0
        case .timedOut, .pending: nil
        case .failure, .other: 1
        }
    }
}
