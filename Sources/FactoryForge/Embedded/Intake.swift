package import FactoryCore
package import FactoryGit

/// Opens PRs for branches `spec/*` that somebody pushed to the hub with one new spec.
package struct Intake: Sendable {
    private let store: GitStore
    private let library: any Library
    private let clock: any WallClock

    package init(store: GitStore, library: any Library, clock: any WallClock) {
        self.store = store
        self.library = library
        self.clock = clock
    }

    /// Looks at every branch without a journal. Gives a sentence for each that cannot be taken.
    package func run() async throws -> [String] {
        var refused: [String] = []
        for (branch, head) in try await store.specBranches() {
            let name = String(branch.dropFirst("spec/".count))
            do {
                let id = try SpecID(name)
                guard let known = try await store.tip(of: PRNumber(id.number)) else {
                    try await open(id, head, branch)
                    continue
                }
                if known.pr.branch != branch {
                    throw ForgeError.numberTaken(id.number, by: known.pr.specPath.description)
                }
            } catch is JournalConflict {
                // Somebody else has just taken it.
            } catch {
                refused.append("\(branch) was pushed, but is not taken: \(error)")
            }
        }
        return refused
    }

    /// Opens the PR of one branch `spec/NNNN-name`. Throws `ForgeError` when the branch cannot be taken, and
    /// `JournalConflict` when its number has a journal already.
    package func take(_ branch: String, at head: CommitID) async throws -> PullRequest {
        try await open(try SpecID(String(branch.dropFirst("spec/".count))), head, branch).pr
    }

    @discardableResult
    private func open(_ id: SpecID, _ head: CommitID, _ branch: String) async throws -> Tip {
        let (spec, base) = try await newSpec(on: head, named: branch)
        guard spec.id == id else {
            throw ForgeError.notASpec("the branch is called \(branch), but adds \(spec.path)")
        }
        let author = try await store.author(of: head)
        let opening = Opening(spec, author: author, head: head, base: base)
        let tip = try await store.open(PRNumber(id.number), opening, at: clock.now(), by: author.name)
        try await store.project(tip.pr)
        return tip
    }

    /// The one spec that a commit adds to the main branch, and where the two parted.
    func newSpec(on head: CommitID, named branch: String) async throws -> (spec: Spec, base: CommitID) {
        guard let base = try await store.mergeBase(head, store.mainTip()) else {
            throw ForgeError.notASpec("\(branch) has no history in common with the main branch")
        }
        let tree = try await store.tree(of: head)
        let added = try await store.change(from: store.tree(of: base), to: tree).files.filter { file in
            file.before == nil && file.path.parent == RepoPath("specs")
                && (try? SpecID(fileName: file.path.name)) != nil
        }
        guard added.count == 1, let content = added[0].after?.content else {
            throw ForgeError.branchHasNoSpec(branch, found: added.map(\.path.description))
        }
        return (try library.spec(content, at: added[0].path), base)
    }
}
