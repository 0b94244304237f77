import FactoryCore

/// Asks GitHub to squash a pull request onto its base.
struct GitHubMerge: Sendable {
    let client: GitHubClient
    let clock: any WallClock
    /// The longest that is waited for checks of the head, or for a merge queue, in seconds.
    let patience: Double

    enum Answer: Hashable {
        case merged
        case refused(String)
        var isMerged: Bool { self == .merged }
    }

    /// Seconds.
    enum Pause {
        static let first = 1.0
        static let longest = 30.0
        /// For which a push may be on its way to the pull request.
        static let arrival = 120.0
    }
    /// How often GitHub may say that it does not know yet whether it can be merged.
    private static let tries = 6

    /// What is asked for, and of which pull request.
    struct Request {
        /// The path of the API to it.
        let pull: String
        let head: CommitID
        let body: JSON
        /// Without which nothing is squashed.
        let rule: StrictRule
        var number: Substring { pull.split(separator: "/").last ?? "" }
    }

    /// Squashes the open pull request of a branch, whose head must be this commit, under this message onto the main
    /// branch. Throws `GitHubError` when GitHub does not answer: then nobody knows whether it has.
    func perform(
        _ branch: String, head: CommitID, message: String, onto main: String
    ) async throws(GitHubError) -> Answer {
        let path = client.place.path + "/pulls"
        let owner = client.place.owner
        let open = try await client.read(path, [("head", "\(owner):\(branch)"), ("state", "open")]).array ?? []
        guard let number = open.first?["number"]?.int else {
            return .refused("no pull request of \(branch) is open on GitHub")
        }
        let (title, text) = Self.parts(message)
        let body: JSON = .object([
            "sha": .string(head.hex), "merge_method": "squash", "commit_title": .string(title),
            "commit_message": .string(text),
        ])
        let request = Request(
            pull: "\(path)/\(number)", head: head, body: body, rule: StrictRule(client: client, main: main))
        guard try await hasArrived(request) else {
            return .refused(
                "pull request \(number) has another head on GitHub than the certified commit, "
                    + "\(Int(Pause.arrival)) s after that was pushed")
        }
        return try await squash(request, until: clock.now() + patience)
    }

    /// Waits until the pull request has the head that was just pushed: GitHub takes it over some time after the branch.
    private func hasArrived(_ request: Request) async throws(GitHubError) -> Bool {
        let end = clock.now() + Pause.arrival
        var pause = Pause.first
        while true {
            let pull = try await client.read(request.pull)
            // Why one that was closed is not merged says the merge.
            if request.isHead(of: pull) || pull["state"]?.string != "open" { return true }
            guard clock.now() < end else { return false }
            await clock.sleep(seconds: pause)
            pause = min(pause * 2, Pause.longest)
        }
    }

    private func squash(_ request: Request, until end: Timestamp) async throws(GitHubError) -> Answer {
        var (doubts, pause) = (0, Pause.first)
        while true {
            // Each time: checks may take an hour, and rules change.
            guard try await request.rule.holds() else {
                return .refused(LandingWays.lackOfStrictness(request.rule.main))
            }
            do throws(GitHubError) {
                _ = try await client.write("PUT", request.pull + "/merge", request.body) { () throws(GitHubError) in
                    try await isMerged(request.pull) ? .object([:]) : nil
                }
                return .merged
            } catch {
                guard let reason = Self.reason(error) else { throw error }
                if try await isMerged(request.pull) { return .merged }
                if reason.lowercased().contains("merge queue") { return try await queue(request, until: end) }
                guard try await isOpenYet(error, request, &doubts), clock.now() < end else { return .refused(reason) }
            }
            await clock.sleep(seconds: pause)
            pause = min(pause * 2, Pause.longest)
        }
    }

    /// Why GitHub does not do it; nil: it has not answered to the point.
    static func reason(_ error: GitHubError) -> String? {
        switch error {
        case .refused(_, _, let message): message
        case .conflict(let what, _): what
        case .forbidden: error.description
        case .unauthenticated, .notFound, .limited, .unreachable, .unexpected, .badKey: nil
        }
    }

    /// Whether the same may be answered otherwise soon: the head's checks have not ended, or GitHub does not know yet
    /// what it thinks of a head that is still the one that was certified.
    private func isOpenYet(
        _ error: GitHubError, _ request: Request, _ doubts: inout Int
    ) async throws(GitHubError) -> Bool {
        let words = Self.reason(error)?.lowercased() ?? ""
        if ["is expected", "are expected", "in progress", "is pending", "are pending", "is queued"].contains(
            where: words.contains)
        {
            return true
        }
        var isDoubt = words.contains("not mergeable")
        if case .conflict = error { isDoubt = true }
        guard isDoubt, doubts < Self.tries else { return false }
        doubts += 1
        let now = try await client.read(request.pull)
        return now["state"]?.string == "open" && now["mergeable"]?.bool != false && request.isHead(of: now)
    }

    func isMerged(_ pull: String) async throws(GitHubError) -> Bool {
        do throws(GitHubError) {
            _ = try await client.read(pull + "/merge")
            return true
        } catch {
            guard case .notFound = error else { throw error }
            return false
        }
    }

    /// Title and text of a commit message.
    static func parts(_ message: String) -> (title: String, text: String) {
        let lines = message.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        var text = lines.count > 1 ? lines[1] : ""
        while text.first == "\n" { text.removeFirst() }
        while text.last == "\n" { text.removeLast() }
        return (lines.first.map(String.init) ?? "", String(text))
    }
}

extension GitHubMerge.Request {
    func isHead(of pull: JSON) -> Bool { pull["head"]?["sha"]?.string == head.hex }
}
