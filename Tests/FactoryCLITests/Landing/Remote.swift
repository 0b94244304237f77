import FactoryCore
import FactoryGit
import FactoryTestSupport
import Synchronization

/// A remote for the record alone, which does what a test tells it.
final class Remote: Publisher {
    private let store: GitStore
    private let answer = Mutex<@Sendable (String) throws -> String?>({ _ in nil })

    init(_ store: GitStore) { self.store = store }

    /// From now on `answer` is asked with the ref of each push: nil takes it, words refuse it, and what it throws is
    /// thrown.
    func answer(_ answer: @escaping @Sendable (String) throws -> String?) { self.answer.withLock { $0 = answer } }

    var squashes: Bool { false }

    func publish(_ ref: String, at commit: CommitID) async throws -> Publication {
        let say = answer.withLock { $0 }
        if let reason = try say(ref) { return .refused(reason) }
        try await store.noteMirror(ref, of: .journal, at: commit)
        return .done
    }

    func land(_ landing: PublishedLanding) async throws -> PublishedOutcome {
        let say = answer.withLock { $0 }
        if let reason = try say("refs/heads/main") { return .refused(reason) }
        try await store.noteMirror(JournalStore.ref(landing.number), of: .journal, at: landing.landed)
        return .landed
    }

    func show(_ branch: String, at head: CommitID?, over shown: CommitID?) async throws {}
}

extension BareLine {
    /// The main branch with a few files.
    func found(_ source: inout TaggedFiles.Source) throws -> (base: CommitID, files: TaggedFiles) {
        var files = TaggedFiles()
        files.add(directory: 0, count: 5, &source)
        let base = try commit(files, parents: [], "base")
        try push(base)
        return (base, files)
    }

    /// A PR that adds a file and waits for its checks.
    func open(_ number: PRNumber, on base: CommitID, _ files: TaggedFiles) async throws {
        var opening = Opening.sample(number.value, head: base, base: base)
        var files = files
        files.files["lib/\(number.value).txt"] = .init(lines: ["new"])
        for path in [opening.specPath.text, String(opening.specPath.text.dropLast(3)) + ".plan.md"] {
            files.files[path] = .init(lines: ["of \(number)"])
        }
        opening.head = try commit(files, parents: [base], "head of \(number)")
        _ = try await store.open(number, opening, at: .noon, by: "ann")
        try await approvePlan(number)
    }
}
