package import FactoryCore

/// Why GitHub did not do what was asked.
package enum GitHubError: PassingError, Hashable, CustomStringConvertible {
    /// No token, or one that is not taken any more.
    case unauthenticated(String)
    /// The token is good, but may not do this.
    case forbidden(String, missing: String?)
    /// Not there, or not to be seen by this token.
    case notFound(String)
    /// The effect is in conflict with what stands there, such as a head that has moved; with what GitHub says of it.
    case conflict(String, answer: JSON = .null)
    /// GitHub does not take it.
    case refused(String, status: Int, message: String)
    /// Nothing may be asked before the time.
    case limited(until: Timestamp)
    /// GitHub does not answer, or not with sense, after every attempt.
    case unreachable(String)
    /// An answer lacks what it must have.
    case unexpected(String, CodecProblem)
    /// The key of the App cannot sign.
    case badKey(String)

    /// What an answer lacks.
    package typealias CodecProblem = String

    package var description: String {
        switch self {
        case .unauthenticated(let what):
            "GitHub does not take the token (\(what)): set FACTORY_GITHUB_TOKEN, or FACTORY_APP_ID and FACTORY_APP_KEY, "
                + "to ones that are valid; `factory doctor` tries them"
        case .forbidden(let what, let missing):
            "GitHub refuses \(what): the token lacks the permission"
                + (missing.map { " \($0)" } ?? "")
                + "; `factory github setup` lists what the App or the token needs"
        case .notFound(let what):
            "GitHub knows no \(what), or the token may not see it: look at `forge:` in .factory/config.yml, and whether "
                + "the App is installed on the repository"
        case .conflict(let what, _): "\(what): it has changed meanwhile"
        case .refused(let what, let status, let message): "GitHub refuses \(what) (\(status)): \(message)"
        case .limited(let until): "GitHub's limit of requests is used up until \(until.iso)"
        case .unreachable(let why): "GitHub cannot be reached: \(why)"
        case .unexpected(let what, let problem): "GitHub answered \(what) in a way that makes no sense here: \(problem)"
        case .badKey(let why): "the key of the GitHub App cannot be used: \(why)"
        }
    }

    /// Whether it may be otherwise after a while, without anybody doing anything.
    package var passes: Bool {
        switch self {
        case .limited, .unreachable: true
        case .unauthenticated, .forbidden, .notFound, .conflict, .refused, .unexpected, .badKey: false
        }
    }
}
