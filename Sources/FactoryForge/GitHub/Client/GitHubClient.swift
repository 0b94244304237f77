package import FactoryCore

/// Speaks with the REST API of GitHub, version 2026-03-10: one request at a time, by the rules of `RetryTable`.
///
/// Requests that change something are at least a second apart, as GitHub wants it. What was read before is asked for with its `ETag`, which
/// GitHub does not count.
package actor GitHubClient {
    /// How many requests were sent, and how many of them were free.
    package struct Tally: Hashable, Sendable {
        package var sent = 0
        package var unchanged = 0
        package var counted: Int { sent - unchanged }
    }

    private struct Copy {
        let tag: String
        let body: JSON
        let next: String?
    }

    /// An answer, and where the next page is.
    struct Page {
        let body: JSON
        let next: String?
    }

    private static let version = "2026-03-10"
    private static let copiesKept = 1000

    package nonisolated let place: GitHubPlace
    private let identity: GitHubIdentity
    private let transport: any HTTPTransport
    private let clock: any WallClock
    private let random: @Sendable () -> Double
    package private(set) var tally = Tally()
    /// The account that an App acts as; nil for another identity, and before the first request.
    package private(set) var appLogin: String?
    /// The permissions of an App on this repository, by name; nil for another identity, and before the first request.
    package private(set) var granted: [String: String]?
    /// Seconds by which this machine's clock is ahead of GitHub's; nil before the first answer.
    package private(set) var skew: Double?
    private var copies: [String: Copy] = [:]
    private var installation: (token: String, ends: Timestamp)?
    private var lastWrite: Timestamp?
    private var limitedUntil: Timestamp?
    private var isBusy = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    package init(
        _ place: GitHubPlace, as identity: GitHubIdentity, over transport: any HTTPTransport, clock: any WallClock,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.place = place
        self.identity = identity
        self.transport = transport
        self.clock = clock
        self.random = random
    }

    /// Whether an App speaks, which may write check runs. Tokens of installations start with `ghs_`.
    package nonisolated var isApp: Bool {
        switch identity {
        case .app: true
        case .token(let token): token.hasPrefix("ghs_")
        }
    }

    /// Reads what stands at a path of the API, such as `/repos/o/n/pulls/7`.
    package func read(_ path: String, _ query: [(String, String)] = []) async throws(GitHubError) -> JSON {
        try await page(place.api + path + PercentCoding.query(query)).body
    }

    /// Reads a list to its end, or to so many pages. `member` names the list where it is not the whole answer.
    package func readAll(
        _ path: String, _ query: [(String, String)] = [], member: String? = nil, pages: Int = 50
    ) async throws(GitHubError) -> [JSON] {
        var all: [JSON] = []
        var url: String? = place.api + path + PercentCoding.query(query + [("per_page", "100")])
        for _ in 0..<pages {
            guard let now = url else { break }
            let page = try await page(now)
            let list = member.map { page.body[$0] ?? .null } ?? page.body
            guard let items = list.array else { throw .unexpected("GET \(path)", "there is no list in it") }
            all += items
            // Never to another host, whatever the answer says: the token goes along.
            url = page.next.flatMap { $0.hasPrefix(place.api + "/") ? $0 : nil }
        }
        return all
    }

    /// Changes something. When the answer is lost, `effect` looks whether it is there already, and gives what the answer
    /// would have been; only if it gives nil the request is sent again.
    @discardableResult
    package func write(
        _ method: String, _ path: String, _ body: JSON? = nil,
        effect: () async throws(GitHubError) -> JSON? = { () throws(GitHubError) in nil }
    ) async throws(GitHubError) -> JSON {
        let what = "\(method) \(path)"
        var attempt = RetryTable.Try(isWrite: true, number: 0, jitter: 0)
        while true {
            let answer = try await sendInTurn(HTTPRequest(method, place.api + path, body: body))
            attempt.jitter = random()
            switch RetryTable.step(answer, to: what, attempt, now: clock.now()) {
            case .done: return try Self.parse(answer, what)
            case .cached: throw .unexpected(what, "304 for a write")
            case .newToken: try await renew(&attempt)
            case .again(let seconds):
                await clock.sleep(seconds: seconds)
                if answer.isUncertain, let there = try await effect() { return there }
                attempt.number += 1
            case .fail(let error): throw note(error)
            }
        }
    }

    /// One page, from GitHub or, if that says so, from what was read before.
    private func page(_ url: String) async throws(GitHubError) -> Page {
        let what = "GET \(url.dropFirst(place.api.count))"
        var attempt = RetryTable.Try(isWrite: false, number: 0, jitter: 0)
        while true {
            var request = HTTPRequest("GET", url)
            if let copy = copies[url] { request.headers["If-None-Match"] = copy.tag }
            let answer = try await sendInTurn(request)
            attempt.jitter = random()
            switch RetryTable.step(answer, to: what, attempt, now: clock.now()) {
            case .done: return keep(try Self.parse(answer, what), answer, url)
            case .cached:
                tally.unchanged += 1
                guard let copy = copies[url] else { throw .unexpected(what, "304 without a copy") }
                return Page(body: copy.body, next: copy.next)
            case .newToken: try await renew(&attempt)
            case .again(let seconds):
                await clock.sleep(seconds: seconds)
                attempt.number += 1
            case .fail(let error): throw note(error)
            }
        }
    }

    private func keep(_ body: JSON, _ answer: Result<HTTPResponse, HTTPFailure>, _ url: String) -> Page {
        let headers = (try? answer.get())?.headers ?? [:]
        let next = headers["link"].flatMap(Self.next)
        if copies.count >= Self.copiesKept { copies = [:] }
        copies[url] = headers["etag"].map { Copy(tag: $0, body: body, next: next) }
        return Page(body: body, next: next)
    }

    /// The address with `rel="next"` of a `Link` header (RFC 8288).
    static func next(in link: String) -> String? {
        link.split(separator: ",").first { $0.contains("rel=\"next\"") }
            .flatMap { $0.firstMatch(of: /<([^>]*)>/) }.map { String($0.1) }
    }

    private static func parse(
        _ answer: Result<HTTPResponse, HTTPFailure>, _ what: String
    ) throws(GitHubError) -> JSON {
        guard case .success(let response) = answer, !response.body.isEmpty else { return .null }
        do { return try JSON(parsing: response.body) } catch { throw .unexpected(what, "\(error)") }
    }

    private func note(_ error: GitHubError) -> GitHubError {
        if case .limited(let until) = error { limitedUntil = until }
        return error
    }

    // MARK: One at a time

    /// Waits until a write may be sent at once. What is read after that is as new as it can be when one writes.
    func awaitTurn() async {
        guard let lastWrite else { return }
        let wait = place.pace - (clock.now() - lastWrite)
        if wait > 0 { await clock.sleep(seconds: wait) }
    }

    /// Waits for its turn, then sends with the token.
    private func sendInTurn(_ request: HTTPRequest) async throws(GitHubError) -> Result<HTTPResponse, HTTPFailure> {
        await enter()
        defer { leave() }
        if let until = limitedUntil {
            guard until <= clock.now() else { throw .limited(until: until) }
            limitedUntil = nil
        }
        let token = try await token()
        let isWrite = request.method != "GET"
        if isWrite { await awaitTurn() }
        defer { if isWrite { lastWrite = clock.now() } }
        let answer = await send(request, token)
        if let date = (try? answer.get())?.headers["date"].flatMap({ HTTPDate.time($0) }) { skew = clock.now() - date }
        return answer
    }

    private func send(_ request: HTTPRequest, _ token: String) async -> Result<HTTPResponse, HTTPFailure> {
        var request = request
        request.headers["Accept"] = "application/vnd.github+json"
        request.headers["X-GitHub-Api-Version"] = Self.version
        request.headers["User-Agent"] = "factory"
        request.headers["Authorization"] = "Bearer \(token)"
        if request.body != nil { request.headers["Content-Type"] = "application/json" }
        tally.sent += 1
        do throws(HTTPFailure) { return .success(try await transport.send(request)) } catch { return .failure(error) }
    }

    private func enter() async {
        guard isBusy else { return isBusy = true }
        await withCheckedContinuation { queue.append($0) }
    }

    private func leave() {
        if queue.isEmpty { isBusy = false } else { queue.removeFirst().resume() }
    }

    // MARK: Tokens

    /// A token that is good for some minutes yet, for git as well.
    package func currentToken() async throws(GitHubError) -> String {
        await enter()
        defer { leave() }
        return try await token()
    }

    private func token() async throws(GitHubError) -> String {
        switch identity {
        case .token(let token): return token
        case .app(let id, let key):
            if let installation, installation.ends - clock.now() > 300 { return installation.token }
            let new = try await mint(app: id, key: key)
            installation = new
            return new.token
        }
    }

    private func renew(_ attempt: inout RetryTable.Try) async throws(GitHubError) {
        attempt.hasNewToken = true
        installation = nil
    }

    /// An installation token for this repository alone: asked for by the App's own word.
    private func mint(app: String, key: String) async throws(GitHubError) -> (token: String, ends: Timestamp) {
        let found = try await ask(HTTPRequest("GET", place.api + place.path + "/installation"), app, key)
        guard let id = found["id"]?.int else { throw .unexpected("GET /installation", "there is no id in it") }
        appLogin = found["app_slug"]?.string.map { $0 + "[bot]" }
        let made = try await ask(
            HTTPRequest(
                "POST", place.api + "/app/installations/\(id)/access_tokens",
                body: .object(["repositories": .of([place.name])])), app, key)
        guard let token = made["token"]?.string, let ends = made["expires_at"]?.string.flatMap({ Timestamp($0) }) else {
            throw .unexpected("POST /app/installations/\(id)/access_tokens", "there is no token in it")
        }
        granted = made["permissions"]?.object.map { permissions in
            permissions.members.reduce(into: [:]) { $0[$1.key] = $1.value.string }
        }
        return (token, ends)
    }

    /// One request as the App itself. A token that is minted twice does no harm, so a lost answer is just asked again.
    private func ask(_ request: HTTPRequest, _ app: String, _ key: String) async throws(GitHubError) -> JSON {
        let what = "\(request.method) \(request.url.dropFirst(place.api.count))"
        var attempt = RetryTable.Try(isWrite: false, number: 0, hasNewToken: true, jitter: random())
        while true {
            let answer = await send(request, try AppSignature.token(app: app, key: key, now: clock.now()))
            switch RetryTable.step(answer, to: what, attempt, now: clock.now()) {
            case .done: return try Self.parse(answer, what)
            case .cached, .newToken: throw .unauthenticated(what)
            case .again(let seconds):
                await clock.sleep(seconds: seconds)
                attempt.number += 1
            case .fail(let error): throw note(error)
            }
        }
    }
}

extension Result<HTTPResponse, HTTPFailure> {
    /// Whether one has to look before a write is repeated: it may have had its effect, or others have had a long time to
    /// write what it would replace.
    fileprivate var isUncertain: Bool {
        switch self {
        case .failure(.notSent): false
        case .failure(.lost): true
        case .success(let response): response.status < 400 || response.status >= 500 || response.isLimit
        }
    }
}

extension HTTPResponse {
    /// The two statuses by which a write that is repeated was held up by a limit.
    fileprivate var isLimit: Bool { status == 403 || status == 429 }
}
