import FactoryCore
import FactoryTestSupport
import Synchronization
import Testing

@testable import FactoryForge

/// The issue with the morning report, of a line that goes on for days.
@Suite(.timeLimit(.minutes(2))) struct DailyReportTests {
    /// A calendar that a test turns, and how often a report was asked for.
    private final class Calendar: Sendable {
        let day = Mutex("2026-11-25")
        let asked = Mutex(0)
        var source: DailyReport.Source {
            DailyReport.Source(today: { self.day.withLock { $0 } }) {
                let count = self.asked.withLock { asked in
                    asked += 1
                    return asked
                }
                return "Report \(count)"
            }
        }
    }

    private func presence(_ world: GitHubWorld, _ calendar: Calendar) -> GitHubPresence {
        GitHubPresence(
            world.sides().desk, mirror: world.mirror, host: "here", poll: 0.05, elsewhere: Elsewhere(),
            with: GitHubPresence.Means(
                intake: Intake(store: world.store, library: OneSpecLibrary(), clock: world.clock), main: "main",
                report: calendar.source, didRecord: { _ in },
                warn: { text in world.warnings.withLock { $0.append(text) } }))
    }

    private func issues(_ world: GitHubWorld) async throws -> [JSON] {
        (try await world.fake.read("/issues?state=all").array ?? []).filter {
            $0["title"]?.string == ReportIssue.title
        }
    }

    @Test func `a line that goes on reports when another day begins, once`() async throws {
        try await GitHubWorld.run { world in
            let calendar = Calendar()
            let presence = presence(world, calendar)
            await presence.begin()
            try await world.fake.fault(["kind": "status", "status": 403, "method": "POST", "path": "/issues$"])
            calendar.day.withLock { $0 = "2026-11-26" }
            // The first try fails.
            while calendar.asked.withLock({ $0 }) < 2 { await Task.yield() }
            while try await issues(world).first?["comments"]?.int != 1 { await Task.yield() }
            let asked = calendar.asked.withLock { $0 }
            #expect(asked == 2, "the day has been reported")
            calendar.day.withLock { $0 = "2026-11-27" }
            while try await issues(world).first?["comments"]?.int != 2 { await Task.yield() }
            await presence.end(inHurry: false)
            let found = try await issues(world)
            #expect(found.count == 1)
            #expect(found.first?["body"]?.string?.hasSuffix("Report 4") == true, "the end is reported, too")
            #expect(found.first?["comments"]?.int == 2, "but once a day")
            let warnings = world.warnings.withLock { $0 }
            #expect(warnings.count == 1, "\(warnings)")
        }
    }

    @Test func `a line that is interrupted reports`() async throws {
        try await GitHubWorld.run { world in
            let presence = presence(world, Calendar())
            await presence.begin()
            await presence.end(inHurry: true)
            let body = try await issues(world).first?["body"]?.string
            #expect(body?.hasSuffix("Report 1") == true)
        }
    }
}
