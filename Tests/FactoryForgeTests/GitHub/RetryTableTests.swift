import FactoryCore
import FactoryTestSupport
import Testing

@testable import FactoryForge

/// Each row of the table, read and write.
@Suite struct RetryTableTests {
    private let now = Timestamp(seconds: 1_000_000)

    private func step(
        _ answer: Result<HTTPResponse, HTTPFailure>, write: Bool = false, number: Int = 0, newToken: Bool = false
    ) -> RetryTable.Step {
        RetryTable.step(
            answer, to: "it",
            RetryTable.Try(isWrite: write, number: number, hasNewToken: newToken, jitter: 1), now: now)
    }

    private func response(_ status: Int, _ headers: [String: String] = [:], _ body: String = "{}") -> Result<
        HTTPResponse, HTTPFailure
    > { .success(HTTPResponse(status, headers: headers, body: body)) }

    @Test func `an answer that was lost is asked for again, a read at once`() {
        #expect(step(.failure(.lost("cut"))) == .again(after: 0))
        #expect(step(.failure(.lost("cut")), write: true) == .again(after: 1))
        #expect(step(.failure(.lost("cut")), write: true, number: 3) == .again(after: 8))
    }

    @Test(arguments: [500, 502, 503, 504]) func `a server's error is borne a few times`(status: Int) {
        #expect(step(response(status), write: true, number: 1) == .again(after: 2))
        #expect(step(response(status, ["retry-after": "7"]), write: true) == .again(after: 7))
        let end = step(response(status), number: RetryTable.tries - 1)
        #expect(end == .fail(.unreachable("it was answered with \(status)")))
    }

    @Test func `a page where JSON should be is a server's error`() {
        #expect(step(response(200, [:], "<html>"), write: true) == .again(after: 1))
        #expect(step(response(204, [:], "")) == .done)
    }

    @Test(arguments: [403, 429]) func `a limit that says how long is waited for`(status: Int) {
        #expect(step(response(status, ["retry-after": "30"])) == .again(after: 30))
        #expect(step(response(status, ["retry-after": "600"])) == .fail(.limited(until: now + 600)))
        let reset = ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000010"]
        #expect(step(response(status, reset)) == .again(after: 13))
    }

    @Test func `a limit without a time is a minute, and then two`() {
        let body = #"{"message":"You have exceeded a secondary rate limit."}"#
        #expect(step(response(403, [:], body)) == .again(after: 60))
        #expect(step(response(429), number: 1) == .fail(.limited(until: now + 120)))
    }

    @Test func `a missing permission is final and named`() {
        let answer = response(
            403, ["x-accepted-github-permissions": "checks=write"],
            #"{"message":"Resource not accessible by integration"}"#)
        #expect(step(answer, write: true) == .fail(.forbidden("it", missing: "checks=write")))
    }

    @Test func `a token is renewed once`() {
        #expect(step(response(401)) == .newToken)
        guard case .fail(.unauthenticated) = step(response(401), newToken: true) else {
            Issue.record("a second 401 is final")
            return
        }
    }

    @Test func `the rest is final`() {
        #expect(step(response(304)) == .cached)
        #expect(step(response(404)) == .fail(.notFound("it")))
        let moved: JSON = .object(["message": "moved"])
        #expect(step(response(409, [:], moved.text()), write: true) == .fail(.conflict("it: moved", answer: moved)))
        let body = #"{"message":"Validation Failed","errors":["x",{"message":"y"},{"code":"z"}]}"#
        let refused = GitHubError.refused("it", status: 422, message: "Validation Failed; x; y; z")
        #expect(step(response(422, [:], body), write: true) == .fail(refused))
    }
}
