import FactoryCore
package import FactoryProcess

/// Sends requests by `factory-http`, a program of its own: what it needs of the system would make every start of ours
/// slower, and a token is in no process that runs anything else.
package actor HTTPProgram: HTTPTransport {
    /// Seconds for one request, connecting included.
    private static let limit = 60.0

    private let runner: ProcessRunner
    private let path: String
    private let environment: [String: String]
    private var program: Coprocess?

    /// `path` is the program's; `environment` names proxies and certificates, if there are any.
    package init(_ path: String, by runner: ProcessRunner, environment: [String: String]) {
        self.path = path
        self.runner = runner
        let names = [
            "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE",
            "SSL_CERT_DIR", "LD_LIBRARY_PATH", "PATH", "HOME",
        ]
        self.environment = environment.filter { names.contains($0.key) }
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let line: JSON = .object([
            "method": .string(request.method), "url": .string(request.url),
            "headers": .object(
                request.headers.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { $0[$1.key] = .string($1.value) }
            ),
            "body": request.body.map { .string($0.text()) }, "seconds": .of(Int(Self.limit) - 5),
        ])
        let program = try running()
        do throws(Coprocess.Silence) {
            return try Self.response(try await program.ask(line.bytes(), seconds: Self.limit))
        } catch {
            if self.program === program { self.program = nil }
            switch error {
            case .notAsked(let why): throw .notSent("factory-http: \(why)")
            case .notAnswered(let why): throw .lost("factory-http: \(why)")
            }
        }
    }

    /// Ends the program.
    package func end() async {
        await program?.end()
        program = nil
    }

    private func running() throws(HTTPFailure) -> Coprocess {
        if let program { return program }
        do {
            let new = try Coprocess(
                Command(
                    path, environment: environment, directory: "/",
                    limits: ProcessLimits(outputBytes: 64 << 10, grace: 0.1), marker: "http"), by: runner)
            program = new
            return new
        } catch { throw .notSent("factory-http cannot be started: \(error)") }
    }

    private static func response(_ line: [UInt8]) throws(Coprocess.Silence) -> HTTPResponse {
        guard let json = try? JSON(parsing: line) else { throw .notAnswered("its answer is no JSON") }
        if let why = json["lost"]?.string { throw .notAnswered(why) }
        if let why = json["notSent"]?.string { throw .notAsked(why) }
        guard let status = json["status"]?.int else { throw .notAnswered("its answer has no status") }
        var headers: [String: String] = [:]
        for member in json["headers"]?.object?.members ?? [] { headers[member.key.lowercased()] = member.value.string }
        return HTTPResponse(status, headers: headers, body: json["body"]?.string ?? "")
    }
}
