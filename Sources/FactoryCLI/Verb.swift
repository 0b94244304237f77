/// One command of the program.
protocol Verb: Sendable {
    /// The word, or the two words, that call it.
    static var name: String { get }
    /// The words it takes, for the help.
    static var arguments: String { get }
    /// What it does, in one line.
    static var summary: String { get }
    static var options: [Option] { get }
    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode
}

extension Verb {
    static var arguments: String { "" }
    static var options: [Option] { [] }

    /// The usage line and the options.
    static var help: String {
        var lines = ["usage: factory \(name)\(arguments.isEmpty ? "" : " " + arguments)", "", summary]
        if !options.isEmpty {
            let left = options.map { "--\($0.name)" + ($0.value.map { " \($0)" } ?? "") }
            let width = left.map(\.count).max() ?? 0
            lines += [""]
            for (option, text) in zip(options, left) {
                lines.append("  \(text)\(String(repeating: " ", count: width - text.count + 2))\(option.help)")
            }
        }
        return lines.joined(separator: "\n")
    }
}
