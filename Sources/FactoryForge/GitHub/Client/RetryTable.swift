import FactoryCore

/// What follows from an answer, or from none. Pure: all of the rules, none of the waiting.
///
/// What a write has done is unknown whenever its answer is lost or is a server's error; then one looks first, and repeats
/// the write only if the effect is not there.
enum RetryTable {
    /// One try of one request.
    struct Try: Hashable {
        /// Whether it changes something.
        var isWrite: Bool
        /// From 0.
        var number: Int
        /// Whether a new token has been asked for because of this request.
        var hasNewToken = false
        /// Between 0 and 1, so that not everybody comes back at once.
        var jitter: Double
    }

    /// What to do now.
    enum Step: Hashable {
        /// The answer is good.
        case done
        /// The copy that is at hand is still good.
        case cached
        /// Again after so many seconds, and a write only if its effect is not there.
        case again(after: Double)
        /// Again at once with a new token.
        case newToken
        case fail(GitHubError)
    }

    /// Tries of one request, all in all.
    static let tries = 5
    /// The longest that a request waits, in seconds; beyond that its sender is told until when.
    static let patience = 90.0

    static func step(
        _ answer: Result<HTTPResponse, HTTPFailure>, to what: String, _ attempt: Try, now: Timestamp
    ) -> Step {
        switch answer {
        case .failure(let failure): again(attempt, unreachable: failure.description)
        case .success(let response): step(response, what, attempt, now)
        }
    }

    private static func step(_ response: HTTPResponse, _ what: String, _ attempt: Try, _ now: Timestamp) -> Step {
        switch response.status {
        case 200..<300:
            response.isJSON ? .done : again(attempt, unreachable: "\(what) was answered with something else than JSON")
        case 304: .cached
        case 401: attempt.hasNewToken ? .fail(.unauthenticated(response.message)) : .newToken
        case 403, 429: limited(response, what, attempt, now)
        case 404: .fail(.notFound(what))
        case 409: .fail(.conflict("\(what): \(response.message)", answer: response.json))
        case 500...: serverError(response, what, attempt)
        default: .fail(.refused(what, status: response.status, message: response.message))
        }
    }

    private static func serverError(_ response: HTTPResponse, _ what: String, _ attempt: Try) -> Step {
        let problem = "\(what) was answered with \(response.status)"
        guard let seconds = response.seconds("retry-after") else { return again(attempt, unreachable: problem) }
        guard attempt.number + 1 < tries, seconds <= patience else { return .fail(.unreachable(problem)) }
        return .again(after: seconds)
    }

    /// A limit, or a right that is missing; GitHub says both with 403.
    private static func limited(_ response: HTTPResponse, _ what: String, _ attempt: Try, _ now: Timestamp) -> Step {
        if let seconds = response.seconds("retry-after") { return wait(seconds, attempt, now) }
        if response.headers["x-ratelimit-remaining"] == "0", let reset = response.seconds("x-ratelimit-reset") {
            // Clocks differ a little.
            return wait(max(0, Timestamp(seconds: Int64(reset)) - now) + 3, attempt, now)
        }
        if response.status == 429 || response.message.lowercased().contains("rate limit") {
            return wait(60 * exponential(attempt.number), attempt, now)
        }
        return .fail(.forbidden(what, missing: response.headers["x-accepted-github-permissions"]))
    }

    private static func wait(_ seconds: Double, _ attempt: Try, _ now: Timestamp) -> Step {
        guard seconds <= patience, attempt.number + 1 < tries else { return .fail(.limited(until: now + seconds)) }
        return .again(after: seconds)
    }

    private static func again(_ attempt: Try, unreachable problem: String) -> Step {
        guard attempt.number + 1 < tries else { return .fail(.unreachable(problem)) }
        // A read that never got an answer is worth another look at once.
        if attempt.number == 0, !attempt.isWrite { return .again(after: 0) }
        return .again(after: exponential(attempt.number) * (0.5 + attempt.jitter / 2))
    }

    private static func exponential(_ number: Int) -> Double { Double(1 << min(number, 6)) }
}

extension HTTPResponse {
    /// A header that is a number.
    func seconds(_ name: String) -> Double? { headers[name].flatMap(Double.init) }

    /// Whether the body is JSON or nothing at all.
    var isJSON: Bool { body.isEmpty || (try? JSON(parsing: body)) != nil }
    /// The body as JSON; null where it is none.
    var json: JSON { (try? JSON(parsing: body)) ?? .null }

    /// What GitHub says is wrong, bounded.
    var message: String {
        let json = try? JSON(parsing: body)
        let errors = (json?["errors"]?.array ?? []).compactMap {
            $0.string ?? $0["message"]?.string ?? $0["code"]?.string
        }
        let all = ([json?["message"]?.string ?? "no reason given"] + errors).joined(separator: "; ")
        return String(all.prefix(500))
    }
}
