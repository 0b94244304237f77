package import FactoryCore
import FactoryFiles
package import FactoryGit

/// `submit`: opens the PR of a spec, or starts it over.
package struct Submission: Sendable {
    package let checkout: Checkout
    package let home: Home
    package let store: GitStore
    package let library: any Library
    package let clock: any WallClock

    package init(
        checkout: Checkout, home: Home, store: GitStore, library: any Library, clock: any WallClock
    ) {
        self.checkout = checkout
        self.home = home
        self.store = store
        self.library = library
        self.clock = clock
    }

    /// Submits files of the checkout, as they are on the disk; paths are relative to the root. `queued` is told each PR
    /// as it stands in the journal. Stops at the first file that cannot be submitted.
    package func submit(files paths: [String], queued: (PullRequest) -> Void) async throws {
        let author = try await person()
        let committed = try await committedHere()
        do {
            for path in paths { queued(try await submit(file: path, author: author, committed: committed)) }
        } catch {
            try await stage(paths)
            throw error
        }
        try await stage(paths)
    }

    private func submit(file path: String, author: Person, committed: Set<String>) async throws -> PullRequest {
        let text = try Files.read(Paths.join(checkout.root, path), limit: 1 << 20)
        let spec = try library.spec(text, at: RepoPath(path))
        guard spec.path.parent == RepoPath("specs") else {
            throw ForgeError.notASpec("\(path) does not lie in specs/: move it there, then submit it")
        }
        let main = try await store.mainTip()
        let tree = try await store.tree(of: main)
        try await requireUniqueNumber(spec, in: tree)
        if try await store.file(spec.path, in: tree, limit: 1 << 20) != text, committed.contains(path) {
            throw ForgeError.specNotOnHub(path, branch: await store.mainBranch)
        }
        let carrying = try await store.putting(text, at: spec.path, into: tree)
        let head = try await store.commit(
            CommitDraft(
                tree: carrying, parents: [main], author: author, message: "Submit \(spec.id)\n", time: clock.now()))
        return try await record(spec, author: author, head: head, base: main)
    }

    /// Known to git, the files are no obstacle for the pull that brings them back from the main branch.
    private func stage(_ paths: [String]) async throws {
        let present = paths.filter { Files.exists(Paths.join(checkout.root, $0)) }
        if !present.isEmpty { _ = try await checkout.git.ask(["add", "--"] + present) }
    }

    /// The specs that are committed on the main branch of the checkout, when that is the branch it stands on. Such a
    /// spec, if the hub has another or none, would make the two branches diverge.
    private func committedHere() async throws -> Set<String> {
        let branch = try await checkout.git.ask(["symbolic-ref", "-q", "--short", "HEAD"])
        guard branch.text == (await store.mainBranch) else { return [] }
        let listed = try await checkout.git.run(["ls-tree", "-z", "--name-only", "--full-tree", "HEAD", "specs/"])
        return Set(listed.split(separator: "\0").map(String.init))
    }

    /// Submits a branch of the checkout that adds one spec.
    package func submit(branch: String) async throws -> PullRequest {
        let found = try await checkout.git.ask(["rev-parse", "-q", "--verify", "refs/heads/\(branch)^{commit}"])
        guard found.code == 0 else { throw ForgeError.noBranch(branch) }
        let head = CommitID(found.text)
        let intake = Intake(store: store, library: library, clock: clock)
        try await checkout.git.run(["push", "-q", "--no-verify", home.hub, "\(head.hex):refs/factory/submitted"])
        let (spec, base) = try await intake.newSpec(on: head, named: branch)
        try await requireUniqueNumber(spec, in: try await store.tree(of: store.mainTip()))
        return try await record(spec, author: try await person(), head: head, base: base)
    }

    private func person() async throws -> Person {
        let (name, email) = try await checkout.identity()
        return Person(name: name, email: email)
    }

    private func record(_ spec: Spec, author: Person, head: CommitID, base: CommitID) async throws -> PullRequest {
        let number = PRNumber(spec.id.number)
        let opening = Opening(spec, author: author, head: head, base: base)
        try await requireNoCycle(opening, number)
        let tip: Tip
        if let existing = try await store.tip(of: number) {
            guard existing.pr.specPath == spec.path else {
                throw ForgeError.numberTaken(spec.id.number, by: existing.pr.specPath.description)
            }
            let entry = Entry(.amended(opening), at: clock.now(), by: author.name)
            tip = try await store.append(entry, to: existing, artifacts: [])
        } else {
            tip = try await store.open(number, opening, at: clock.now(), by: author.name)
        }
        home.ring()
        try await show(tip.pr)
        return tip.pr
    }

    /// The PR starts over from what was submitted, so its branch does as well; what somebody has pushed to it, and the
    /// line has not taken up yet, is kept beside the record.
    private func show(_ pr: PullRequest) async throws {
        do {
            try await store.project(pr)
        } catch let push as ForeignPush {
            try await store.keep(push.commit, of: pr.number, as: "pushed-\(push.commit.short)")
            try await store.project(pr, over: push.commit)
        }
    }

    private func requireNoCycle(_ opening: Opening, _ number: PRNumber) async throws {
        guard !opening.dependsOn.isEmpty else { return }
        let open = try await store.list().map(\.pr).filter { !$0.state.isFinal && $0.number != number }
        let draft = PullRequest(opening, number: number, at: clock.now())
        if let cycle = Admission.cycle(from: draft, open) { throw ForgeError.cycle(cycle) }
    }

    /// Two specs with one number would be one PR.
    private func requireUniqueNumber(_ spec: Spec, in tree: TreeID) async throws {
        let names = try await store.names(in: RepoPath("specs"), of: tree)
        let twin = names.first { name in
            name != spec.id.fileName && (try? SpecID(fileName: name))?.number == spec.id.number
        }
        if let twin { throw ForgeError.numberTaken(spec.id.number, by: "specs/\(twin)") }
    }
}

extension Opening {
    /// What a spec says to the journal.
    init(_ spec: Spec, author: Person, head: CommitID, base: CommitID) {
        self.init(
            specPath: spec.path, title: spec.title, kind: spec.kind.rawValue, priority: spec.priority,
            dependsOn: spec.dependsOn, author: author, head: head, base: base)
    }
}
