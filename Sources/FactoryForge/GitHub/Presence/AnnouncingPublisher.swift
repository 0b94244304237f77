package import FactoryCore
package import FactoryGit

/// Publishes by another publisher, and says of which PR something new stands on the remote.
package struct AnnouncingPublisher: Publisher {
    private let base: any Publisher
    private let announce: @Sendable (PRNumber) -> Void

    /// `announce` must return at once.
    package init(_ base: any Publisher, announce: @escaping @Sendable (PRNumber) -> Void) {
        self.base = base
        self.announce = announce
    }

    package var squashes: Bool { base.squashes }

    package func publish(_ ref: String, at commit: CommitID) async throws -> Publication {
        let publication = try await base.publish(ref, at: commit)
        let prefix = "refs/factory/pr/"
        if publication == .done, ref.hasPrefix(prefix), let number = Int(ref.dropFirst(prefix.count)) {
            announce(PRNumber(number))
        }
        return publication
    }

    package func land(_ landing: PublishedLanding) async throws -> PublishedOutcome {
        let outcome = try await base.land(landing)
        if outcome == .landed { announce(landing.number) }
        return outcome
    }

    package func show(_ branch: String, at head: CommitID?, over shown: CommitID?) async throws {
        try await base.show(branch, at: head, over: shown)
        let name = branch.hasPrefix("spec/") ? String(branch.dropFirst("spec/".count)) : branch
        // A pull request can be opened only once its branch is there.
        if let id = try? SpecID(name) { announce(PRNumber(id.number)) }
    }
}
