import FactoryCore
import FactoryFiles
import FactoryProcess
import Testing

@testable import FactoryForge

/// The GitHub for tests, as a process of its own, and the real transport to it.
final class FakeGitHub: Sendable {
    let api: String
    let git: String
    let tokens: [String: String]
    let http: HTTPProgram
    private let process: Coprocess

    /// The programs stand beside the tests, the fake in the repository.
    private static let transport: String = {
        Paths.parent(of: (try? Paths.resolve("/proc/self/exe")) ?? "") + "/factory-http"
    }()
    private static let script: String = {
        let tests = (0..<4).reduce(#filePath) { path, _ in Paths.parent(of: path) }
        return tests + "/github/fake_github.py"
    }()

    init(_ runner: ProcessRunner) async throws {
        // What it says and hears goes over the socket that the process finds as descriptor 3.
        process = try Coprocess(
            Command(
                "/bin/sh", ["-c", "exec python3 \"$0\" <&3 >&3 3>&-", Self.script],
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"], directory: "/",
                limits: ProcessLimits(outputBytes: 64 << 10, grace: 2), marker: "fake-github"), by: runner)
        let told = try JSON(parsing: try await process.ask([], seconds: 60))
        api = try #require(told["api"]?.string)
        git = try #require(told["git"]?.string)
        var tokens: [String: String] = [:]
        for member in told["tokens"]?.object?.members ?? [] { tokens[member.key] = member.value.string }
        self.tokens = tokens
        http = HTTPProgram(Self.transport, by: runner, environment: ["PATH": "/usr/bin:/bin"])
    }

    func end() async {
        await http.end()
        await process.end()
    }

    // MARK: Control

    /// Asks the fake itself.
    @discardableResult
    func control(_ path: String, _ body: JSON? = nil) async throws -> JSON {
        let request = HTTPRequest(body == nil ? "GET" : "POST", api + "/_control/" + path, body: body)
        let answer = try await http.send(request)
        let json = try JSON(parsing: answer.body)
        guard answer.status == 200 else { throw Refused(words: "\(path): \(json["message"]?.string ?? answer.body)") }
        return json
    }

    struct Refused: Error { let words: String }

    /// Lets a person do something.
    @discardableResult
    func act(_ login: String, _ what: String, _ more: JSONObject = [:]) async throws -> JSON {
        try await control("act", .object((["as": .string(login), "do": .string(what)] as JSONObject).merging(more)))
    }

    func fault(_ rule: JSONObject) async throws { try await control("faults", .object(rule)) }

    /// What the fake has found wrong with the requests and with itself.
    func findings() async throws -> [String] {
        (try await control("findings")["findings"]?.array ?? []).map { $0.text() }
    }

    /// How many requests were counted for the operation; all without one.
    func count(_ operation: String? = nil) async throws -> Int {
        let counts = try await control("counts")
        guard let operation else { return (counts["total"]?.int ?? 0) - (counts["free"]?.int ?? 0) }
        return counts["operations"]?[operation]?.int ?? 0
    }

    /// Reads as a person, without the line's client.
    func read(_ path: String, as login: String = "ada") async throws -> JSON {
        let headers = [
            "Authorization": "Bearer \(tokens[login] ?? "")", "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2026-03-10", "User-Agent": "tests",
        ]
        let answer = try await http.send(HTTPRequest("GET", api + "/repos/acme/widgets" + path, headers: headers))
        return try JSON(parsing: answer.body)
    }
}
