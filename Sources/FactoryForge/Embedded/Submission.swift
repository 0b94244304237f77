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

    /// Submits a file of the checkout, as it is on the disk. `path` is relative to the root.
    package func submit(file path: String) async throws -> PullRequest {
        let text = try Files.read(Paths.join(checkout.root, path), limit: 1 << 20)
        let spec = try library.spec(text, at: RepoPath(path))
        guard spec.path.parent == RepoPath("specs") else {
            throw ForgeError.notASpec("\(path) does not lie in specs/: move it there, then submit it")
        }
        let main = try await store.mainTip()
        let tree = try await store.tree(of: main)
        try await requireUniqueNumber(spec, in: tree)
        let landed = try await store.file(spec.path, in: tree, limit: 1 << 20)
        if landed != text { try await requirePushed(path) }
        let author = try await person()
        let carrying = try await store.putting(text, at: spec.path, into: tree)
        let head = try await store.commit(
            CommitDraft(
                tree: carrying, parents: [main], author: author, message: "Submit \(spec.id)\n", time: clock.now()))
        let pr = try await record(spec, author: author, head: head, base: main)
        // Known to git, the file is no obstacle for the pull that brings it back from the main branch.
        _ = try await checkout.git.ask(["add", "--", path])
        return pr
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
        let open = try await store.list().map(\.pr).filter { !$0.state.isFinal && $0.number != number }
        let draft = PullRequest(opening, number: number, at: clock.now())
        if let cycle = Admission.cycle(from: draft, open) { throw ForgeError.cycle(cycle) }
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
        try await store.project(tip.pr)
        home.ring()
        return tip.pr
    }

    /// Two specs with one number would be one PR.
    private func requireUniqueNumber(_ spec: Spec, in tree: TreeID) async throws {
        let names = try await store.names(in: RepoPath("specs"), of: tree)
        let twin = names.first { name in
            name != spec.id.fileName && (try? SpecID(fileName: name))?.number == spec.id.number
        }
        if let twin { throw ForgeError.numberTaken(spec.id.number, by: "specs/\(twin)") }
    }

    /// A spec that is committed on the main branch here, and not there, would make the two branches diverge.
    private func requirePushed(_ path: String) async throws {
        let branch = await store.mainBranch
        let here = try await checkout.git.ask(["symbolic-ref", "-q", "--short", "HEAD"])
        guard here.text == branch else { return }
        let committed = try await checkout.git.ask(["cat-file", "-e", "HEAD:\(path)"])
        if committed.code == 0 { throw ForgeError.specNotOnHub(path, branch: branch) }
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
