package import FactoryCore

/// A remote repository, by the git program. Every ref is moved from where it was seen: compare-and-swap.
package struct RemoteGit: Sendable {
    /// A ref of the remote that is to move.
    package struct Move: Hashable, Sendable {
        package let ref: String
        /// Where it was seen; nil: it must not be there.
        package let from: CommitID?
        /// Nil: it is to go.
        package let to: CommitID?

        package init(_ ref: String, from: CommitID?, to: CommitID?) {
            self.ref = ref
            self.from = from
            self.to = to
        }
    }

    /// How a push ended.
    package enum Pushed: Hashable, Sendable {
        /// Every ref stands where it should.
        case done
        /// One was elsewhere: none has moved.
        case stale
        /// The remote does not take it, and says why.
        case refused(String)
    }

    /// Tries before a remote counts as unreachable; of twelve the last come a minute apart.
    private var tries = 12

    private let git: GitProgram
    private let url: String
    private let clock: any WallClock
    private let token: @Sendable () async throws -> String?

    /// `git` runs in the repository that has the objects. `token` gives the password for HTTPS, or nil for none.
    package init(
        _ git: GitProgram, url: String, clock: any WallClock, token: @escaping @Sendable () async throws -> String?
    ) {
        self.git = git
        self.url = url
        self.clock = clock
        self.token = token
    }

    /// The same for whoever can look again later, and must not wait for minutes.
    package func inHurry() -> RemoteGit {
        var hurried = self
        hurried.tries = 3
        return hurried
    }

    /// Moves refs, all or none. Throws `GitHubError` when the remote cannot be reached or knows us not.
    package func push(_ moves: [Move]) async throws -> Pushed {
        let leases = moves.map { "--force-with-lease=\($0.ref):\($0.from?.hex ?? "")" }
        let refs = moves.map { "\($0.to?.hex ?? ""):\($0.ref)" }
        var problem = ""
        for attempt in 0..<tries {
            if attempt > 0 {
                await clock.sleep(seconds: Self.delay(attempt))
                if try await stand(moves) { return .done }
            }
            let answer = try await ask(["push", "--porcelain", "--atomic", "--no-verify"] + leases + [url] + refs)
            if answer.code == 0 { return .done }
            let verdict = PushReport(answer)
            problem = verdict.words
            switch verdict.kind {
            case .refused: return .refused(verdict.words)
            case .unauthenticated: throw GitHubError.unauthenticated(verdict.words)
            case .missing: throw GitHubError.notFound(verdict.words)
            // An earlier try of ours may have come through without our hearing of it.
            case .stale: return try await stand(moves) ? .done : .stale
            case .unreachable: break
            }
        }
        throw GitHubError.unreachable(problem)
    }

    /// Takes a ref away that was seen at a commit, and wherever else it is found that `isOurs` agrees to: a remote says the
    /// same of a ref that has moved and of one that somebody else was writing beside. `stale`: it keeps moving. Throws as
    /// `push` does.
    package func remove(_ ref: String, at seen: CommitID, where isOurs: (CommitID) -> Bool) async throws -> Pushed {
        var there = Optional(seen)
        for _ in 0..<3 {
            guard let commit = there, isOurs(commit) else { return .done }
            let answer = try await push([.init(ref, from: commit, to: nil)])
            guard answer == .stale else { return answer }
            there = try await list([ref])[ref]
        }
        return .stale
    }

    /// Brings refs here, by refspecs. Throws `GitHubError`.
    package func fetch(_ refspecs: [String]) async throws {
        _ = try await insist(["fetch", "-q", "--no-tags", "--prune", "--no-write-fetch-head", url] + refspecs)
    }

    /// Where refs of the remote stand. Throws `GitHubError` when it cannot be asked.
    package func list(_ patterns: [String]) async throws -> [String: CommitID] {
        Self.refs(in: try await insist(["ls-remote", url] + patterns))
    }

    /// Asks until there is an answer, or none to be hoped for.
    private func insist(_ arguments: [String]) async throws -> GitProgram.Answer {
        var problem = ""
        for attempt in 0..<tries {
            if attempt > 0 { await clock.sleep(seconds: Self.delay(attempt)) }
            let answer = try await ask(arguments)
            if answer.code == 0 { return answer }
            let verdict = PushReport(answer)
            problem = verdict.words
            switch verdict.kind {
            case .unauthenticated: throw GitHubError.unauthenticated(problem)
            case .missing: throw GitHubError.notFound(problem)
            case .stale, .refused, .unreachable: break
            }
        }
        throw GitHubError.unreachable(problem)
    }

    private static func refs(in answer: GitProgram.Answer) -> [String: CommitID] {
        var found: [String: CommitID] = [:]
        for line in answer.text.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            if parts.count == 2 { found[String(parts[1])] = CommitID(String(parts[0])) }
        }
        return found
    }

    /// Whether every ref stands where it should; false when the remote cannot be asked just now.
    private func stand(_ moves: [Move]) async throws -> Bool {
        let answer = try await ask(["ls-remote", url] + moves.map(\.ref))
        guard answer.code == 0 else { return false }
        let now = Self.refs(in: answer)
        return moves.allSatisfy { now[$0.ref] == $0.to }
    }

    private static func delay(_ attempt: Int) -> Double { min(60, Double(1 << min(attempt - 1, 6))) }

    /// The token goes by the environment, which nobody else can read, and neither by an argument nor by a file.
    private func ask(_ arguments: [String]) async throws -> GitProgram.Answer {
        var settings = [("credential.helper", ""), ("core.askPass", ""), ("http.followRedirects", "false")]
        if url.hasPrefix("http"), let token = try await token() {
            let word = Base64.text(Array("x-access-token:\(token)".utf8))
            settings.append(("http.\(url).extraHeader", "Authorization: Basic \(word)"))
        }
        return try await git.with(settings).ask(arguments)
    }
}

