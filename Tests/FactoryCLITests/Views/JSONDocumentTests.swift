import FactoryCore
import FactoryFiles
import Testing

@testable import FactoryCLI

/// docs/json.md shows what the program prints, to the byte.
struct JSONDocumentTests {
    @Test(arguments: ["status", "show", "why", "report", "approve", "logs"])
    func `the example in the document is the program's own output`(command: String) throws {
        let example = try #require(try Self.example(of: command))
        #expect(example == (try Self.output(of: command)))
    }

    private static func output(of command: String) throws -> String {
        switch command {
        case "status": return try printed(StatusView(board: Board(.landed(), .guarded(), .waiting())).json)
        case "show":
            let tale = try Tale.guarded()
            return try printed(ShowView(pr: tale.pr, story: tale.story, time: morning).json)
        case "why":
            let log = "/srv/factory/sessions/41/code-review-3/transcript.log"
            return try printed(WhyView(.returned(), logs: [log]).json)
        case "report": return try printed(Morning.ofTheNight().json)
        case "approve":
            let before = try Tale.guarded()
            var after = before
            let event = Event.approved(
                overrides: ["protected-path", "diff-size"], head: before.pr.withheld ?? before.pr.head)
            try after.add(event)
            return try printed(DecisionView(before: before.pr, after: after.pr, event: event, by: "Ann").json)
        default:
            return SessionLog(
                number: PRNumber(41), session: "code-review-3", file: "transcript.log",
                path: "/srv/factory/sessions/41/code-review-3/transcript.log",
                bytes: Array("reading the change\nwriting the verdict\n".utf8)
            ).json.text() + "\n"
        }
    }

    /// The first fenced block behind the heading of a command.
    private static func example(of command: String) throws -> String? {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let lines = (try Files.text("/\(root)/docs/json.md") ?? "").split(
            separator: "\n", omittingEmptySubsequences: false)
        let section = lines.drop { $0 != "## \(command)" && !$0.hasPrefix("## \(command),") }
        let block = section.drop { $0 != "```json" }.dropFirst().prefix { $0 != "```" }
        return block.isEmpty ? nil : block.joined(separator: "\n") + "\n"
    }
}
