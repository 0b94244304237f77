import FactoryCore
import FactoryFiles
import FactoryProcess
import Testing

@testable import FactoryAgents

/// What is kept of an output while it comes, and after.
@Suite(.timeLimit(.minutes(1))) struct LiveLogTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let secret = ["gh", "p_", "q7Zk2TgXw9LmR4sVb8NyPc3HdFj6KaUe5WtY"].joined()

    init() throws {
        directory = try TemporaryDirectory("log")
        path = directory.path + "/deep/transcript.log"
    }

    private func captured(_ text: String, limit: Int) -> CapturedOutput {
        var output = CapturedOutput(limit: limit)
        output.append(Array(text.utf8))
        return output.mapped(Redaction().clean)
    }

    /// What the file holds once it begins as said.
    private func text(from path: String, beginning start: String) async throws -> String {
        while true {
            try Task.checkCancellation()
            if let text = try Files.text(path), text.hasPrefix(start) { return text }
            await Task.yield()
        }
    }

    @Test func `lines are in the file while the program runs, without credentials`() async throws {
        let log = LiveLog(at: path, limit: 1000, redaction: Redaction(values: ["KEY": "correct horse"]))
        log.take(Array("token \(secret)\nand correct hor".utf8))
        #expect(try await text(from: path, beginning: "token") == "token [redacted: a GitHub token]\n")
        log.take(Array("se\nlast".utf8))
        let printed = captured("token \(secret)\nand correct horse\nlast", limit: 1000)
        #expect(await log.finish(with: printed) == nil)
        #expect(try Files.text(path) == "token [redacted: a GitHub token]\nand [redacted: KEY]\nlast")
    }

    @Test func `a private key is held back until it is whole`() async throws {
        let begin = ["-----BEGIN ", "PRIVATE KEY-----"].joined()
        let end = ["-----END ", "PRIVATE KEY-----"].joined()
        let body = "q7Zk2TgXw9LmR4sVb8NyPc3HdFj6KaUe5WtYn1QxGv7BzMi0oSrElDhJpCuTfAkZ\n"
        let log = LiveLog(at: path, limit: 4000, redaction: Redaction())
        log.take(Array("one\n\(begin)\n\(body)".utf8))
        #expect(try await text(from: path, beginning: "one") == "one\n")
        log.take(Array("\(body)\(body)\(end)\ntwo\n".utf8))
        let all = "one\n\(begin)\n\(body)\(body)\(body)\(end)\ntwo\n"
        #expect(await log.finish(with: captured(all, limit: 4000)) == nil)
        #expect(try Files.text(path) == "one\n[redacted: a private key]\ntwo\n")
    }

    @Test func `a long output ends as head and tail`() async throws {
        let log = LiveLog(at: path, limit: 20, redaction: Redaction())
        let lines = (1...10).map { "line\($0)\n" }
        for line in lines { log.take(Array(line.utf8)) }
        #expect(await log.finish(with: captured(lines.joined(), limit: 20)) == nil)
        #expect(try Files.text(path) == "line1\n\n[… 49 bytes left out …]\nine10\n")
    }

    @Test func `nothing printed leaves no file, and a place that cannot be written is told`() async throws {
        let silent = LiveLog(at: path, limit: 20, redaction: Redaction())
        #expect(await silent.finish(with: CapturedOutput(limit: 20)) == nil)
        #expect(!Files.exists(path))
        try Files.write("a file", to: directory.path + "/deep")
        let broken = LiveLog(at: path, limit: 20, redaction: Redaction())
        broken.take(Array("text\n".utf8))
        #expect(await broken.finish(with: captured("text\n", limit: 20)) != nil)
    }

    @Test func `a session's credentials reach neither transcript, nor result, nor report`() async throws {
        let sessions = try Sessions()
        let value = "s3cret-and-long"
        let report = await sessions.run(
            .codeReviewer,
            """
            echo "using $API_KEY and \(secret)"
            printf '{"decision":"REQUEST_CHANGES","summary":"found %s","findings":[{"code":"x","severity":"major",\
            "message":"m"}],"criteria":[{"id":"D1","met":true,"evidence":"%s"},{"id":"D2","met":"human","evidence":"b"}]}' \
            "$API_KEY" "\(secret)" > "$FACTORY_RESULT"
            """, environment: standardEnvironment.merging(["API_KEY": value]) { $1 },
            change: { $0.setting.environment = ["API_KEY"] })
        #expect(report.verdict?.summary == "found [redacted: API_KEY]")
        #expect(report.verdict?.criteria.first?.evidence == "[redacted: a GitHub token]")
        #expect(report.tail == "using [redacted: API_KEY] and [redacted: a GitHub token]")
        for file in ["transcript.log", "out/result.json"] {
            let text = try #require(try Files.text("\(sessions.folder)/\(file)"))
            #expect(!text.contains(value) && !text.contains(secret) && text.contains("[redacted: API_KEY]"))
        }
        let check = await sessions.check(
            "echo $API_KEY; exit 1", passing: ["API_KEY"],
            environment: standardEnvironment.merging(["API_KEY": value]) { $1 })
        #expect(check.excerpt == "[redacted: API_KEY]")
        #expect(try Files.text("\(sessions.folder)/check.log") == "[redacted: API_KEY]\n")
    }
}
