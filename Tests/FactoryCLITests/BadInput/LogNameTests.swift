import FactoryCore
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
            #expect(try world.left("caches/\(name).log", in: "plan-1") == "check \(name)\n")
        }
        for place in ["setup", "caches/setup"] {
            let session = place == "setup" ? "implementation-ci-1" : "plan-1"
            #expect(try world.left("\(place)/1.log", in: session) == "step one\n")
            #expect(try world.left("\(place)/2.log", in: session) == "step two\n")
        }
        let logs = try await world.factory("logs", "1", "--stage", "implementation-ci")
        #expect(logs.hasPrefix("==> implementation-ci-1/setup/1.log <==\nstep one\n"), "\(logs)")
        #expect(logs.contains("==> implementation-ci-1/setup-1.log <==\ncheck setup-1"))
        #expect(try await world.factory("logs", "1", "--stage", "plan").contains("==> plan-1/caches/setup/2.log <=="))
    }
}
