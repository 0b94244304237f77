import FactoryCore

/// A check run or a commit status, as GitHub reports it for a commit.
struct ReportedCheck: Hashable, Sendable {
    /// How far it is. Only one of the ends says that the commit is good.
    enum State: Hashable, Sendable {
        case pending
        case success
        /// It says that the commit is broken.
        case failure
        /// It ran into its time limit.
        case timedOut
        /// It ended and says nothing of the commit: `skipped`, `neutral`, `cancelled`, `stale`, `action_required`,
        /// `startup_failure`, or what we do not know. The word is GitHub's.
        case other(String)
    }

    /// The id of a check run; 0 for a status.
    var id: Int
    var name: String
    /// The App that reports it; nil for a status.
    var app: Int?
    /// The check suite that it belongs to: each run of a workflow has its own, and keeps it when it is run again.
    var suite: Int?
    var state: State
    /// Where people can read more.
    var link: String
    /// What it says of itself.
    var words: String
    var seconds: Double
    /// The run of GitHub Actions that it is a job of.
    var run: Int?

    /// Whether it says nothing yet.
    var isPending: Bool { state == .pending }
    var isGreen: Bool { state == .success }
    /// Whether it says that the commit is broken.
    var isRed: Bool { state == .failure || state == .timedOut }
    /// The word that GitHub has for its end.
    var word: String {
        switch state {
        case .pending: "pending"
        case .success: "success"
        case .failure: "failure"
        case .timedOut: "timed_out"
        case .other(let word): word
        }
    }
}

extension ReportedCheck {
    private static let words = 4000

    /// A check run; nil when it is none.
    init?(run json: JSON) {
        guard let id = json["id"]?.int, let name = json["name"]?.string else { return nil }
        self.id = id
        self.name = name
        app = json["app"]?["id"]?.int
        suite = json["check_suite"]?["id"]?.int
        state = json["status"]?.string == "completed" ? Self.end(json["conclusion"]?.string) : .pending
        link = json["details_url"]?.string ?? json["html_url"]?.string ?? ""
        let output = [json["output"]?["title"], json["output"]?["summary"]].compactMap { $0?.string }
        words = Self.bounded(output.filter { !$0.isEmpty }.joined(separator: "\n"))
        let times = ["started_at", "completed_at"].compactMap { json[$0]?.string.flatMap { Timestamp($0) } }
        seconds = times.count == 2 ? max(0, times[1] - times[0]) : 0
        run = link.firstMatch(of: /\/actions\/runs\/([0-9]+)/).flatMap { Int($0.1) }
    }

    /// A commit status; nil when it is none.
    init?(status json: JSON) {
        guard let name = json["context"]?.string else { return nil }
        id = 0
        self.name = name
        state =
            switch json["state"]?.string {
            case "success": .success
            case "failure", "error": .failure
            case "pending": .pending
            case let word: .other(word ?? "nothing")
            }
        link = json["target_url"]?.string ?? ""
        words = Self.bounded(json["description"]?.string ?? "")
        seconds = 0
    }

    private static func end(_ conclusion: String?) -> State {
        switch conclusion {
        case "success": .success
        case "failure": .failure
        case "timed_out": .timedOut
        case let word: .other(bounded(word ?? "no conclusion"))
        }
    }

    /// Another's text, without what steers terminals.
    private static func bounded(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control }
        return String(String(String.UnicodeScalarView(kept)).prefix(words))
    }

    /// A workflow that ended before it had a job, as one with a mistake in its file does.
    static func workflow(endedWith word: String) -> ReportedCheck {
        ReportedCheck(
            id: 0, name: "(a workflow)", state: .other(bounded(word)), link: "", words: "it ended before any job",
            seconds: 0)
    }

    /// Whether both are reports of one and the same job: two workflows may each have one of that name.
    func isSameJob(as other: ReportedCheck) -> Bool {
        name == other.name && app == other.app && suite == other.suite
    }

    /// The newest report of each job: one that was run again is reported anew.
    static func newest(_ runs: [ReportedCheck]) -> [ReportedCheck] {
        var found: [ReportedCheck] = []
        for run in runs.sorted(by: { $0.id < $1.id }) {
            if let index = found.firstIndex(where: run.isSameJob) {
                found[index] = run
            } else {
                found.append(run)
            }
        }
        return found
    }
}

/// All that GitHub reports for a commit at one moment.
struct ReportedChecks: Hashable, Sendable {
    var checks: [ReportedCheck]
    /// Sentences on what is still to come and has no name yet: workflows whose jobs are not reported.
    var coming: [String] = []

    /// From the check suites of a commit: those that GitHub Actions has queued, and those that run, will report more.
    /// Suites of other Apps are queued for ever when the App has nothing to say.
    mutating func read(suites: [JSON]) {
        for suite in suites {
            let app = suite["app"]?["slug"]?.string ?? "an App"
            let status = suite["status"]?.string ?? ""
            let isActions = app == "github-actions"
            let hasNone = suite["latest_check_runs_count"]?.int == 0
            if status == "completed" {
                let end = suite["conclusion"]?.string ?? "no conclusion"
                if hasNone, isActions, end != "success" { checks.append(.workflow(endedWith: end)) }
            } else if status == "in_progress" || isActions {
                coming.append("\(app) is not done")
            }
        }
    }
}
