/// The repository on GitHub that pull requests live in; without one the forge is the embedded one.
package struct ForgeSetting: Hashable, Sendable {
    /// Who says whether a candidate is green.
    package enum Gate: String, CaseIterable, Sendable {
        /// The line's own checks.
        case line
        /// The checks of the repository, on the candidate.
        case github
        /// The line's own first, then the repository's.
        case both
    }

    /// How a certified commit gets onto the main branch.
    package enum Route: String, CaseIterable, Sendable {
        /// The line pushes the very commit that was tested.
        case push
        /// GitHub squashes: where nobody may push.
        case api
    }

    /// `owner/name`.
    package var repository: String
    /// Where the API answers, without a slash at the end.
    package var api = "https://api.github.com"
    /// Where git clones from; nil: what follows from `api` and `repository`.
    package var git: String?
    package var gate = Gate.line
    package var landing = Route.push
    /// Names of checks that must be green on the candidate, beside those that the branch's rules require.
    package var required: [String] = []
    /// The longest that is waited for those checks, in seconds.
    package var wait: Double = 3600
    /// Whether logs and other artifacts of the record go to the remote as well.
    package var sharesArtifacts = false
    /// Seconds between two looks at the repository.
    package var poll: Double = 60

    package init(repository: String) { self.repository = repository }
}

extension Configuration {
    /// Whether anything could ever be called green.
    package var hasChecks: Bool { !checks.isEmpty || forge?.gate == .github }
}
