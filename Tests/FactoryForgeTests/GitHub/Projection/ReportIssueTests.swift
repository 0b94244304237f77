import FactoryCore
import FactoryFiles
import FactoryTestSupport
import Testing

@testable import FactoryForge

@Suite(.timeLimit(.minutes(5))) struct ReportIssueTests {
    @Test(arguments: ["installation", "person"])
    func `one issue is edited in place, with one comment a day`(kind: String) async throws {
        try await GitHubWorld.run(as: kind) { world in
            try await ReportIssue(world.sides().desk).update("Landed: #7 by @ada", day: "2026-11-24")
            try await ReportIssue(world.sides().desk).update("Landed: two", day: "2026-11-24")
            try Files.remove(world.memoryPath)
            try await world.fake.fault([
                "kind": "status", "status": 502, "when": "after", "method": "POST", "path": "/comments",
            ])
            try await ReportIssue(world.sides().desk).update("Landed: three", day: "2026-11-25")
            try Files.remove(world.memoryPath)
            try await ReportIssue(world.sides().desk).update("Landed: four", day: "2026-11-25")
            let issues = try await world.fake.read("/issues").array ?? []
            #expect(issues.count == 1 && issues[0]["title"]?.string == "Factory: morning report")
            #expect(issues[0]["body"]?.string?.hasSuffix("Landed: four") == true)
            let comments = try await world.comments()
            #expect(comments.count == 2 && comments[0].contains("#\u{200B}7 by @\u{200B}ada"))
        }
    }

    @Test func `an issue of somebody else with our mark is not ours`() async throws {
        try await GitHubWorld.run { world in
            let mark = Marker(0, entry: "report", .report).text
            try await world.fake.act("mallory", "open-issue", ["title": "x", "body": .string(mark)])
            try await ReportIssue(world.sides().desk).update("text", day: "2026-11-25")
            #expect(try await world.fake.read("/issues/2")["body"]?.string?.hasSuffix("text") == true)
        }
    }

    @Test func `a lost answer opens no second issue`() async throws {
        try await GitHubWorld.run { world in
            try await world.fake.fault([
                "kind": "status", "status": 502, "when": "after", "method": "POST", "path": "/issues$",
            ])
            try await ReportIssue(world.sides().desk).update("text", day: "2026-11-25")
            #expect(try await world.fake.read("/issues").array?.count == 1)
        }
    }
}
