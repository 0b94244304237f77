/// Whether a file only got more tests.
enum AddedTests {
    /// Whether nothing of the old lines is gone, and whatever is new belongs to tests that are new.
    ///
    /// Anything else that is added, such as a helper or an import, may change what the old tests do. In doubt it is no.
    static func alone(in file: FileChange) -> Bool {
        guard let before = file.before?.lines, let after = file.after?.lines, file.before?.mode == file.after?.mode,
            let content = file.after?.content, let runs = insertions(before, after)
        else { return false }
        let heads = Set(
            TestLanguages.all.filter { $0.covers(file.path) }.flatMap { $0.inventory(of: content).tests.map(\.line) })
        return runs.allSatisfy { isTests(after, $0, heads) }
    }

    /// The runs of new lines; nil when a line of the old text is gone.
    private static func insertions(_ before: [Substring], _ after: [Substring]) -> [Range<Int>]? {
        var runs: [Range<Int>] = []
        var known = 0
        var start = 0
        for index in after.indices where known < before.count && after[index] == before[known] {
            if start < index { runs.append(start..<index) }
            start = index + 1
            known += 1
        }
        if start < after.count { runs.append(start..<after.count) }
        return known == before.count ? runs : nil
    }

    /// The outermost lines of a run must be heads of tests, or what goes with one.
    private static func isTests(_ lines: [Substring], _ run: Range<Int>, _ heads: Set<Int>) -> Bool {
        let written = run.filter { !lines[$0].allSatisfy(\.isWhitespace) }
        guard let outermost = written.map({ indent(lines[$0]) }).min() else { return true }
        guard run.contains(where: { heads.contains($0 + 1) }) else { return false }
        return written.allSatisfy { index in
            indent(lines[index]) > outermost || heads.contains(index + 1) || isTrimming(lines[index])
        }
    }

    private static func indent(_ line: Substring) -> Int { line.prefix(while: \.isWhitespace).count }

    /// Comments, attributes, and the brackets that end a body.
    private static func isTrimming(_ line: Substring) -> Bool {
        let text = line.drop(while: \.isWhitespace)
        return ["#", "//", "@"].contains { text.hasPrefix($0) } || text.allSatisfy { "})];,".contains($0) }
    }
}
