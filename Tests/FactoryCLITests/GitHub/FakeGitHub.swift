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
        let permissions: JSON = .object([
            "contents": "write", "checks": "write", "statuses": "write", "actions": "write", "pull_requests": "write",
            "issues": "write", "metadata": "read",
        ])
        let made = try await control(
            "token", .object(["kind": "installation", "slug": "factory", "permissions": permissions]))
        return made["token"]?.string ?? ""
    }

    /// Lays faults down, a rule each.
    func faults(_ rules: JSONObject...) async throws {
        try await control("faults", .object(["rules": .array(rules.map { .object($0) })]))
    }

    /// The pull requests, by branch.
    func pulls() async throws -> [String: Pull] {
        let state = try await control("state")
        var pulls: [String: Pull] = [:]
        for member in state["issues"]?.object?.members ?? [] where member.value["pull"]?.object != nil {
            let pull = Pull(member.value, state["comments"]?.array ?? [])
            #expect(pulls[pull.branch] == nil, "two pull requests of \(pull.branch)")
            pulls[pull.branch] = pull
        }
        return pulls
    }

    /// A pull request as it stands there.
    struct Pull {
        let number: Int
        let branch: String
        let isOpen: Bool
        let isMerged: Bool
        let labels: [String]
        /// Of everybody, oldest first.
        let comments: [String]
        /// Who wrote each.
        let authors: [String]
        /// The marks of the line's comments and reviews.
        let marks: [String]

        init(_ issue: JSON, _ said: [JSON]) {
            number = issue["number"]?.int ?? 0
            branch = issue["pull"]?["head"]?.string ?? ""
            isOpen = issue["state"]?.string == "open"
            isMerged = issue["pull"]?["merged_at"]?.isNull == false
            labels = issue["labels"]?.array?.compactMap(\.string) ?? []
            let mine = said.filter { [number = issue["number"]?.int] in $0["number"]?.int == number }
            comments = mine.compactMap { $0["body"]?.string }
            authors = mine.compactMap { $0["user"]?.string }
            let reviews = issue["pull"]?["reviews"]?.array?.compactMap { $0["body"]?.string } ?? []
            marks = (comments + reviews).compactMap { text in
                text.hasPrefix("<!-- factory:") ? text.split(separator: "\n").first.map(String.init) : nil
            }
        }
    }

    /// Requests of the REST API that GitHub counts.
    func counted() async throws -> Int {
        let counts = try await control("counts")
        let git = (counts["operations"]?.object?.members ?? []).filter { $0.key.hasPrefix("git-") }
        return (counts["total"]?.int ?? 0) - (counts["free"]?.int ?? 0) - git.reduce(0) { $0 + ($1.value.int ?? 0) }
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

    /// Ends it.
    func end() async {
        await transport.end()
        life.cancel()
        await life.value
    }
}
