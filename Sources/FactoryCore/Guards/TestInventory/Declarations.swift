/// The names that a source declares outside the bodies of functions: what a test of another file can name.
struct Declarations {
    /// Words before the name of what is declared.
    var keywords: Set<String>
    /// Words that open a block whose members count: those of types, and of namespaces.
    var entering: Set<String>
    /// Words by which what follows is seen in its own file alone.
    var hiding: Set<String> = []
    /// What is declared counts only behind this word, or where it is exported by name.
    var publishing: String?

    func names(in masked: MaskedSource) -> Set<String> {
        var names: Set<String> = []
        let exported = publishing == nil ? [] : Self.exported(in: masked)
        // Who exports nothing shows all: a script.
        let isScript =
            publishing == nil || exported.isEmpty && !masked.has("export", within: 0..<masked.code.count)
        var state = State()
        var index = 0
        while index < masked.code.count {
            let byte = masked.code[index]
            if MaskedSource.isWord(byte) {
                let word = index..<masked.wordEnd(index)
                let text = masked.codeText(word)
                index = word.upperBound
                if keywords.contains(text), let name = masked.word(from: index), name.lowerBound - index <= 2 {
                    let declared = masked.codeText(name)
                    let isPublic = isScript || state.isPublished || exported.contains(declared)
                    if !keywords.contains(declared), !state.isHidden, isPublic { names.insert(declared) }
                }
                see(text, masked, at: index, &state)
            } else {
                index = pass(byte, masked, at: index, &state)
            }
        }
        return names
    }

    /// What the words of a declaration say before its block begins.
    private struct State {
        var isHidden = false
        var isPublished = false
        /// The next block is one whose members count.
        var enters = false
    }

    private func see(_ word: String, _ masked: MaskedSource, at end: Int, _ state: inout State) {
        if hiding.contains(word) {
            // `private(set)` hides nothing from who reads.
            state.isHidden = !masked.has("(", at: end)
        } else if word == publishing {
            state.isPublished = true
        } else if entering.contains(word) {
            state.enters = !state.isHidden
        } else if keywords.contains(word) {
            state.enters = false
        }
    }

    /// The place behind a sign; the insides of brackets are passed over, but for the blocks that are entered.
    private func pass(_ byte: UInt8, _ masked: MaskedSource, at index: Int, _ state: inout State) -> Int {
        switch byte {
        case UInt8(ascii: "{") where state.enters:
            state = State()
            return index + 1
        case UInt8(ascii: "{"):
            state = State()
            return masked.closing(index) + 1
        case UInt8(ascii: "("), UInt8(ascii: "["): return masked.closing(index) + 1
        case UInt8(ascii: ";"), UInt8(ascii: "}"): state = State()
        case UInt8(ascii: "="):
            // What follows is a value; in a constraint, `==`, it is not.
            if !masked.has("==", at: index), !masked.has("==", at: index - 1) { state.enters = false }
        case UInt8(ascii: "\n") where !state.enters && endsDeclaration(masked, at: index): state = State()
        default: break
        }
        return index + 1
    }

    /// Whether a line's end is one of a declaration: attributes and modifiers may stand on lines of their own.
    private func endsDeclaration(_ masked: MaskedSource, at index: Int) -> Bool {
        let line = masked.codeText(masked.lineStart(index)..<index).trimmed
        return !line.isEmpty && !line.hasPrefix("@") && !hiding.contains(line) && line != publishing
    }

    /// Names in `export { … }`, `module.exports = …` and `exports.name`.
    private static func exported(in masked: MaskedSource) -> Set<String> {
        var names: Set<String> = []
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            let isList = word.count == 6 && masked.has("export", at: word.lowerBound)
            guard isList || word.count == 7 && masked.has("exports", at: word.lowerBound) else { continue }
            let next = masked.skipSpace(index)
            let open = isList || !masked.has("=", at: next) ? next : masked.skipSpace(next + 1)
            if isList, !masked.has("{", at: open), !masked.has("default", at: open) { continue }
            let end = masked.has("{", at: open) ? masked.closing(open) : masked.lineEnd(index)
            var place = index
            while let name = masked.word(from: place), name.upperBound <= end {
                names.insert(masked.codeText(name))
                place = name.upperBound
            }
        }
        return names
    }
}
