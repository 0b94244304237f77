import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryProcess
import Synchronization
import Testing

/// The GitHub for tests, running beside the test; see Tests/github/README.md.
final class FakeGitHub: Sendable {
    private let facts: JSON
    private let life: Task<Void, Never>
    private let transport: HTTPProgram

    var api: String { facts["api"]?.string ?? "" }
    /// Where git clones from.
    var git: String { facts["git"]?.string ?? "" }
    /// The bare repository, for a look by git itself.
    var path: String { facts["path"]?.string ?? "" }
    var repository: String { facts["repository"]?.string ?? "" }

    /// The token of a person: ada (admin), ben (write), cleo (triage), dora (read), mallory (a stranger).
    func token(of person: String) -> String { facts["tokens"]?[person]?.string ?? "" }

    init() async throws {
        let script = Array(#filePath.split(separator: "/").dropLast(3)).reduce("") { "\($0)/\($1)" }
        let runner = try ProcessRunner()
        let lines = AsyncStream<[UInt8]>.makeStream()
        // Its input stays open until the task is cancelled.
        life = Task {
            _ = try? await runner.run(
                Command(
                    "sh", ["-c", "sleep 3600 | python3 '\(script)/github/fake_github.py'"],
                    environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"], directory: "/",
                    capture: .apart, limits: ProcessLimits(grace: 0.1), marker: "fake-github"),
                onOutput: { lines.continuation.yield(Array($0.bytes)) })
            lines.continuation.finish()
        }
        var first: [UInt8] = []
        for await chunk in lines.stream {
            first += chunk
            if first.contains(UInt8(ascii: "\n")) { break }
        }
        facts = try JSON(parsing: first.prefix { $0 != UInt8(ascii: "\n") })
        transport = HTTPProgram(
            Paths.parent(of: World.program) + "/factory-http", by: runner, environment: [:])
    }

    deinit { life.cancel() }

    /// Asks the control interface; a body makes it a POST.
    @discardableResult
    func control(_ what: String, _ body: JSON? = nil) async throws -> JSON {
        let request = HTTPRequest(body == nil ? "GET" : "POST", "\(api)/_control/\(what)", body: body)
        let response = try await transport.send(request)
        guard response.status == 200 else { throw Failure("\(what): \(response.status) \(response.body)") }
        return response.body.isEmpty ? .null : try JSON(parsing: response.body)
    }

    /// A token of the App `factory`, with every permission that it needs.
    func appToken() async throws -> String {
        try await control("token", .object(["kind": "installation", "slug": "factory"]))["token"]?.string ?? ""
    }

    /// Lets a person do something.
    @discardableResult
    func act(_ person: String, _ what: String, _ more: JSONObject = JSONObject()) async throws -> JSON {
        try await control(
            "act", .object(JSONObject(dictionaryLiteral: ("as", .string(person)), ("do", .string(what))).merging(more)))
    }

    /// Nothing that was asked or answered is against GitHub's own description of its API.
    func expectNoFindings(_ place: SourceLocation = #_sourceLocation) async throws {
        let findings = try await control("findings")["findings"]?.array ?? [.null]
        #expect(findings.isEmpty, "\(findings.map { $0.text() }.joined(separator: "\n"))", sourceLocation: place)
    }

    /// Requests of the REST API that count, and the whole tally.
    func counts() async throws -> JSON { try await control("counts") }

    /// Ends it.
    func end() async {
        await transport.end()
        life.cancel()
        await life.value
    }
}
