import FactoryCore
import FactoryFiles
import Glibc
import Testing

extension World {
    /// A world whose clone is an empty directory.
    static func ground() throws -> World {
        let memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil
        let world = try World(in: TemporaryDirectory("factory-bad", in: memory))
        try Files.makeDirectory(world.app)
        return world
    }

    /// A world whose clone is a repository with one commit, and has no factory.
    static func repository(_ options: [String] = []) async throws -> World {
        let world = try ground()
        let made = try await world.ask("git", ["init", "-q", "-b", "main"] + options)
        guard made.code == 0 else { throw Failure(made.errors) }
        try await world.identify()
        try world.place("hello\n", at: "lib/hello.txt")
        try await world.git("add", "-A")
        try await world.git("commit", "-q", "-m", "A repository")
        return world
    }

    func identify() async throws {
        try await git("config", "user.name", "Ada Example")
        try await git("config", "user.email", "ada@example.invalid")
    }

    /// Runs a shell line in the clone, or elsewhere, that must succeed.
    @discardableResult
    func shell(_ line: String, in directory: String? = nil) async throws -> String {
        let answer = try await ask("sh", ["-c", "set -e\n" + line], in: directory)
        guard answer.code == 0 else { throw Failure("\(line): \(answer.errors)") }
        return answer.output
    }

    /// Expects a command of ours to fail with one clear complaint that has these words. Gives the complaint.
    @discardableResult
    func expectRefusal(
        _ words: [String], _ parts: String..., code: Int32 = 1, place: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let answer = try await ask(Self.program, words)
        #expect(answer.code == code, "\(words): \(answer.output)\(answer.errors)", sourceLocation: place)
        let said = words == ["doctor"] || words.first == "spec" ? answer.output : answer.errors
        for part in parts { #expect(said.contains(part), "\(words): \(said)", sourceLocation: place) }
        #expect(!answer.errors.contains("Fatal error"), sourceLocation: place)
        return said
    }

    /// The spec of a play in the clone, submitted.
    func submitPlay(_ number: Int = 1) async throws {
        let spec = Play.spec(number)
        try place(spec.text, at: spec.path)
        try await factory("submit", spec.path)
    }

    /// What was saved of a session, by path.
    func saved(_ path: String, of session: String = "implementation-1", number: Int = 1) async throws -> String? {
        let answer = try await ask("git", ["show", "refs/factory/rescue/\(number)/\(session):\(path)"], in: journal)
        return answer.code == 0 ? answer.output : nil
    }
}
