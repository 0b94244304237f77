/// What a change does to the tests as a whole.
///
/// A test that moves to another file is the same test, and so is one that got another name while what it does stayed.
struct TestDelta {
    /// A test of the change, and the source that it stands or stood in.
    struct Entry {
        var path: RepoPath
        var language: String
        var test: TestCase
        var source: MaskedSource

        /// The words of the test and of what is written above it, bounded.
        var words: Set<String> {
            let region = test.region.clamped(to: 0..<source.text.count).prefix(20 * MaskedSource.reach)
            guard let end = region.last else { return [] }
            let names = Tokens.of(source.code[region.lowerBound...end], isFolded: false).filter { $0.count > 1 }
            return literals.union(names)
        }

        /// The names that it takes from elsewhere: those of its code without those that it gives itself, but for members.
        var borrowed: Set<String> {
            let region = test.region.clamped(to: 0..<source.text.count).prefix(20 * MaskedSource.reach)
            guard let end = region.last else { return [] }
            let tokens = Tokens.of(source.code[region.lowerBound...end], isFolded: false)
            let pairs = zip([""] + tokens, tokens)
            let given = tokens.indices.filter { Self.isGiven(tokens, $0) }.map { tokens[$0] }
            return Set(tokens).subtracting(given).union(pairs.filter { $0.0 == "." }.map(\.1))
        }

        /// Whether a word of the code is a name that the code itself declares or sets.
        private static func isGiven(_ tokens: [String], _ index: Int) -> Bool {
            let before = index > 0 ? tokens[index - 1] : ""
            let after = tokens[(index + 1)...].prefix(2)
            return ["let", "var", "const", "for", "func", "def", "function"].contains(before)
                || before != "." && after.first == "=" && after.last != "=" && after.last != ">"
        }

        /// The strings and numbers that stand in it.
        var literals: Set<String> { Literals.of(source.squeezed(test.region)) }
    }

    /// Tests that were there before and are gone.
    private(set) var lost: [Entry] = []
    /// Tests that did something before and do nothing now.
    private(set) var emptied: [Entry] = []
    /// Tests that are there still and do something else, as they were before.
    private(set) var changed: [Entry] = []
    /// Marks that were not there before.
    private(set) var skips: [(path: RepoPath, skip: SkipMark)] = []
    /// Tests, and functions beside them, that are there on both sides.
    private(set) var kept: [(before: Entry, after: Entry)] = []
    /// Tests that are new.
    private(set) var added: [Entry] = []
    /// Functions beside the tests that are new.
    private(set) var addedHelpers: [Entry] = []
    /// Files that had tests and have none left.
    private(set) var bare: Set<RepoPath> = []

    init(of change: Change) { self.init(of: ChangedSources(of: change)) }

    init(of sources: ChangedSources) {
        var before: [Entry] = []
        var after: [Entry] = []
        var helpers: (before: [Entry], after: [Entry]) = ([], [])
        var marksBefore: [String: Int] = [:]
        var marksAfter: [(path: RepoPath, skip: SkipMark)] = []
        for file in sources.tests {
            let (old, new) = (file.before.inventory, file.after.inventory)
            before += file.entries(old.tests, file.before)
            after += file.entries(new.tests, file.after)
            helpers.before += file.entries(old.helpers, file.before)
            helpers.after += file.entries(new.helpers, file.after)
            for skip in old.skips { marksBefore[skip.text, default: 0] += 1 }
            marksAfter += new.skips.map { (file.path, $0) }
            if !old.tests.isEmpty, new.tests.isEmpty { bare.insert(file.path) }
        }
        compare(before, after)
        compare(helpers: helpers.before, helpers.after)
        for (path, skip) in marksAfter {
            let count = marksBefore[skip.text] ?? 0
            if count > 0 { marksBefore[skip.text] = count - 1 } else { skips.append((path, skip)) }
        }
        excuse(by: sources)
    }

    /// Pairs tests that are alike in all, then by file and name, by name, by body, by a name that differs only in form,
    /// and at last by most of the words. What stays alone is lost.
    private mutating func compare(_ before: [Entry], _ after: [Entry]) {
        var pool = after
        var rest = pair(before, with: &pool) { Likeness(language: $0.language, name: $0.test.name, body: $0.test.body) }
        rest = pair(rest, with: &pool) { Likeness(language: $0.language, path: $0.path, name: $0.test.name) }
        rest = pair(rest, with: &pool) { Likeness(language: $0.language, name: $0.test.name) }
        rest = pair(rest, with: &pool) { entry in
            entry.test.body.map { Likeness(language: entry.language, body: $0) }
        }
        rest = pair(rest, with: &pool) { entry in
            Self.folded(entry.test.name).map { Likeness(language: entry.language, path: entry.path, name: $0) }
        }
        lost = pairByWords(rest, with: &pool)
        added = pool
    }