/// What the git program says of a push or a fetch that failed.
struct PushReport {
    enum Kind: Hashable { case stale, refused, unauthenticated, missing, unreachable }
    let kind: Kind
    /// For people, bounded.
    let words: String

    private static let stale = [
        "stale info", "fetch first", "non-fast-forward", "atomic push failed", "failed to update ref",
        "cannot lock ref",
        "already exists", "incorrect old value", "but expected", "atomic transaction failed",
    ]
    /// What a remote says that is out of order itself: another try may go through.
    private static let passing = [
        "Internal Server Error", "internal error", "fatal error in commit_refs", "Service Unavailable",
        "Bad Gateway", "temporarily", "timed out", "timeout", "try again",
    ]
    private static let unauthenticated = [
        "Authentication failed", "error: 401", "error: 403", "could not read Username", "Permission to",
        "Permission denied",
    ]
    /// Waiting does not help: what is asked for is not there.
    private static let missing = [
        "couldn't find remote ref", "' not found", "Repository not found", "does not appear to be a git repository",
    ]

    init(_ answer: GitProgram.Answer) {
        let rejected = answer.text.split(separator: "\n").filter { $0.hasPrefix("!") }
        let own = rejected.filter { line in !Self.stale.contains { line.contains($0) } }
        let said = answer.errors.split(separator: "\n").filter { $0.hasPrefix("remote:") }
        if !own.isEmpty, own.allSatisfy(Self.passes) {
            kind = .unreachable
            words = Self.bounded(own + said)
        } else if !own.isEmpty {
            kind = .refused
            words = Self.bounded(said.isEmpty ? own : said)
        } else if !rejected.isEmpty {
            kind = .stale
            words = Self.bounded(rejected)
        } else {
            let isOurs = Self.unauthenticated.contains { answer.errors.contains($0) }
            let isMissing = Self.missing.contains { answer.errors.contains($0) }
            kind = isOurs ? .unauthenticated : isMissing ? .missing : .unreachable
            words = Self.bounded(answer.errors.split(separator: "\n"))
        }
    }

    /// The reason is what stands in parentheses at the end of a line.
    private static func passes(_ line: Substring) -> Bool {
        guard let open = line.lastIndex(of: "(") else { return false }
        return passing.contains { line[open...].contains($0) }
    }

    private static func bounded(_ lines: [Substring]) -> String {
        let cleaned = lines.map { line in
            line.replacing(/^(remote: ?|fatal: ?|error: ?)+/, with: "").replacing(
                /https?:\/\/[^\s@\/]+@/, with: "https://")
        }
        // Rulers and blank lines say nothing.
        let telling = cleaned.map(\.trimmingBlanks).filter { $0.contains(where: \.isLetter) }
        return String(telling.prefix(16).joined(separator: "; ").prefix(1500))
    }
}

/// Base64 as HTTP wants it (RFC 4648 section 4).
enum Base64 {
    static func text(_ bytes: [UInt8]) -> String {
        let url = AppSignature.base64URL(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        return String(url) + String(repeating: "=", count: (4 - url.count % 4) % 4)
    }
}
