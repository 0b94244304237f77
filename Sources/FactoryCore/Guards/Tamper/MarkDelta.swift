/// The texts that loosen a check and that a change brings in.
///
/// What moves from one file to another is not brought in, and neither is what stays on a line that changes.
struct MarkDelta {
    private(set) var findings: [Weakening] = []

    private struct Place {
        var path: RepoPath
        var line: Int
        var text: String
        var isTest: Bool
    }

    init(of change: Change) {
        for language in TestLanguages.all {
            let files = change.files.filter { $0.before?.blob != $0.after?.blob && language.writes($0.path) }
            if files.isEmpty { continue }
            var before: [SourceMark: [Place]] = [:]
            var after: [SourceMark: [Place]] = [:]
            for file in files {
                Self.collect(file.path, file.before?.content ?? [], language, into: &before)
                Self.collect(file.path, file.after?.content ?? [], language, into: &after)
            }
            for mark in language.marks { add(mark, before[mark] ?? [], after[mark] ?? []) }
        }
        findings = Self.distinct(findings)
    }

    private mutating func add(_ mark: SourceMark, _ before: [Place], _ after: [Place]) {
        let excess = after.count - before.count
        guard excess > 0 else { return }
        var known: [String: Int] = [:]
        for place in before { known[place.text, default: 0] += 1 }
        let new = after.filter { place in
            guard let count = known[place.text], count > 0 else { return true }
            known[place.text] = count - 1
            return false
        }
        for place in new.suffix(excess) {
            findings.append(
                Weakening(
                    signal: mark.signal, message: "\(place.path) has a new `\(mark.text)`: `\(Self.short(place.text))`",
                    path: place.path, line: place.line, isWeak: place.isTest && mark.isWeakInTests))
        }
    }

    private static func short(_ text: String) -> String { text.count > 80 ? text.prefix(80) + "…" : text }

    /// One finding for each line and signal: marks may be the beginnings of others.
    private static func distinct(_ findings: [Weakening]) -> [Weakening] {
        var seen: [String: Int] = [:]
        var kept: [Weakening] = []
        for finding in findings {
            let place = "\(finding.signal) \(finding.line ?? 0) \(finding.path)"
            if let index = seen[place] {
                if !finding.isWeak { kept[index].isWeak = kept[index].isWeak && finding.isWeak }
                continue
            }
            seen[place] = kept.count
            kept.append(finding)
        }
        return kept
    }

    // MARK: Reading

    private static func collect(
        _ path: RepoPath, _ content: [UInt8], _ language: any TestLanguage, into found: inout [SourceMark: [Place]]
    ) {
        let isTest = TestPaths.isTest(path)
        let isProduct = TestPaths.isProduct(path)
        let marks = language.marks.filter { mark in
            (mark.scope == .everywhere || mark.scope == (isTest ? .tests : .product))
                && (mark.scope != .product || isProduct) && content.contains(anchor: mark.anchor)
        }
        guard !marks.isEmpty else { return }
        let masked = language.masked(content)
        var start = 0
        var number = 0
        while start < content.count {
            number += 1
            let end = masked.lineEnd(start)
            let line = start..<min(end, start + 2 * MaskedSource.reach)
            start = end + 1
            if line.isEmpty { continue }
            let wanted = marks.filter { content[line].containsAnchor($0.anchor) }
            for mark in wanted where occurs(mark, in: line, masked) {
                let text = masked.sourceText(line).split(whereSeparator: \.isWhitespace).joined(separator: " ")
                found[mark, default: []].append(Place(path: path, line: number, text: text, isTest: isTest))
            }
        }
    }

    private static func occurs(_ mark: SourceMark, in line: Range<Int>, _ masked: MaskedSource) -> Bool {
        switch mark.place {
        case .code: return Tokens.contains(Tokens.of(masked.code[line], isFolded: false), mark.tokens)
        case .text, .comment:
            let wantsComment = mark.place == .comment
            let bytes = line.map { masked.isComment($0) == wantsComment ? masked.text[$0] : UInt8(ascii: " ") }
            let tokens = Tokens.of(bytes[...], isFolded: wantsComment)
            guard Tokens.contains(tokens, mark.tokens) else { return false }
            return !mark.isBlanket || !mark.isNarrowed(in: tokens)
        }
    }
}

extension SourceMark {
    /// Silencing one line of a test takes nothing from what it claims.
    var isWeakInTests: Bool { signal == .suppression && !isBlanket }

    /// The longest word of the text in bytes of lower case: what a quick look asks for.
    var anchor: [UInt8] {
        let words = tokens.filter { $0.utf8.first.map(MaskedSource.isWord) ?? false }
        return Array((words.max { $0.utf8.count < $1.utf8.count } ?? text).lowercased().utf8)
    }

    /// Whether a text that silences everything is followed by what limits it to a line.
    func isNarrowed(in tokens: [String]) -> Bool {
        ["next", "this", "previous", "line"].contains { tokens.contains($0) } && !text.contains("file")
    }
}

extension Collection<UInt8> where Index == Int {
    /// Whether a text in lower case stands in the bytes, whatever their case.
    func containsAnchor(_ anchor: [UInt8]) -> Bool {
        guard let first = anchor.first, count >= anchor.count else { return false }
        for start in startIndex...(endIndex - anchor.count) where self[start] | 0x20 == first | 0x20 {
            var offset = 0
            while offset < anchor.count, Self.lower(self[start + offset]) == anchor[offset] { offset += 1 }
            if offset == anchor.count { return true }
        }
        return false
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }
}

extension [UInt8] {
    func contains(anchor: [UInt8]) -> Bool { containsAnchor(anchor) }
}
