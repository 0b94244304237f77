import FactoryCore
import FactoryTestSupport
import Synchronization
import Testing

@testable import FactoryForge

/// Answers in the order that the test gives, and keeps what was asked.
private final class Script: HTTPTransport {
    private let answers: Mutex<[Result<HTTPResponse, HTTPFailure>]>
    private let asked = Mutex<[HTTPRequest]>([])

    init(_ answers: [Result<HTTPResponse, HTTPFailure>]) { self.answers = Mutex(answers) }

    var requests: [HTTPRequest] { asked.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        asked.withLock { $0.append(request) }
        let next = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let next else { throw .notSent("the script is at its end") }
        return try next.get()
    }
}

/// A clock on which waiting takes no time.
private final class Hurried: WallClock {
    private let time = Mutex(Timestamp(seconds: 1_800_000_000))
    func now() -> Timestamp { time.withLock { $0 } }
    func minuteOfDay() -> Int { 0 }
    func sleep(seconds: Double) async { time.withLock { $0 = $0 + seconds } }
}

private func ok(_ body: String, _ headers: [String: String] = [:]) -> Result<HTTPResponse, HTTPFailure> {
    .success(HTTPResponse(200, headers: headers, body: body))
}

@Suite struct GitHubClientTests {
    private let clock = Hurried()

    private func client(
        _ script: Script, as identity: GitHubIdentity = .token("t"), at api: String = "http://127.0.0.1:1"
    ) throws -> GitHubClient {
        let place = try #require(GitHubPlace("o/r", api: api))
        return GitHubClient(place, as: identity, over: script, clock: clock, random: { 1 })
    }

    @Test func `every request says who asks, and in which version`() async throws {
        let script = Script([ok("{}")])
        _ = try await client(script).read("/repos/o/r", [("a b", "ü")])
        let request = try #require(script.requests.first)
        #expect(request.url == "http://127.0.0.1:1/repos/o/r?a%20b=%C3%BC")
        #expect(request.headers["Authorization"] == "Bearer t")
        #expect(request.headers["X-GitHub-Api-Version"] == "2026-03-10")
        #expect(request.headers["Accept"] == "application/vnd.github+json")
        #expect(request.headers["User-Agent"] == "factory")
    }

    @Test func `what has not changed costs nothing and is the same`() async throws {
        let script = Script([ok(#"{"x":1}"#, ["etag": "e1"]), .success(HTTPResponse(304))])
        let client = try client(script)
        let first = try await client.read("/a")
        let second = try await client.read("/a")
        #expect(first == second)
        #expect(script.requests[1].headers["If-None-Match"] == "e1")
        #expect(await client.tally == GitHubClient.Tally(sent: 2, unchanged: 1))
    }

    @Test func `a list is read to its end, and never from another host`() async throws {
        let next = { (url: String) in ["link": "<\(url)>; rel=\"next\", <http://127.0.0.1:1/z>; rel=\"last\""] }
        let script = Script([
            ok("[1]", next("http://127.0.0.1:1/l?page=2")), ok("[2]", next("http://evil.example/l?page=3")),
        ])
        #expect(try await client(script).readAll("/l") == [1, 2])
        #expect(script.requests.map(\.url) == ["http://127.0.0.1:1/l?per_page=100", "http://127.0.0.1:1/l?page=2"])
    }

    @Test func `a write whose answer is lost is not repeated when its effect is there`() async throws {
        let script = Script([.failure(.lost("cut"))])
        let made = try await client(script).write("POST", "/c", .object(["body": "x"])) { "there" }
        #expect(made == "there")
        #expect(script.requests.count == 1)
    }

    @Test func `a write whose effect is not there is repeated`() async throws {
        let script = Script([.success(HTTPResponse(502)), ok(#"{"id":7}"#)])
        let made = try await client(script).write("POST", "/c", .object(["body": "x"])) { nil }
        #expect(made["id"]?.int == 7)
    }

    @Test func `nobody looks for the effect of a request that was never sent`() async throws {
        let script = Script([.failure(.notSent("no route")), ok("{}")])
        _ = try await client(script).write("POST", "/c") { "must not be asked" }
        #expect(script.requests.count == 2)
    }

    @Test func `writes are a second apart`() async throws {
        let script = Script([ok("{}"), ok("{}")])
        let client = try client(script, at: "https://api.github.com")
        let before = clock.now()
        try await client.write("POST", "/c")
        try await client.write("POST", "/c")
        #expect(clock.now() - before == 1)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", 0.0), ("http://localhost/api/v3", 0), ("http://127.0.0.1.evil.example", 1),
        ("http://192.0.2.1", 1),
    ])
    func `only a server on this machine is not spared`(api: String, pace: Double) throws {
        #expect(try #require(GitHubPlace("o/r", api: api)).pace == pace)
    }

    @Test func `beyond a limit nothing is asked until it ends`() async throws {
        let script = Script([.success(HTTPResponse(429, headers: ["retry-after": "600"], body: "{}")), ok("{}")])
        let client = try client(script)
        await #expect(throws: GitHubError.limited(until: clock.now() + 600)) { try await client.read("/a") }
        await #expect(throws: GitHubError.self) { try await client.read("/b") }
        #expect(script.requests.count == 1)
        await clock.sleep(seconds: 601)
        _ = try await client.read("/b")
        #expect(script.requests.count == 2)
    }

    @Test func `an App asks for a token of its own, and for another before that ends`() async throws {
        let token = { (name: String, ends: Int64) in
            ok(#"{"token":"\#(name)","expires_at":"\#(Timestamp(seconds: ends).iso)"}"#)
        }
        let now = clock.now().seconds
        let script = Script([
            ok(#"{"id":5}"#), token("one", now + 3600), ok("{}"), ok("{}"), ok(#"{"id":5}"#),
            token("two", now + 7200), ok("{}"),
        ])
        let client = try await client(script, as: .app(id: "9", key: TestKey.pem))
        _ = try await client.read("/a")
        _ = try await client.read("/b")
        await clock.sleep(seconds: 3400)
        _ = try await client.read("/c")
        let used = script.requests.map { ($0.headers["Authorization"] ?? "").prefix(11) }
        #expect(used[2] == "Bearer one" && used[3] == "Bearer one" && used[6] == "Bearer two")
        #expect(used[0].hasPrefix("Bearer eyJ") && used[1].hasPrefix("Bearer eyJ"))
        #expect(script.requests[1].body?["repositories"]?.array == ["r"])
    }

    @Test func `a key that is none is said to be so`() {
        #expect(throws: GitHubError.self) { try AppSignature.token(app: "9", key: "nonsense", now: clock.now()) }
    }

    @Test func `a place is an owner and a name`() throws {
        #expect(GitHubPlace("o/r")?.git == "https://github.com/o/r.git")
        #expect(GitHubPlace("o/r", api: "https://h.example/api/v3/")?.git == "https://h.example/o/r.git")
        for bad in ["o", "o/r/x", "/r", "o/", "o/r?x"] { #expect(GitHubPlace(bad) == nil, "\(bad)") }
    }
}
