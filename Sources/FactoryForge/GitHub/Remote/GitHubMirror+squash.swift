import FactoryCore
import FactoryGit

/// Landing where nobody may push to the main branch: GitHub squashes, and what it made is compared with what was
/// certified.
extension GitHubMirror {
    func land(_ landing: PublishedLanding, by merging: GitHubMerge) async throws -> PublishedOutcome {
        guard !landing.isRevert else {
            return .refused("with `landing: api` it lands as a pull request only: revert it on GitHub, by a person")
        }
        // Whoever died after GitHub had squashed comes back here.
        try await sync()
        if let outcome = try await found(landing) { return outcome }
        guard try await store.tip(of: landing.number)?.id == landing.certified else { return .journalMoved }
        let branch = "refs/heads/\(landing.branch)"
        let now = try await store.mainTip()
        guard now == landing.base else { return .mainMoved(now) }
        // The head is the certified commit then: its parent is the certified base, and its tree the one that was tested.
        switch try await move(branch, from: landing.shown, to: landing.squash) {
        case .done: break
        case .stale: return try await moved(landing) ?? .journalMoved
        case .refused(let reason): return .refused(reason)
        }
        let message = try await store.facts(of: landing.squash).message
        let answer = try await merging.perform(
            landing.branch, head: landing.squash, message: message, onto: store.mainBranch)
        try await sync()
        if let outcome = try await found(landing) {
            guard case .squashed = outcome, !answer.isMerged else { return outcome }
            return .unrecognised("it is on the main branch, but its pull request is not merged")
        }
        switch answer {
        case .merged: return .unrecognised("its pull request is merged, but the main branch has nothing of it")
        case .refused(let reason):
            if case .stale = try await move(branch, from: landing.squash, to: landing.head) {
                try await sync()
                return .journalMoved
            }
            return try await moved(landing) ?? .refused(reason)
        }
    }

    private func found(_ landing: PublishedLanding) async throws -> PublishedOutcome? {
        switch try await store.squashed(landing.certificate, of: landing.squash, on: landing.base) {
        case .nothing: nil
        case .commit(let commit): .squashed(commit)
        case .other(let difference): .unrecognised(difference)
        }
    }

    private func moved(_ landing: PublishedLanding) async throws -> PublishedOutcome? {
        try await sync()
        let now = try await store.mainTip()
        return now == landing.base ? nil : .mainMoved(now)
    }
}
