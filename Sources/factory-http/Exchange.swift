import Foundation
import FoundationNetworking
import Synchronization

/// One request and its answer.
enum Exchange {
    private struct Ask: Decodable {
        let method: String
        let url: String
        let headers: [String: String]
        let body: String?
        let seconds: Double
    }

    private struct Answer: Encodable {
        var status: Int?
        var headers: [String: String]?
        var body: String?
        var notSent: String?
        var lost: String?
    }

    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        return URLSession(configuration: configuration, delegate: NoRedirection(), delegateQueue: nil)
    }()

    /// Takes a line and gives the line that answers it.
    static func perform(_ line: Data) -> Data {
        let answer: Answer
        if let ask = try? JSONDecoder().decode(Ask.self, from: line), let request = request(ask) {
            answer = send(request)
        } else {
            answer = Answer(notSent: "the request makes no sense")
        }
        return (try? JSONEncoder().encode(answer)) ?? Data("{\"lost\":\"the answer cannot be told\"}".utf8)
    }

    private static func request(_ ask: Ask) -> URLRequest? {
        guard let url = URL(string: ask.url), url.scheme == "https" || url.scheme == "http" else { return nil }
        var request = URLRequest(url: url, timeoutInterval: ask.seconds)
        request.httpMethod = ask.method
        for (name, value) in ask.headers { request.setValue(value, forHTTPHeaderField: name) }
        request.httpBody = ask.body.map { Data($0.utf8) }
        return request
    }

    private static func send(_ request: URLRequest) -> Answer {
        let done = DispatchSemaphore(value: 0)
        let answer = Mutex(Answer(lost: "no answer"))
        let task = session.dataTask(with: request) { data, response, error in
            answer.withLock { $0 = Self.answer(data, response, error) }
            done.signal()
        }
        task.resume()
        done.wait()
        return answer.withLock { $0 }
    }

    private static func answer(_ data: Data?, _ response: URLResponse?, _ error: (any Error)?) -> Answer {
        guard error == nil, let response = response as? HTTPURLResponse else {
            let error = error as? URLError
            let why = error?.localizedDescription ?? "no answer of HTTP"
            switch error?.code {
            case .cannotConnectToHost, .cannotFindHost, .dnsLookupFailed, .badURL, .unsupportedURL,
                .secureConnectionFailed, .serverCertificateUntrusted, .notConnectedToInternet:
                return Answer(notSent: why)
            default: return Answer(lost: why)
            }
        }
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields { headers["\(name)"] = "\(value)" }
        return Answer(
            status: response.statusCode, headers: headers, body: String(decoding: data ?? Data(), as: UTF8.self))
    }
}

/// A token must not follow a server's word to another one.
private final class NoRedirection: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
