/// The test targets that a `Package.swift` declares.
struct TestTargets {
    /// A call of `.testTarget`, or of a function of the manifest that makes one.
    struct Target {
        /// With the words of a function that makes it, where one does.
        var name: String
        /// Where it says that its files are.
        var path: String?
        var exclude: Set<String>
        /// The only files and directories that it takes; nil: all.
        var sources: Set<String>?
        /// What decides which of its lines are compiled.
        var conditions: Set<String>
        /// It is there only under a condition.
        var isConditional: Bool
        /// From 1.
        var line: Int
        /// It stands in a function that makes targets, and is none by itself.
        var isTemplate: Bool

        /// The directories where SwiftPM would look for its files, relative to the manifest.
        var directories: [String] {
            path.map { [$0] } ?? ["Tests", "Sources", "Source", "src", "srcs"].map { "\($0)/\(name)" }
        }
    }

    private(set) var targets: [Target] = []
    /// How often the manifest takes something out of a list, or gives a list of targets anew.
    private(set) var cuts: [(word: String, line: Int)] = []

    private var masked: MaskedSource
    private let conditional: [Range<Int>]

    init(_ manifest: [UInt8]) {
        masked = SwiftMask.masked(manifest)
        conditional = SwiftMask.branches(masked) + SourceBlocks.braces(in: masked, handled: []).conditional
        let makers = makers()
        for maker in makers {
            add(maker.parameters, name: maker.name, isTemplate: true, but: names(in: maker.parameters))
        }
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            if Self.cutting.contains(masked.codeText(word)), masked.has(".", at: word.lowerBound - 1) {
                let next = masked.skipSpace(index)
                guard masked.has("(", at: next) || masked.has("{", at: next) || masked.has("=", at: next) else {
                    continue
                }
                cuts.append((masked.codeText(word), masked.line(at: word.lowerBound)))
            }
            guard masked.has("(", at: index), masked.closing(index) < masked.code.count else { continue }
            let arguments = (index + 1)..<masked.closing(index)
            if masked.has(".testTarget", at: word.lowerBound - 1), word.count == 10 {
                let maker = makers.first { $0.body.contains(index) }
                let own = maker.map { names(in: $0.parameters) } ?? []
                add(arguments, name: string(value("name", arguments)) ?? "", isTemplate: maker != nil, but: own)
            } else if let maker = makers.first(where: { $0.name == masked.codeText(word) }),
                !masked.has("func ", at: word.lowerBound - 5)
            {
                let first = literals(arguments).first ?? masked.compact(arguments)
                add(arguments, name: maker.targetName(of: first), isTemplate: false)
            }
        }
    }

    private static let cutting: Set<String> = [
        "removeAll", "removeFirst", "removeLast", "remove", "filter", "dropFirst", "dropLast", "popLast", "prefix",
        "suffix", "drop", "targets",
    ]

    /// `own`: the names that a function passes on, which say nothing by themselves.
    private mutating func add(
        _ arguments: Range<Int>, name: String, isTemplate: Bool, but own: Set<String> = []
    ) {
        let settings = ["swiftSettings", "cSettings", "cxxSettings"].compactMap { value($0, arguments) }
        targets.append(
            Target(
                name: name, path: string(value("path", arguments)),
                exclude: (value("exclude", arguments).map(entries) ?? []).subtracting(own),
                sources: value("sources", arguments).flatMap { masked.compact($0) == "nil" ? nil : entries($0) },
                conditions: Set(settings.flatMap(conditions)),
                isConditional: conditional.contains { $0.contains(arguments.lowerBound) },
                line: masked.line(at: arguments.lowerBound), isTemplate: isTemplate))
    }

    // MARK: Functions that make targets

    private struct Maker {
        var name: String
        var parameters: Range<Int>
        var body: Range<Int>
        /// The name of its target as written, such as `\(name)Tests`; nil when it is no text.
        var pattern: String?

        func targetName(of argument: String) -> String {
            guard let pattern, let open = pattern.firstRange(of: "\\("),
                let close = pattern[open.upperBound...].firstIndex(of: ")")
            else { return argument }
            return pattern[..<open.lowerBound] + argument + pattern[pattern.index(after: close)...]
        }
    }

    private func makers() -> [Maker] {
        var makers: [Maker] = []
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard word.count == 4, masked.has("func", at: word.lowerBound), let name = masked.word(from: index),
                masked.has("(", at: name.upperBound),
                let brace = masked.near(UInt8(ascii: "{"), from: masked.closing(name.upperBound))
            else { continue }
            let body = (brace + 1)..<max(brace + 1, masked.closing(brace))
            guard let call = body.first(where: { masked.has(".testTarget(", at: $0) }) else { continue }
            let pattern = string(value("name", (call + 12)..<masked.closing(call + 11)))
            makers.append(
                Maker(
                    name: masked.codeText(name),
                    parameters: (name.upperBound + 1)..<masked.closing(name.upperBound), body: body, pattern: pattern))
            index = body.upperBound
        }
        return makers
    }

    // MARK: Arguments

    /// What stands behind a label, up to the comma that ends it.
    private func value(_ label: String, _ arguments: Range<Int>) -> Range<Int>? {
        var index = arguments.lowerBound
        while index < arguments.upperBound {
            let start = masked.skipSpace(index)
            let end = end(of: start, arguments)
            if let word = masked.word(from: start), masked.codeText(word) == label, word.lowerBound == start,
                let colon = masked.near(UInt8(ascii: ":"), from: word.upperBound), colon < end
            {
                return (colon + 1)..<end
            }
            index = end + 1
        }
        return nil
    }

    /// The comma that ends an argument, or the end of all.
    private func end(of start: Int, _ arguments: Range<Int>) -> Int {
        var index = start
        while index < arguments.upperBound, masked.code[index] != UInt8(ascii: ",") {
            let opens = "([{".utf8.contains(masked.code[index])
            index = opens ? max(index + 1, masked.closing(index)) : index + 1
        }
        return min(index, arguments.upperBound)
    }

    private func string(_ value: Range<Int>?) -> String? { value.flatMap { literals($0).first } }

    /// The texts in quotes.
    private func literals(_ range: Range<Int>) -> [String] {
        var found: [String] = []
        var index = range.lowerBound
        let quote = UInt8(ascii: "\"")
        while index < range.upperBound, let open = masked.code[index..<range.upperBound].firstIndex(of: quote),
            let close = masked.code[(open + 1)..<range.upperBound].firstIndex(of: quote)
        {
            found.append(masked.sourceText((open + 1)..<close))
            index = close + 1
        }
        return found
    }

    /// The members of a list: texts, and the names of what is computed elsewhere.
    private func entries(_ range: Range<Int>) -> Set<String> { names(in: range).union(literals(range)) }

    /// The words of the code.
    private func names(in range: Range<Int>) -> Set<String> {
        var names: Set<String> = []
        var index = range.lowerBound
        while let word = masked.word(from: index), word.upperBound <= range.upperBound {
            index = word.upperBound
            if masked.codeText(word) != "nil" { names.insert(masked.codeText(word)) }
        }
        return names
    }

    /// `define("X")` and what else reaches the compiler by name.
    private func conditions(_ range: Range<Int>) -> [String] {
        var found: [String] = []
        var index = range.lowerBound
        while let word = masked.word(from: index), word.upperBound <= range.upperBound {
            index = word.upperBound
            guard ["define", "unsafeFlags"].contains(masked.codeText(word)), masked.has("(", at: index) else {
                continue
            }
            let close = min(masked.closing(index), range.upperBound)
            found += literals(index..<close)
        }
        return found
    }
}
