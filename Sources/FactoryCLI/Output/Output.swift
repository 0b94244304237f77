import FactoryCore
import FactoryFiles
import Glibc

/// Where a command speaks: data to standard output, talk to standard error.
struct Output: Sendable {
    /// Whether standard output, and standard error, go to a terminal.
    let isTerminal: Bool
    let errorsAreTerminal: Bool
    /// Whether standard output may be coloured.
    let colors: Bool
    private let data: Int32
    private let talk: Int32

    /// Speaks to two open descriptors, which stay open.
    init(environment: [String: String], data: Int32 = 1, talk: Int32 = 2) {
        self.data = data
        self.talk = talk
        isTerminal = isatty(data) == 1
        errorsAreTerminal = isatty(talk) == 1
        let plain = environment["TERM"] == "dumb" || !(environment["NO_COLOR"] ?? "").isEmpty
        colors = isatty(data) == 1 && !plain
    }

    /// Data, with a line end.
    func print(_ text: String) { write(text + "\n", to: data) }

    /// Talk, with a line end.
    func say(_ text: String) { write(text + "\n", to: talk) }

    /// A JSON document with its schema number first.
    func print(json object: JSONObject) {
        print(JSON.object((["schema": 1] as JSONObject).merging(object)).text(pretty: true))
    }

    /// A reader that has gone away is no failure of ours.
    func write(_ text: String, to descriptor: Int32) {
        try? Files.append(Array(text.utf8), to: descriptor, named: "output")
    }

    func styled(_ text: String, _ style: Style) -> String {
        colors ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    enum Style: String { case bold = "1", dim = "2", red = "31", green = "32", yellow = "33" }
}
