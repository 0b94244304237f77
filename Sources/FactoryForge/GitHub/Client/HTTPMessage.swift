package import FactoryCore

/// One request of HTTP.
package struct HTTPRequest: Hashable, Sendable {
    package var method: String
    /// Absolute.
    package var url: String
    /// By name, as they are sent.
    package var headers: [String: String]
    /// JSON, or nil for no body.
    package var body: JSON?

    package init(_ method: String, _ url: String, headers: [String: String] = [:], body: JSON? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What a server answered.
package struct HTTPResponse: Hashable, Sendable {
    package var status: Int
    /// By name in lower case.
    package var headers: [String: String]
    package var body: String

    package init(_ status: Int, headers: [String: String] = [:], body: String = "") {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why there is no answer. What the server has done of it is known only in the first case.
package enum HTTPFailure: Error, Hashable, CustomStringConvertible {
    /// The request has not reached the server.
    case notSent(String)
    /// The connection broke, or time ran out, after the request may have arrived.
    case lost(String)

    package var description: String {
        switch self {
        case .notSent(let why), .lost(let why): why
        }
    }
}

/// Carries requests to servers and answers back. Follows no redirection.
package protocol HTTPTransport: Sendable {
    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse
}
