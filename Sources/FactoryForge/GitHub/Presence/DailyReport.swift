/// Keeps the issue with the morning report: at the end of a run, and in a run that goes on for days with each new day.
package actor DailyReport {
    /// Where the report comes from.
    package struct Source: Sendable {
        /// Today's date where the line runs, such as `2026-11-25`.
        package var today: @Sendable () -> String
        /// The report on the last day, as Markdown.
        package var text: @Sendable () async throws -> String

        package init(today: @escaping @Sendable () -> String, text: @escaping @Sendable () async throws -> String) {
            self.today = today
            self.text = text
        }
    }

    private let desk: Desk
    private let source: Source
    /// The day of the last report, or on which the run began.
    private var day: String
    private var isWriting = false
    private var isTold = false

    init(_ desk: Desk, from source: Source) {
        self.desk = desk
        self.source = source
        day = source.today()
    }

    /// Writes it if another day has begun. What fails is tried again with the next look.
    func look() async {
        if source.today() != day { await write() }
    }

    /// Writes it now. A failure is told, once.
    func write() async {
        guard !isWriting else { return }
        isWriting = true
        defer { isWriting = false }
        let today = source.today()
        do {
            try await ReportIssue(desk).update(try await source.text(), day: today)
            (day, isTold) = (today, false)
        } catch {
            if !isTold { desk.warn("the report on GitHub is not up to date: \(error)") }
            isTold = true
        }
    }
}
