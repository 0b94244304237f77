import FactoryCore
import FactoryFiles
import Testing

@Suite(.serialized) struct `Logs of commands` {
    @Test(.timeLimit(.minutes(1)))
    func `a check may be called like a step of the line, and no log takes another's place`() async throws {
        let checks = ["setup-1", "setup", "caches-setup-1", "1"].map { "  - { name: \($0), run: 'echo check \($0)' }" }
        let world = try await World.play(
            files: [".gitignore": "cache/\n"],
            configuration: "setup: [{ run: echo step one }, { run: echo step two }]\nkeep: [cache]",
            checks: checks.joined(separator: "\n"))
        try await world.expectLanding()
        for name in ["setup-1", "setup", "caches-setup-1", "1"] {
            #expect(try world.left("\(name).log", in: "implementation-ci-1") == "check \(name)\n")
            #expect(try log("caches/\(name).log", world) == "check \(name)\n")
        }
        for (number, word) in [(1, "one"), (2, "two")] {
            #expect(try world.left("setup/\(number).log", in: "implementation-ci-1") == "step \(word)\n")
            #expect(try log("caches/setup/\(number).log", world) == "step \(word)\n")
        }
        let logs = try await world.factory("logs", "1", "--stage", "implementation-ci")
        #expect(logs.hasPrefix("==> implementation-ci-1/setup/1.log <==\nstep one\n"), "\(logs)")
        #expect(logs.contains("==> implementation-ci-1/setup-1.log <==\ncheck setup-1"))
    }

    /// A log of the first look at the main branch, which fills the caches.
    private func log(_ name: String, _ world: World) throws -> String? {
        try Files.text("\(world.home)/sessions/main/probe-1/\(name)")
    }
}