    private mutating func compare(helpers before: [Entry], _ after: [Entry]) {
        var pool = after
        let rest = pair(before, with: &pool) { Likeness(language: $0.language, path: $0.path, name: $0.test.name) }
        _ = pair(rest, with: &pool) { Likeness(language: $0.language, name: $0.test.name) }
        addedHelpers = pool
    }

    /// In what two tests must agree to be one.
    private struct Likeness: Hashable {
        var language: String
        var path: RepoPath?
        var name: String?
        var body: UInt64?
    }

    /// A name without `test` in front, without case and signs; nil where nothing is left.
    private static func folded(_ name: String) -> String? {
        var letters = name.lowercased().filter { $0.isLetter || $0.isNumber }
        if letters.hasPrefix("test") { letters.removeFirst(4) }
        return letters.isEmpty ? nil : letters
    }

    /// Takes the pairs of equal likeness out of both and returns what found no partner.
    private mutating func pair(
        _ before: [Entry], with pool: inout [Entry], by likeness: (Entry) -> Likeness?
    ) -> [Entry] {
        if before.isEmpty || pool.isEmpty { return before }
        var places: [Likeness: [Int]] = [:]
        for index in pool.indices.reversed() {
            if let likeness = likeness(pool[index]) { places[likeness, default: []].append(index) }
        }
        var taken: Set<Int> = []
        let alone = before.filter { entry in
            guard let likeness = likeness(entry), let place = places[likeness]?.popLast() else { return true }
            taken.insert(place)
            keep(entry, pool[place])
            return false
        }
        pool = pool.indices.filter { !taken.contains($0) }.map { pool[$0] }
        return alone
    }

    private mutating func keep(_ before: Entry, _ after: Entry) {
        if let body = before.test.body, body != after.test.body { changed.append(before) }
        if before.test.body != nil, after.test.body == nil { emptied.append(after) }
        kept.append((before, after))
    }

    /// Pairs each test with the one of its language that shares most of its words, if that is enough to be the same.
    private mutating func pairByWords(_ before: [Entry], with pool: inout [Entry]) -> [Entry] {
        guard !pool.isEmpty, before.count * pool.count <= 40_000 else { return before }
        var candidates = pool.map { ($0, words: $0.words) }
        let alone = before.filter { entry in
            let words = entry.words
            let scores = candidates.indices.filter { candidates[$0].0.language == entry.language }.map { index in
                (index, score: Self.likeness(words, candidates[index].words, entry.path == candidates[index].0.path))
            }
            guard let best = scores.max(by: { $0.score < $1.score }), best.score >= Self.likeEnough else { return true }
            keep(entry, candidates[best.0].0)
            candidates.remove(at: best.0)
            return false
        }
        pool = candidates.map(\.0)
        return alone
    }

    /// The share of common words from which on two tests are one that was rewritten.
    private static let likeEnough = 0.35

    /// How many of all words two tests share; another file must share more.
    private static func likeness(_ a: Set<String>, _ b: Set<String>, _ isSameFile: Bool) -> Double {
        let all = a.union(b).count
        return all == 0 ? 0 : Double(a.intersection(b).count) / Double(all) - (isSameFile ? 0 : 0.2)
    }

    // MARK: What is not lost

    /// Takes out of the lost tests those that are still made, or that nothing is left of to test.
    private mutating func excuse(by sources: ChangedSources) {
        guard !lost.isEmpty else { return }
        let gone = sources.goneNames
        let bodies = Set(kept.compactMap { $0.before.test.body == $0.after.test.body ? $0.after.test.body : nil })
        let tables = grownTables()
        lost = lost.filter { entry in
            if let body = entry.test.body, bodies.contains(body) { return false }
            if !gone.isDisjoint(with: entry.borrowed) { return false }
            return !tables.contains { Self.table($0, holds: entry) }
        }
    }

    /// Tests that run for rows which were not there before, with the values among those rows.
    private func grownTables() -> [(entry: Entry, values: Set<String>)] {
        let grown = kept.filter { $0.after.test.isTable }.map { before, after in
            (after, before.test.isTable ? after.literals.subtracting(before.literals) : after.literals)
        }
        return grown + added.filter(\.test.isTable).map { ($0, $0.literals) }
    }

    /// Whether a test lives on as a row: all its values are among those of the table, which claims no less.
    private static func table(_ table: (entry: Entry, values: Set<String>), holds lost: Entry) -> Bool {
        let claims = lost.test.assertions
        let values = Set(claims.flatMap { Literals.of($0.subject + " " + $0.expected) })
        let strongest = claims.map(\.strength).max() ?? .vacuous
        return table.entry.language == lost.language && !values.isEmpty
            && values.isSubset(of: table.values.union(["\""]))
            && table.entry.test.assertions.contains { $0.strength >= strongest }
    }
}
