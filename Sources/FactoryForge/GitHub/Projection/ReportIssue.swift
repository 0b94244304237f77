import FactoryCore

/// The issue with the morning report: one issue that is edited in place, and one comment a day that people are told of.
package struct ReportIssue: Sendable {
    package static let title = "Factory: morning report"

    private let desk: Desk
    private let marker = Marker(0, entry: "report", .report)

    package init(_ desk: Desk) { self.desk = desk }

    /// Puts the text into the issue; the first time of a `day`, such as `2026-11-25`, into a comment as well. `text` is
    /// Markdown; what strangers say in it can do no harm. Throws `GitHubError`.
    package func update(_ text: String, day: String) async throws(GitHubError) {
        let said = SafeText.lines(text)
        let body = SafeText.cut("\(marker.text)\n\(said)", rest: "`factory report`")
        var known = try await known(body)
        try await desk.client.write("PATCH", desk.path("/issues/\(known.issue)"), .object(["body": .string(body)]))
        if known.day != day {
            try await comment(said, day, on: known.issue)
            known.day = day
        }
        await desk.memory.remember(known)
        await desk.memory.save()
    }

    private func known(_ body: String) async throws(GitHubError) -> GitHubMemory.Report {
        if let report = await desk.memory.report {
            do throws(GitHubError) {
                let issue = try await desk.client.read(desk.path("/issues/\(report.issue)"))
                if isReport(issue) { return report }
            } catch .notFound {
                // It was deleted or moved: there is to be another one.
            }
        }
        if let number = try await find() { return GitHubMemory.Report(issue: number) }
        let new: JSON = .object(["title": .string(Self.title), "body": .string(body)])
        let made = try await desk.client.write("POST", desk.path("/issues"), new) { () throws(GitHubError) in
            try await find().map { .object(["number": .of($0)]) }
        }
        await desk.memory.learn(Account(made["user"]))
        guard let number = made["number"]?.int else { throw .unexpected("POST /issues", "there is no number in it") }
        return GitHubMemory.Report(issue: number)
    }

    private func isReport(_ issue: JSON) -> Bool {
        issue["body"]?.string.flatMap { Marker(startOf: $0) } == marker
    }

    /// The oldest open issue of the line's with the marker.
    private func find() async throws(GitHubError) -> Int? {
        var query = [("state", "open"), ("sort", "created"), ("direction", "asc")]
        if let own = try await desk.myself().account { query.append(("creator", own.login)) }
        for issue in try await desk.client.readAll(desk.path("/issues"), query, pages: 5) where isReport(issue) {
            if try await desk.isOurs(issue) { return issue["number"]?.int }
        }
        return nil
    }

    private func comment(_ text: String, _ day: String, on issue: Int) async throws(GitHubError) {
        let mark = Marker(0, entry: day, .day)
        let path = desk.path("/issues/\(issue)/comments")
        if try await said(mark, path) { return }
        let body = SafeText.cut("\(mark.text)\n\(text)", rest: "`factory report`")
        try await desk.client.write("POST", path, .object(["body": .string(body)])) { () throws(GitHubError) in
            try await said(mark, path) ? .null : nil
        }
    }

    private func said(_ mark: Marker, _ path: String) async throws(GitHubError) -> Bool {
        // A comment of today's is among the newest.
        let since = desk.clock.now() + -3 * 86_400
        for item in try await desk.client.readAll(path, [("since", since.iso)]) {
            if item["body"]?.string.flatMap({ Marker(startOf: $0) }) == mark, try await desk.isOurs(item) {
                return true
            }
        }
        return false
    }
}
