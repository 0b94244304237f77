/// What a change does to the tests as a whole.
///
/// A test that moves to another file is the same test, and so is one that got another name while its body stayed.
struct TestDelta {
    /// A test of the change, and the file that it stands or stood in.
    struct Entry {
        var path: RepoPath
        var language: String
        var test: TestCase

        var key: Key { Key(language: language, text: test.name) }
    }

    struct Key: Hashable {
        var language: String
        var text: String
    }

    /// Tests that were there before and are gone.
    private(set) var lost: [Entry] = []
    /// Tests that did something before and do nothing now.
    private(set) var emptied: [Entry] = []
    /// Marks that were not there before.
    private(set) var skips: [(path: RepoPath, skip: SkipMark)] = []

    init(of change: Change) {
        var before: [Entry] = []
        var after: [Entry] = []
        var marksBefore: [Key: Int] = [:]
        var marksAfter: [(path: RepoPath, key: Key, skip: SkipMark)] = []
        for file in change.files where file.before?.blob != file.after?.blob {
            for language in TestLanguages.all where language.covers(file.path) {
                let old = language.inventory(of: file.before?.content ?? [])
                let new = language.inventory(of: file.after?.content ?? [])
                before += old.tests.map { Entry(path: file.path, language: language.name, test: $0) }
                after += new.tests.map { Entry(path: file.path, language: language.name, test: $0) }
                for skip in old.skips { marksBefore[Key(language: language.name, text: skip.text), default: 0] += 1 }
                marksAfter += new.skips.map { (file.path, Key(language: language.name, text: $0.text), $0) }
            }
        }
        compare(before, after)
        for (path, key, skip) in marksAfter {
            if let count = marksBefore[key], count > 0 {
                marksBefore[key] = count - 1
            } else {
                skips.append((path, skip))
            }
        }
    }

    /// Pairs tests by file and name, then by name, then by body.
    ///
    /// What stays alone is lost.
    private mutating func compare(_ before: [Entry], _ after: [Entry]) {
        var pool = after
        var rest = before
        rest = pair(rest, with: &pool) { [$0.key.language, $0.path.text, $0.test.name] }
        rest = pair(rest, with: &pool) { [$0.key.language, $0.test.name] }
        lost = pair(rest, with: &pool) { entry in entry.test.body.map { [entry.language, String($0)] } }
    }

    /// Takes the pairs with equal keys out of both and returns what found no partner.
    ///
    /// An entry without key has none.
    private mutating func pair(
        _ before: [Entry], with pool: inout [Entry], by key: (Entry) -> [String]?
    ) -> [Entry] {
        if before.isEmpty || pool.isEmpty { return before }
        var places: [[String]: [Int]] = [:]
        for index in pool.indices.reversed() {
            if let key = key(pool[index]) { places[key, default: []].append(index) }
        }
        var taken: Set<Int> = []
        let alone = before.filter { entry in
            guard let key = key(entry), let place = places[key]?.popLast() else { return true }
            taken.insert(place)
            if entry.test.body != nil, pool[place].test.body == nil { emptied.append(pool[place]) }
            return false
        }
        pool = pool.indices.filter { !taken.contains($0) }.map { pool[$0] }
        return alone
    }
}
