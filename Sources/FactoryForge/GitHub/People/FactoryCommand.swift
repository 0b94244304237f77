package import FactoryCore

/// A command that a person wrote in a comment.
package enum FactoryCommand: Hashable, Sendable {
    case approve(overrides: [String])
    case answer(String)
    /// Nil: where it stopped.
    case retry(State?, note: String)
    case park(note: String)
    case close(note: String)
    /// Looks like a command and is none, and why.
    case wrong(String)

    static let prefix = "/factory"
    /// Characters of a text that go into the journal.
    static let textLimit = 16_384

    /// The first command in a comment: it stands at the start of a line, outside of code, and what follows belongs to
    /// it. Nil when there is none.
    package init?(in comment: String) {
        let lines = comment.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        var fence: Substring?
        for (index, line) in lines.enumerated() {
            let mark = line.drop { $0 == " " }.prefix { $0 == "`" || $0 == "~" }
            if mark.count >= 3 {
                if let open = fence { fence = mark.hasPrefix(open) ? nil : open } else { fence = mark }
                continue
            }
            guard fence == nil, line.hasPrefix(Self.prefix) else { continue }
            let words = line.dropFirst(Self.prefix.count)
            guard words.first.map(\.isWhitespace) ?? true else { continue }
            self.init(words: words, further: lines[(index + 1)...].joined(separator: "\n"))
            return
        }
        return nil
    }

    private init(words: Substring, further: String) {
        let line = words.drop(while: \.isWhitespace)
        let verb = line.prefix { !$0.isWhitespace }
        let rest = line.dropFirst(verb.count)
        let text = String((rest + "\n" + further).trimmingBlanks.prefix(Self.textLimit))
        switch verb {
        case "approve": self = Self.approval(rest)
        case "answer": self = text.isEmpty ? .wrong("the answer is missing: `/factory answer TEXT`") : .answer(text)
        case "retry": self = Self.retrial(text)
        case "park": self = .park(note: text)
        case "close": self = .close(note: text)
        case "": self = .wrong("say what: approve, answer, retry, park or close")
        default:
            self = .wrong(
                "there is no `\(SafeText.line(String(verb), limit: 40))`: approve, answer, retry, park, close")
        }
    }

    private static func approval(_ rest: Substring) -> FactoryCommand {
        let words = rest.split(whereSeparator: \.isWhitespace)
        if words.isEmpty { return .approve(overrides: []) }
        guard words[0] == "--override", words.count > 1 else {
            return .wrong("`approve` takes nothing but `--override RULE`")
        }
        return .approve(overrides: words.dropFirst().flatMap { $0.split(separator: ",") }.map(String.init))
    }

    /// A first word that names a stage is one; else everything is the note.
    private static func retrial(_ text: String) -> FactoryCommand {
        let word = text.prefix { !$0.isWhitespace }
        guard let state = State(rawValue: String(word)), state == .queued || state.stage != nil else {
            return .retry(nil, note: text)
        }
        return .retry(state, note: text.dropFirst(word.count).trimmingBlanks)
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmingBlanks: String {
        String(String(drop(while: \.isWhitespace)).reversed().drop(while: \.isWhitespace).reversed())
    }
}
