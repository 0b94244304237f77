/// What a change does to the tests as a whole.
///
/// A test that moves to another file is the same test, and so is one that got another name while its body stayed.
struct TestDelta {
    /// A test of the change, and the file that it stands or stood in.
    struct Entry {
        var path: RepoPath
        var language: String
        var test: TestCase
    }

    /// Tests that were there before and are gone.
    private(set) var lost: [Entry] = []
    /// Tests that did something before and do nothing now.
    private(set) var emptied: [Entry] = []
    /// Tests that are there still and do something else, as they were before.
    private(set) var changed: [Entry] = []
    /// Marks that were not there before.
    private(set) var skips: [(path: RepoPath, skip: SkipMark)] = []

    init(of change: Change) {
        var before: [Entry] = []
        var after: [Entry] = []
        var marksBefore: [String: Int] = [:]
        var marksAfter: [(path: RepoPath, skip: SkipMark)] = []
        for file in change.files where file.before?.blob != file.after?.blob {
            for language in TestLanguages.all where language.covers(file.path) {
                let old = language.inventory(of: file.before?.content ?? [])
                let new = language.inventory(of: file.after?.content ?? [])
                before += old.tests.map { Entry(path: file.path, language: language.name, test: $0) }
                after += new.tests.map { Entry(path: file.path, language: language.name, test: $0) }
                for skip in old.skips { marksBefore[skip.text, default: 0] += 1 }
                marksAfter += new.skips.map { (file.path, $0) }
            }
        }
        compare(before, after)
        for (path, skip) in marksAfter {
            let count = marksBefore[skip.text] ?? 0
            if count > 0 { marksBefore[skip.text] = count - 1 } else { skips.append((path, skip)) }
        }
    }

    /// Pairs tests that are alike in all, then by file and name, then by name, then by body. What stays alone is lost.
    private mutating func compare(_ before: [Entry], _ after: [Entry]) {
        var pool = after
        var rest = pair(before, with: &pool) { Likeness(language: $0.language, name: $0.test.name, body: $0.test.body) }
        rest = pair(rest, with: &pool) { Likeness(language: $0.language, path: $0.path, name: $0.test.name) }
        rest = pair(rest, with: &pool) { Likeness(language: $0.language, name: $0.test.name) }
        lost = pair(rest, with: &pool) { entry in
            entry.test.body.map { Likeness(language: entry.language, body: $0) }
        }
    }

    /// In what two tests must agree to be one.
    private struct Likeness: Hashable {
        var language: String
        var path: RepoPath?
        var name: String?
        var body: UInt64?
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
            if let body = entry.test.body, body != pool[place].test.body { changed.append(entry) }
            if entry.test.body != nil, pool[place].test.body == nil { emptied.append(pool[place]) }
            return false
        }
        pool = pool.indices.filter { !taken.contains($0) }.map { pool[$0] }
        return alone
    }
}

/// A guard that asks only what happens to the tests. Reading them is the dearest part of all guards, so it is done once.
protocol TestGuard: Guard {
    func judge(_ tests: TestDelta) -> [Violation]
}

extension TestGuard {
    package func judge(_ change: Change, in context: GuardContext) -> [Violation] { judge(TestDelta(of: change)) }
}
