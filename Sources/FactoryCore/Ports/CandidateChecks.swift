/// The checks of the repository itself: what its CI says of a candidate, that is of a commit that would be on the main
/// branch if a PR landed now.
package protocol CandidateChecks: Sendable {
    /// Shows the candidate to the CI and waits for what it says. `required` names checks that must be green beside those
    /// that the main branch's rules require; `wait` is the longest that is waited, in seconds.
    ///
    /// Returns early with `stopped` when the task is cancelled. Throws what waiting cannot mend, such as a missing right.
    func judge(
        _ number: PRNumber, candidate: CommitID, required: [String], wait: Double
    ) async throws -> CandidateReport

    /// Takes away what shows the candidates of PRs that have ended.
    func retire(_ ended: Set<PRNumber>) async throws
}

/// What the repository's CI says of a candidate.
package struct CandidateReport: Hashable, Sendable {
    /// What follows for the candidate.
    package enum Verdict: Hashable, Sendable {
        /// All that must be green is.
        case green
        /// At least one check says that the candidate is broken.
        case red
        /// There is no word on the candidate: a check was not reported, has not ended, or ended without saying so.
        case silent
        /// The CI cannot be asked now.
        case later(Deferral)
        /// The session was told to end.
        case stopped
    }
    package var verdict: Verdict
    /// The checks that count, named `github: build`.
    package var results: [CheckResult]
    /// What people should know, in a sentence or two; empty when there is nothing to tell.
    package var summary: String
    /// What the implementer gets to see of checks that are red. Somebody else's words, bounded.
    package var evidence: String

    package init(_ verdict: Verdict, results: [CheckResult] = [], summary: String = "", evidence: String = "") {
        self.verdict = verdict
        self.results = results
        self.summary = summary
        self.evidence = evidence
    }
}
