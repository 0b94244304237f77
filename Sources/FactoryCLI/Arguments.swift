import FactoryText

/// One option of a command: `--name VALUE`, or a switch without a value.
struct Option: Sendable {
    let name: String
    /// What the value is called in the help; nil for a switch.
    let value: String?
    let help: String

    init(_ name: String, _ value: String? = nil, _ help: String) {
        self.name = name
        self.value = value
        self.help = help
    }
}

/// The words behind a command's name, read by its options.
struct Arguments: Sendable {
    /// What is no option, in order.
    let words: [String]
    private let values: [String: [String]]

    /// Reads `--name value`, `--name=value`, switches and words; behind `--` everything is a word. Throws `UsageError`
    /// for an unknown option, with the nearest known one, and for a missing or superfluous value.
    init(_ given: [String], options: [Option]) throws {
        var words: [String] = []
        var values: [String: [String]] = [:]
        var rest = given[...]
        while let word = rest.popFirst() {
            if word == "--" {
                words += rest
                break
            }
            guard word.hasPrefix("--") else {
                guard !word.hasPrefix("-") || word == "-" else { throw UsageError("unknown option \(word)") }
                words.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let option = options.first(where: { $0.name == name }) else {
                let hint = NearestName.suggest(name, among: options.map(\.name)).map { ", did you mean --\($0)?" } ?? ""
                throw UsageError("unknown option --\(name)\(hint)")
            }
            values[name, default: []].append(try Self.value(of: option, parts, &rest))
        }
        self.words = words
        self.values = values
    }

    private static func value(
        of option: Option, _ parts: [Substring], _ rest: inout ArraySlice<String>
    ) throws -> String {
        guard let wanted = option.value else {
            guard parts.count == 1 else { throw UsageError("--\(option.name) takes no value") }
            return ""
        }
        if parts.count == 2 { return String(parts[1]) }
        guard let next = rest.popFirst() else { throw UsageError("--\(option.name) needs a value: \(wanted)") }
        return next
    }

    func has(_ name: String) -> Bool { values[name] != nil }
    /// What was given last.
    func value(_ name: String) -> String? { values[name]?.last }
    /// Everything that was given, in order.
    func values(_ name: String) -> [String] { values[name] ?? [] }

    /// Throws unless no words are given.
    func requireNoWords() throws {
        if let word = words.first { throw UsageError("unexpected: \(word)") }
    }
}
