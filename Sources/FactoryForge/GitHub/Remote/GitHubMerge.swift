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
    private enum Pause {
        static let first = 1.0
        static let longest = 30.0
    }
    /// How often GitHub may say that it does not know yet whether it can be merged.
    private static let tries = 6

    /// Squashes the open pull request of a branch, whose head must be this commit, under this message. Throws
    /// `GitHubError` when GitHub does not answer: then nobody knows whether it has.
    func perform(_ branch: String, head: CommitID, message: String) async throws(GitHubError) -> Answer {
        let path = client.place.path + "/pulls"
        let owner = client.place.owner
        let open = try await client.read(path, [("head", "\(owner):\(branch)"), ("state", "open")]).array ?? []
        guard let number = open.first?["number"]?.int else {
            return .refused("no pull request of \(branch) is open on GitHub")
        }
        let pull = "\(path)/\(number)"
        let (title, text) = Self.parts(message)
        let body: JSON = .object([
            "sha": .string(head.hex), "merge_method": "squash", "commit_title": .string(title),
            "commit_message": .string(text),
        ])
        let end = clock.now() + patience
        var (unknown, pause) = (0, Pause.first)
        while true {
            do throws(GitHubError) {
                _ = try await client.write("PUT", pull + "/merge", body) { () throws(GitHubError) in
                    try await isMerged(pull) ? .object([:]) : nil
                }
                return .merged
            } catch {
                guard let reason = Self.reason(error) else { throw error }
                if try await isMerged(pull) { return .merged }
                if reason.lowercased().contains("merge queue") { return try await queue(pull, body, until: end) }
                guard try await isOpenYet(reason, pull, &unknown), clock.now() < end else { return .refused(reason) }
            }
            await clock.sleep(seconds: pause)
            pause = min(pause * 2, Pause.longest)
        }
    }

    /// Why GitHub does not do it; nil: it has not answered to the point.
    private static func reason(_ error: GitHubError) -> String? {
        switch error {
        case .refused(_, _, let message): message
        case .conflict(let what): what
        case .forbidden: error.description
        case .unauthenticated, .notFound, .limited, .unreachable, .unexpected, .badKey: nil
        }
    }

    /// Whether the same may be answered otherwise soon: GitHub does not know yet, or the head's checks have not ended.
    private func isOpenYet(_ reason: String, _ pull: String, _ unknown: inout Int) async throws(GitHubError) -> Bool {
        let words = reason.lowercased()
        if ["is expected", "are expected", "in progress", "is pending", "are pending", "is queued"].contains(
            where: words.contains)
        {
            return true
        }
        guard words.contains("not mergeable"), unknown < Self.tries else { return false }
        unknown += 1
        let now = try await client.read(pull)
        return now["state"]?.string == "open" && now["mergeable"]?.bool != false
    }

    private func isMerged(_ pull: String) async throws(GitHubError) -> Bool {
        do throws(GitHubError) {
            _ = try await client.read(pull + "/merge")
            return true
        } catch {
            guard case .notFound = error else { throw error }
            return false
        }
    }

    /// Hands it to the merge queue, and waits for what becomes of it.
    private func queue(_ pull: String, _ body: JSON, until end: Timestamp) async throws(GitHubError) -> Answer {
        var state: JSON
        do throws(GitHubError) { state = try await client.write("PUT", pull + "/merge-async", body) } catch {
            guard let reason = Self.reason(error) else { throw error }
            return .refused(reason)
        }
        let uuid = state["details"]?["uuid"]?.string
        var pause = Pause.first
        while true {
            if try await isMerged(pull) { return .merged }
            if state["status"]?.string == "failed" {
                return .refused(state["details"]?["message"]?.string ?? "the merge failed, and GitHub does not say why")
            }
            guard clock.now() < end else {
                return .refused(
                    "\(pull.split(separator: "/").last ?? "it") is in the merge queue, and has not come out of it in "
                        + "\(Int(patience)) s: take it out, or raise `forge: { wait: … }`")
            }
            await clock.sleep(seconds: pause)
            pause = min(pause * 2, Pause.longest)
            if state["status"]?.string == "pending", let uuid {
                state = try await client.read(pull + "/merge-async/" + PercentCoding.segment(uuid))
            }
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
