/// Statements of a new file of tests that reach beyond it as soon as it is loaded: it can make other tests pass.
///
/// Looked for in Python and JavaScript alike, line by line where nothing is indented. To find one that is none costs a second
/// run of the checks and nothing else.
enum Meddling {
    private static let words = [
        "setattr(", "atexit.", "sys.", "os.", "delattr(", "def load_tests", "def setUpModule", "globals()", "builtins.",
        "Object.assign(", "Object.defineProperty(", "process.", "jest.setTimeout", "expect.extend",
    ]

    static func isFound(in content: [UInt8]) -> Bool {
        content.split(separator: UInt8(ascii: "\n")).contains { line in
            guard let first = line.first, first != UInt8(ascii: " "), first != UInt8(ascii: "\t") else { return false }
            let text = String(decoding: line.prefix(200), as: UTF8.self)
            return words.contains { text.hasPrefix($0) } || setsSomebodysMember(text)
        }
    }

    /// `a.b = …`, and not `a.b == …` or a declaration.
    private static func setsSomebodysMember(_ line: String) -> Bool {
        line.wholeMatch(of: /[A-Za-z_$][A-Za-z0-9_$]*(?:\.[A-Za-z0-9_$]+|\[[^\]]*\])+\s*=[^=].*/) != nil
    }
}
