package import FactoryCore
import FactoryGit

/// The line on GitHub while it runs: shows what is recorded, and hears what people say. Nothing waits for it but the start
/// and the end of a run, and those not for long.
package actor GitHubPresence {
    /// Seconds.
    private enum Limit {
        /// For what the line waits before it begins.
        static let start = 30.0
        /// For what is still to be shown when it has ended.
        static let end = 90.0
        /// For the same when somebody waits for the program to end.
        static let hurry = 5.0
        /// After which another machine that has recorded something should have shown it.
        static let others = 60.0
        /// After which a change is shown: one stage ends, the next begins, and both are shown in one go.
        static let calm = 1.0
        /// Between two tries at the end.
        static let again = 1.0
    }

    private let desk: Desk
    private let projector: Projector
    private let people: People
    private let report: DailyReport
    private let elsewhere: Elsewhere
    private let host: String
    private let poll: Double
    private var looking: Task<Void, Never>?

    /// What a presence needs from outside.
    package struct Means: Sendable {
        package var intake: Intake
        /// The main branch's name.
        package var main: String
        /// Told of every PR that a person has moved on GitHub.
        package var didRecord: @Sendable (PullRequest) async -> Void
        /// Told what went wrong and will be tried again.
        package var warn: @Sendable (String) -> Void
        package var report: DailyReport.Source

        package init(
            intake: Intake, main: String, report: DailyReport.Source,
            didRecord: @escaping @Sendable (PullRequest) async -> Void, warn: @escaping @Sendable (String) -> Void
        ) {
            self.intake = intake
            self.main = main
            self.report = report
            self.didRecord = didRecord
            self.warn = warn
        }
    }

    init(_ desk: Desk, mirror: GitHubMirror, host: String, poll: Double, elsewhere: Elsewhere, with means: Means) {
        self.desk = desk
        self.host = host
        self.poll = poll
        self.elsewhere = elsewhere
        projector = Projector(desk, base: means.main, calm: Limit.calm)
        people = People(
            desk, projector: projector, intake: means.intake, fetch: { try await mirror.sync() },
            didRecord: means.didRecord)
        report = DailyReport(desk, from: means.report)
    }

    /// Shows a PR as the journal has it now. Returns at once.
    package nonisolated func show(_ number: PRNumber) { projector.show(number) }

    /// Shows what is not shown yet, then hears people for the first time, and from then on every so often. Returns when
    /// that is done, or after a while.
    package func begin() async {
        await refresh()
        let first = Task { [projector, people] in
            await projector.settle()
            await people.look()
        }
        looking = Task { [people, report, poll] in
            await first.value
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(poll))
                guard !Task.isCancelled else { return }
                // A look that has begun is not broken off.
                await Task {
                    await people.look()
                    await report.look()
                }.value
            }
        }
        await within(Limit.start) { await first.value }
    }

    /// To be called whenever the record was brought to where the remote stands: shows what other programs have recorded.
    /// Returns at once.
    package func refresh() async {
        do {
            try await elsewhere.look(in: desk.store, host: host)
            for tip in try await desk.store.list() where await isToShow(tip) { projector.show(tip.pr.number) }
        } catch {
            desk.warn("what is to be shown on GitHub cannot be found out: \(error)")
        }
    }

    private func isToShow(_ tip: Tip) async -> Bool {
        let pr = tip.pr
        if elsewhere.works(on: pr.number) { return false }
        let known = await desk.memory.pull(pr.number)
        if known?.shown == tip.id.hex { return false }
        let age = desk.clock.now() - pr.updatedAt
        if elsewhere.hasOthers, age < Limit.others { return false }
        // What ended long ago and is not remembered was shown by whoever remembers it.
        return !pr.state.isFinal || known != nil || age < 86_400
    }

    /// Shows what is still to be shown, puts the morning report into its issue, and ends; in a `hurry` when the run has
    /// failed or was interrupted. What cannot be shown in time is shown by the next run.
    package func end(inHurry hurry: Bool) async {
        looking?.cancel()
        let isDone = await within(hurry ? Limit.hurry : Limit.end) { [projector, looking] in
            await looking?.value
            await projector.settle()
            while projector.isBehind, !Task.isCancelled {
                try? await Task.sleep(for: .seconds(Limit.again))
                projector.retry()
                await projector.settle()
            }
        }
        if !isDone { desk.warn("not everything stands on GitHub yet; the next run shows the rest") }
        await within(hurry ? Limit.hurry : Limit.end) { [report] in await report.write() }
        await within(Limit.hurry) { [projector] in await projector.end() }
    }

    /// Waits for work, but only so many seconds; then it is cancelled. False: it was not done in time.
    @discardableResult
    private func within(_ seconds: Double, _ work: @escaping @Sendable () async -> Void) async -> Bool {
        let task = Task { await work() }
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        // Neither is waited for: what goes on behind is awaited by whoever started it.
        let timer = Task {
            try? await Task.sleep(for: .seconds(seconds))
            end.yield(false)
        }
        Task {
            await task.value
            end.yield(true)
        }
        let isDone = await ends.first { _ in true } ?? false
        timer.cancel()
        task.cancel()
        return isDone
    }
}
