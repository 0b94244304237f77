/// How a language says that code is not done. Strings and documentation say nothing.
struct StubLanguage {
    private let mask: ([UInt8]) -> MaskedSource
    /// Calls that stop the program, and what their arguments must say for it; nil: whatever they say.
    private let stops: [(call: StaticString, words: [String]?)]
    private let isPython: Bool

    private static let unfinished = [
        "not implemented", "unimplemented", "not yet implemented", "todo", "to be implemented",
    ]

    /// Nil where no language is known.
    init?(_ path: RepoPath) {
        isPython = path.fileExtension == "py"
        switch path.fileExtension {
        case "swift":
            mask = SwiftMask.masked
            stops = [("fatalError", Self.unfinished), ("preconditionFailure", Self.unfinished)]
        case "py":
            mask = PythonMask.masked
            stops = []
        case "js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte":
            mask = JavaScriptMask.masked
            stops = [("throw new Error", Self.unfinished), ("throw Error", Self.unfinished)]
        case "rs":
            mask = SwiftMask.masked
            stops = [("unimplemented!", nil), ("todo!", nil), ("panic!", Self.unfinished)]
        case "go":
            mask = SwiftMask.masked
            stops = [("panic", Self.unfinished)]
        case "java", "kt", "kts", "scala", "cs", "c", "h", "cc", "cpp", "hpp", "m", "mm", "dart", "php":
            mask = SwiftMask.masked
            stops = [
                ("new NotImplementedException", nil), ("T\u{4F}DO", nil),
                ("new UnsupportedOperationException", Self.unfinished),
                ("new RuntimeException", Self.unfinished), ("UnimplementedError", nil),
            ]
        case "rb":
            mask = PythonMask.masked
            stops = []
        default: return nil
        }
    }

    /// In the order of their lines, each line once.
    func marks(in source: [UInt8]) -> [StubMark] {
        if source.isEmpty || source.contains(0) { return [] }
        let masked = mask(source)
        var places = comments(masked) + calls(masked)
        if isPython { places += PythonStubs.places(in: masked) }
        var lines = LineCounter()
        var seen: Set<Int> = []
        return places.sorted { $0.offset < $1.offset }.compactMap { place in
            let line = lines.line(at: place.offset, in: source)
            guard seen.insert(line).inserted else { return nil }
            let text = masked.sourceText(masked.lineStart(place.offset)..<masked.lineEnd(place.offset)).trimmingSpace
            return StubMark(what: "\(place.what): \(text.prefix(100))", text: text, line: line)
        }
    }

    typealias Place = (offset: Int, what: String)

    private func comments(_ masked: MaskedSource) -> [Place] {
        masked.comments.flatMap { range in
            StubComment.findings(in: masked.text[range]).map { (range.lowerBound + $0.offset, $0.what) }
        }
    }

    private func calls(_ masked: MaskedSource) -> [Place] {
        guard !stops.isEmpty else { return [] }
        var places: [Place] = []
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            for stop in stops where masked.has(stop.call, at: word.lowerBound) {
                let end = word.lowerBound + stop.call.utf8CodeUnitCount
                let open = masked.skipSpace(end)
                guard masked.has("(", at: open) else { continue }
                let said = masked.sourceText(open..<min(masked.closing(open), open + 4 * MaskedSource.reach))
                    .lowercased()
                // What a framework's own templates put there is meant to stay.
                if said.contains("init(coder:)") { continue }
                if let words = stop.words, !words.contains(where: { said.contains($0) }) { continue }
                places.append((word.lowerBound, "it stops with \(stop.call)"))
            }
        }
        return places
    }
}

/// What a comment says of work that is left.
enum StubComment {
    private static let marks = ["todo", "fixme"].map { $0.uppercased() }
    private static let phrases = [
        "your code here", "code goes here", "implementation goes here", "implement this later", "not implemented yet",
        "not yet implemented", "placeholder implementation", "placeholder for now", "this is a placeholder",
        "just a placeholder", "implementation omitted", "omitted for brevity",
    ]
    /// Words for what was left out; with one of `remains` beside them they say that it was.
    private static let rest = [
        "rest of the code", "rest of code", "rest of the file", "rest of the function", "rest of the implementation",
        "rest of the class", "rest of the method", "existing code", "remaining code", "previous code",
    ]
    private static let remains = ["unchanged", "the same", "here", "remain", "as before", "as is", "..."]

    /// Where in the comment, and what.
    static func findings(in comment: ArraySlice<UInt8>) -> [(offset: Int, what: String)] {
        var found: [(offset: Int, what: String)] = []
        var start = comment.startIndex
        while start < comment.endIndex {
            let end = comment[start...].firstIndex(of: UInt8(ascii: "\n")) ?? comment.endIndex
            let line = String(decoding: comment[start..<end], as: UTF8.self)
            if let what = finding(in: line) { found.append((start - comment.startIndex, what)) }
            start = end + 1
        }
        return found
    }

    private static func finding(in line: String) -> String? {
        let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        if let mark = marks.first(where: { mark in words.contains { $0 == mark } }) { return mark }
        let lower = line.lowercased()
        if lower.filter({ $0.isLetter }) == "placeholder" { return "placeholder" }
        if let phrase = phrases.first(where: { lower.contains($0) }) { return phrase }
        guard let left = rest.first(where: { lower.contains($0) }), remains.contains(where: { lower.contains($0) })
        else {
            return nil
        }
        return "\(left) was left out"
    }
}
