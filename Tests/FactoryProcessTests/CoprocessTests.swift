import FactoryCore
import FactoryFiles
import Testing

@testable import FactoryProcess

@Suite(.timeLimit(.minutes(1))) struct CoprocessTests {
    private func start(_ script: String) throws -> Coprocess {
        let command = Command(
            "sh", ["-c", script], environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], directory: "/",
            limits: ProcessLimits(grace: 0.1), marker: "coprocess-test")
        return try Coprocess(command, by: ProcessRunner())
    }

    @Test func `lines are answered one by one, long ones too`() async throws {
        let echo = try start("while read -r line <&3; do printf 'you said %s\\n' \"$line\" >&3; done")
        for text in ["one", String(repeating: "x", count: 300_000)] {
            let answer = try await echo.ask(Array(text.utf8), seconds: 30)
            #expect(String(decoding: answer, as: UTF8.self) == "you said \(text)")
        }
        await echo.end()
    }

    @Test func `many who ask at once each get their own answer`() async throws {
        let echo = try start("while read -r line <&3; do printf '%s\\n' \"$line\" >&3; done")
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask { try await echo.ask(Array("\(number)".utf8), seconds: 30) == Array("\(number)".utf8) }
            }
            for try await isOwn in group { #expect(isOwn) }
        }
        await echo.end()
    }

    @Test func `a program that ends gives no answer, and says so`() async throws {
        let brief = try start("read -r line <&3; exit 3")
        await #expect(throws: Coprocess.Silence.self) { try await brief.ask(Array("x".utf8), seconds: 30) }
        await #expect(throws: Coprocess.Silence.notAsked("the program has ended")) {
            try await brief.ask(Array("y".utf8), seconds: 30)
        }
    }

    @Test func `a program that keeps silent is given up, and later words are nobody's answer`() async throws {
        let slow = try start("read -r line <&3; sleep 30; echo late >&3")
        await #expect(throws: Coprocess.Silence.notAnswered("no answer came in time")) {
            try await slow.ask(Array("x".utf8), seconds: 0.2)
        }
        await #expect(throws: Coprocess.Silence.self) { try await slow.ask(Array("y".utf8), seconds: 0.2) }
        await slow.end()
    }

    @Test func `a program that is not there gives no answer`() async throws {
        let none = try Coprocess(
            Command("no-such-program", environment: [:], directory: "/", marker: "coprocess-test"),
            by: ProcessRunner())
        await #expect(throws: Coprocess.Silence.self) { try await none.ask(Array("x".utf8), seconds: 30) }
    }
}
