import CGit2
package import FactoryCore
import FactoryFiles

/// The line's memory: a bare repository beside the hub that borrows the hub's objects.
///
/// Each PR has a ref, `refs/factory/pr/<n>`, whose first-parent chain is its story, one commit per event. Closed PRs
/// can be folded into one archive; everything here finds them there as well.
package final class JournalStore {
    package let repository: Repository
    /// Archive pages that were read, by the archive they belong to.
    var pages: (archive: CommitID, byNumber: [Int: ArchivePage])?

    package init(_ repository: Repository) { self.repository = repository }

    /// Makes the journal beside a hub, whose git directory is `hub`.
    ///
    /// Throws as `Repository.createBare`.
    package static func create(at path: String, hub: String, durable: Bool = false) throws(GitError) -> JournalStore {
        JournalStore(try Repository.createBare(at: path, alternates: [hub], durable: durable))
    }

    package static func open(_ path: String, durable: Bool = false) throws(GitError) -> JournalStore {
        JournalStore(try Repository.open(path, durable: durable))
    }

    static let prefix = "refs/factory/pr/"

    /// The ref of a PR.
    package static func ref(_ number: PRNumber) -> String { prefix + String(number.value) }

    /// The newest record of a PR; nil when it has none.
    package func tip(_ number: PRNumber) throws(GitError) -> CommitID? {
        if let tip = try repository.resolve(Self.ref(number)) { return tip }
        return try archived(number)?.tip
    }

    /// Every PR that is not archived, by number, with its newest record.
    package func list() throws(GitError) -> [(PRNumber, CommitID)] {
        let refs = try repository.references(prefix: Self.prefix)
        let found = refs.compactMap { ref in
            Int(ref.name.dropFirst(Self.prefix.count)).map { (PRNumber($0), ref.target) }
        }
        return found.sorted { $0.0 < $1.0 }
    }
}
