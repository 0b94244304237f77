import FactoryCore
import FactoryFiles
import Testing

/// A line that spoils the configuration, and what is said about it.
struct Misprint: Sendable, CustomTestStringConvertible {
    let line: [UInt8]
    let place: String
    let words: String
    var testDescription: String { words }

    init(_ line: String, _ place: String, _ words: String) {
        self.init(bytes: Array(line.utf8), place, words)
    }

    init(bytes: [UInt8], _ place: String, _ words: String) {
        line = bytes
        self.place = place
        self.words = words
    }
}

@Suite(.serialized) struct `Configurations that cannot be used` {
    private static let good = Play.configuration("", checks: Play.checks, concurrency: 1)

    private static let misprints = [
        Misprint("concurency: 2", "1:1", "concurency: there is no such key; did you mean \"concurrency\"?"),
        Misprint("limits: { stage: soon }", "1:18", "limits.stage: \"soon\" is not a duration; write 45s, 20m, 2h"),
        Misprint("concurrency: 900", "1:14", "concurrency: \"900\" is out of range; write a number from 1 to 64"),
        Misprint("keep: [", "3:", "while parsing a flow sequence that starts in line 1"),
        Misprint(bytes: Array("keep: [".utf8) + [0xE9, 0x5D], "1:8", "byte 7 is no UTF-8"),
    ]

    /// On the hub the line reads it; in the checkout it is nobody's business yet.
    @Test(.timeLimit(.minutes(1)), arguments: misprints)
    func `run and doctor say path, line, column and remedy, and once mended it goes on`(misprint: Misprint) async throws
    {
        let world = try await World.play()
        let path = ".factory/config.yml"
        let rest = Self.good.replacing("concurrency: 1\n", with: "")
        try Files.write(misprint.line + Array("\n\(rest)".utf8), to: "\(world.app)/\(path)")
        try await world.git("commit", "-q", "-a", "-m", "Spoil the configuration")
        try await world.git("push", "-q", "factory", "main")
        for command in ["run", "doctor"] {
            try await world.expectRefusal(
                [command], "\(path):\(misprint.place)", misprint.words, "mend it, commit it",
                "`git push factory main`")
        }
        #expect(try world.starts() == [])
        #expect(try await world.pr(1).state == .queued)
        #expect(try await world.factory("status").contains("Play 1"))
        try world.place(Self.good, at: path)
        try await world.git("commit", "-q", "-a", "-m", "Mend it")
        try await world.git("push", "-q", "factory", "main")
        try await world.expectLanding()
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["[no-such-agent, -p]", "[/no/such/agent]", "[tools/agent]"])
    func `an agent's program that is missing is told before anything starts`(command: String) async throws {
        let world = try await World.play()
        let text = Self.good.replacing("[sh, tools/agent.sh]", with: command)
        try world.place(text, at: ".factory/config.yml")
        try await world.git("commit", "-q", "-a", "-m", "Another agent")
        try await world.git("push", "-q", "factory", "main")
        let program = String(command.dropFirst().prefix { $0 != "," && $0 != "]" })
        for command in ["run", "doctor"] {
            let said = try await world.expectRefusal([command], program)
            #expect(said.contains("install it") || said.contains("commit it and push it there"), "\(said)")
        }
        #expect(try await world.story(1).count == 1)
    }
}
