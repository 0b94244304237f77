/// A right that the App, or the token, must have on the repository.
package struct GitHubPermission: Hashable, Sendable {
    /// As GitHub names it, such as `pull_requests`.
    package let name: String
    package let writes: Bool
    package let why: String
    /// What a token without any list of its rights is tried with: a path below the repository, harmless to read.
    let probe: String?

    package var level: String { writes ? "write" : "read" }

    package static let all: [GitHubPermission] = [
        GitHubPermission(name: "metadata", writes: false, why: "to see the repository", probe: ""),
        GitHubPermission(
            name: "contents", writes: true, why: "to push branches, the record and what lands",
            probe: "/git/matching-refs/heads"),
        GitHubPermission(
            name: "pull_requests", writes: true, why: "to open pull requests, label them and comment",
            probe: "/pulls?per_page=1"),
        GitHubPermission(
            name: "issues", writes: true, why: "to make labels, and for the issue that holds the report",
            probe: "/issues?per_page=1"),
        GitHubPermission(
            name: "checks", writes: true, why: "to show the line's verdicts and read those of others", probe: nil),
        GitHubPermission(
            name: "statuses", writes: true, why: "to read commit statuses, and to set them where no App may", probe: nil
        ),
        GitHubPermission(
            name: "actions", writes: true, why: "to run failed jobs of a candidate once more",
            probe: "/actions/runs?per_page=1"),
    ]

    /// Whether a level that was granted is enough.
    package func isMet(by level: String?) -> Bool {
        switch level {
        case "admin", "write": true
        case "read": !writes
        default: name == "metadata"
        }
    }
}

/// How a landing gets onto the main branch, and what the branch's rules must say for it.
package enum LandingWays {
    package static let push = """
        landing: push   The line pushes the very commit that was tested. Where rules protect the main branch, name the \
        App under "Bypass list" of each ruleset, with "Always allow". Classic branch protection: replace it by a \
        ruleset, or allow the App to bypass required pull requests, and do not include administrators.
        """
    package static let api = """
        landing: api    GitHub squashes the pull request, where nobody may push. The main branch must demand that it is \
        up to date: a ruleset with "Require status checks to pass", at least one check in it, and "Require branches to \
        be up to date before merging", and without the App in its bypass list.
        """

    /// What is wrong where GitHub squashes and the branch does not demand that a pull request is up to date.
    package static func lackOfStrictness(_ main: String) -> String {
        "`forge: { landing: api }` needs a rule for \(main) that takes up-to-date pull requests only, and that the line "
            + "may not pass by: else GitHub could squash onto a commit on which nothing was tested"
    }
    /// What to do about it.
    package static let strictness =
        "switch on \"Require branches to be up to date before merging\" (under \"Require status checks to pass\", with "
        + "at least one check) in a ruleset without the App in its bypass list; or use `landing: push`"
}
