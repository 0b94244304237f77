import FactoryCore
import FactoryFiles
import Testing

@Suite(.serialized) struct `Artifacts of checks` {
    private static func check(_ run: String, _ artifacts: String) -> String {
        "  - { name: test, run: '\(run)', artifacts: [\(artifacts)], env: [TORTURE] }"
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `what a check leaves is kept beside its log, whether it is green or red`(green: Bool) async throws {
        let run = """
            mkdir -p out/deep; echo 1 > out/a.xml; echo 22 > out/deep/b.xml; echo no > out/c.txt; \
            ln -s /etc/passwd out/link.xml; mkfifo out/pipe.xml; \(green ? "true" : "[ ! -e lib/1.txt ]")
            """
        let world = try await World.play(
            configuration: "retries: { implementation-ci: 0 }",
            checks: Self.check(run, "out/**/*.xml"))
        if green { try await world.expectLanding() } else { try await world.expectParking() }
        let folder = "artifacts/test/out"
        #expect(try world.left("\(folder)/a.xml", in: "implementation-ci-1") == "1\n")
        #expect(try world.left("\(folder)/deep/b.xml", in: "implementation-ci-1") == "22\n")
        let kept = try Files.list("\(world.home)/sessions/1/implementation-ci-1/\(folder)")
        #expect(kept == ["a.xml", "deep"])
        #expect(try world.left("test.log", in: "implementation-ci-1") == nil)
        let logs = try await world.factory("logs", "1", "--stage", "implementation-ci")
        let isFirst = logs.hasPrefix("==> implementation-ci-1/artifacts <==")
        #expect(isFirst == green && logs.contains("==> implementation-ci-1/artifacts <=="), "\(logs)")
        #expect(logs.contains("/\(folder)/a.xml  2 bytes\n") && logs.contains("/\(folder)/deep/b.xml  3 bytes\n"))
        let lines = try await world.factory("logs", "1", "--stage", "implementation-ci", "--json").split(
            separator: "\n")
        let sizes = try lines.compactMap { try JSON(parsing: Array($0.utf8))["bytes"]?.int }
        // What is red is asked once more, and what that leaves is kept as well.
        #expect(sizes == (green ? [2, 3] : [2, 3, 2, 3]))
        let again = try world.left("again/\(folder)/a.xml", in: "implementation-ci-1")
        #expect(again == (green ? nil : "1\n"))
        #expect(try await world.onMain("out/a.xml") == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func `more than the bounds is left out, and the log says so`() async throws {
        let run = """
            printf printed; for i in $(seq 1000 1104); do echo $i > r$i.txt; done; truncate -s 60M a.big; echo x > b.big
            """
        let world = try await World.play(checks: Self.check(run, "\"*.txt\", \"*.big\""))
        try await world.expectLanding()
        let folder = "\(world.home)/sessions/1/implementation-ci-1/artifacts/test"
        let kept = try Files.list(folder).filter { !Files.isDirectory("\(folder)/\($0)") }
        #expect(kept.contains("b.big") && !kept.contains("a.big"))
        let log = try #require(try world.left("test.log", in: "implementation-ci-1"))
        #expect(log.hasPrefix("printed\nfactory: "), "\(log)")
        #expect(log.contains("artifacts were left out; 100 files of "))
        #expect(log.contains("at most 100 files and 50 MiB"))
    }
}
