import FactoryCore
import FactoryFiles
import Testing

@Suite(.serialized) struct `Floods of output` {
    /// Ten megabytes as fast as they can be written: lines, one endless line, or no text at all.
    private static let floods = [
        "yes 'a line of noise' | head -c 10000000", "head -c 10000000 /dev/zero | tr '\\0' x",
        "head -c 10000000 /dev/urandom",
    ]

    @Test(.timeLimit(.minutes(1)), arguments: floods)
    func `an agent's is cut in the middle, and the work goes on`(flood: String) async throws {
        let world = try await World.play(["implementer": "echo first; \(flood); echo; echo last; implement; finish"])
        try await world.expectLanding()
        let path = "\(world.home)/sessions/1/implementation-1/transcript.log"
        let log = try Files.read(path)
        #expect(log.count < 4 << 20 + 200)
        #expect(log.starts(with: "first\n".utf8) && log.suffix(5).elementsEqual("last\n".utf8))
        #expect(String(decoding: log, as: UTF8.self).contains("bytes left out"))
    }

    @Test(.timeLimit(.minutes(1)), arguments: floods)
    func `a red check's is kept in its log, and only what tells goes to journal and prompt`(flood: String) async throws
    {
        let check =
            "echo 'error: early words'; if grep -q broken lib/1.txt; then \(flood); echo; echo 'the last words'; fi"
        let world = try await World.play(["implementer-1": "echo broken > lib/1.txt; finish", "check": check])
        try await world.expectLanding()
        let log = try Files.read("\(world.home)/sessions/1/implementation-ci-1/test.log")
        #expect(log.count > 10_000_000 && log.suffix(15).elementsEqual("the last words\n".utf8))
        let prompt = try world.prompt(.implementation, 2)
        #expect(prompt.contains("the last words") && prompt.contains("error: early words"))
        #expect(prompt.utf8.count < 100_000, "\(prompt.utf8.count)")
        let size = try await world.shell("git --git-dir='\(world.journal)' count-objects -v | sed -n 's/^size: //p'")
        #expect(try #require(Int(size.trimmed)) < 2000, "KiB of the journal")
    }
}
