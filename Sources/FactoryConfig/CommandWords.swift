/// Why a line cannot be split into a program and its arguments.
package enum CommandWordsError: Error, Hashable, CustomStringConvertible {
    case openQuote(Character)
    case endsInBackslash
    /// Something that only a shell understands, such as `|` or `$`.
    case needsShell(Character)

    package var description: String {
        switch self {
        case .openQuote(let quote): "a \(quote) is opened and never closed"
        case .endsInBackslash: "it ends in a backslash"
        case .needsShell(let character):
            "\(character) outside quotes means something only to a shell, and none runs this"
        }
    }
}

/// Splits a line into words as a shell does, without its expansions: spaces separate, quotes and backslashes keep.
package enum CommandWords {
    package static func split(_ line: String) throws(CommandWordsError) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = line[...]
        while let character = rest.popFirst() {
            switch (quote, character) {
            case (let open?, _) where character == open: quote = nil
            case (nil, "\""), (nil, "'"):
                quote = character
                word = word ?? ""
            case (nil, "\\"), ("\"", "\\"):
                guard let next = rest.popFirst() else { throw .endsInBackslash }
                let isKept = quote != nil && !"\"\\$`\n".contains(next)
                word = (word ?? "") + (isKept ? "\\" : "") + String(next)
            case (nil, _) where character.isWhitespace:
                if let finished = word { words.append(finished) }
                word = nil
            case (nil, _) where "|&;<>()$`".contains(character): throw .needsShell(character)
            default: word = (word ?? "") + String(character)
            }
        }
        if let quote { throw .openQuote(quote) }
        return words + [word].compactMap { $0 }
    }
}
