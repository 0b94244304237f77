import FactoryCore
import FactoryFiles
import FactoryProcess
import Glibc
import Testing

extension World {
    /// Where the scripts stand that play models and programs.
    static let scripts = repository + "/Tests/agents"
    static let repository = Array(#filePath.split(separator: "/").dropLast(4)).reduce("") { "\($0)/\($1)" }

    /// A small repository with one spec, worked by an agent of this setting.
    static func known(
        _ setting: String, profiles: String = "version: 1\n", extra: String = ""
    ) async throws -> World {
        let memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil
        let world = try World(in: TemporaryDirectory("factory-known", in: memory))
        try world.place("empty\n", at: "lib/shared.txt")
        let configuration = knownConfiguration(
            setting, check: "test -e lib/shared.txt", sandbox: "{ kind: none }", extra: extra)
        try await world.found(configuration, profiles)
        try world.place(Play.spec(1).text, at: Play.path(1))
        try await world.factory("submit", Play.path(1))
        return world
    }

    /// The ledger with the first of its specs, worked by a program that is installed and reaches the model at a port of
    /// this machine through the sandbox's proxy, and nothing else.
    static func ledger(_ program: KnownProgram, port: Int, extra: String = "") async throws -> World {
        let world = try World(in: TemporaryDirectory("factory-ledger"))
        let copied = try await world.ask("cp", ["-a", "\(repository)/Examples/ledger", world.app], in: world.base.path)
        guard copied.code == 0 else { throw Failure(copied.errors) }
        let read = program.places.map { "\"\($0)\"" }.joined(separator: ", ")
        let sandbox = "{ hosts: [\"127.0.0.1:\(port)\"], read: [\(read)] }"
        let configuration = knownConfiguration(
            program.setting, check: "python3 -B -m unittest -q", sandbox: sandbox, extra: extra)
        try await world.found(configuration, program.profiles(port: port))
        let spec = "specs/0001-amounts-with-thousands-separators.md"
        try world.place(try Files.text("\(repository)/Examples/\(spec)") ?? "", at: spec)
        try await world.factory("submit", spec)
        return world
    }

    private static func knownConfiguration(
        _ setting: String, check: String, sandbox: String, extra: String
    ) -> String {
        """
        version: 1
        agents:
          default: \(setting)
        checks: [{ name: test, run: "\(check)" }]
        sandbox: \(sandbox)
        \(extra)

        """
    }

    /// Like `found`, with profiles of the repository's own.
    private func found(_ configuration: String, _ profiles: String) async throws {
        try place(profiles, at: ".factory/agents.yml")
        try await found(configuration)
    }

    /// What the last session of a PR came to.
    func lastOutcome(_ number: Int = 1) async throws -> Outcome? {
        let bodies = try await git("log", "--first-parent", "--format=%b%x00", "refs/factory/pr/\(number)", in: journal)
        for body in bodies.split(separator: "\0") {
            guard let record = try? Record(parsing: Array(body.utf8)) else { continue }
            if case .finished(let finish) = record.entry.event { return finish.outcome }
        }
        return nil
    }
}
