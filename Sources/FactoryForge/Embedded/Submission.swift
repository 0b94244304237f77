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

    /// A file that was read: a spec, and its text as git would store it.
    private struct Draft {
        let path: String
        let text: [UInt8]
        let spec: Spec
    }

    /// Submits files of the checkout, as they are on the disk; paths are relative to the root. `queued` is told each PR
    /// as it stands in the journal. Nothing is queued when one cannot be read, or when they wait for each other in a
    /// circle; after that it stops at the first that cannot be submitted. Gives a sentence when something is left for the person to do.
    package func submit(files paths: [String], queued: (PullRequest) -> Void) async throws -> String? {
        guard !paths.isEmpty else { return nil }
        let author = try await person()
        let drafts = try await read(paths)
        try await requireNotIgnored(drafts)
        try await requireNoCycle(drafts.map(\.spec))
        let committed = try await committedHere()
        var begun: [String] = []
        do {
            for draft in drafts {
                let (head, main) = try await commit(draft, author: author, committed: committed)
                try await requireFree(draft.spec)
                begun.append(draft.path)
                queued(try await record(draft.spec, author: author, head: head, base: main))
            }
        } catch {
            _ = try? await stage(begun)
            throw error
        }
        return try await stage(begun)
    }

    private func read(_ paths: [String]) async throws -> [Draft] {
        var drafts: [Draft] = []
        for path in paths {
            let text = try await stored(try checkout.specText(path), of: path)
            let spec = try library.spec(text, at: RepoPath(path))
            guard spec.path.parent == RepoPath("specs") else {
                throw ForgeError.notASpec("\(path) does not lie in specs/: move it there, then submit it")
            }
            if let twin = drafts.first(where: { $0.spec.id.number == spec.id.number }) {
                throw ForgeError.numberTaken(spec.id.number, by: twin.path)
            }
            drafts.append(Draft(path: path, text: text, spec: spec))
        }
        return drafts
    }

    /// The text as git would store it: where git turns line ends, the pull that brings the spec back compares with
    /// that. Files without a carriage return are what they are.
    private func stored(_ text: [UInt8], of path: String) async throws -> [UInt8] {
        guard text.contains(UInt8(ascii: "\r")) else { return text }
        let id = try await checkout.git.run(["hash-object", "-w", "--", path])
        return try await checkout.git.ask(["cat-file", "blob", id]).output
    }

    /// What git ignores could be neither pulled over nor committed by the line.
    private func requireNotIgnored(_ drafts: [Draft]) async throws {
        let paths = drafts.flatMap { [$0.path, $0.spec.planPath.description] }
        let ignored = try await checkout.git.ask(["check-ignore", "--"] + paths)
        guard ignored.code != 0 else {
            throw ForgeError.ignored(ignored.text.split(separator: "\n").map(String.init))
        }
    }

    private func commit(
        _ draft: Draft, author: Person, committed: [String: String]
    ) async throws -> (head: CommitID, main: CommitID) {
        let main = try await store.mainTip()
        let tree = try await store.tree(of: main)
        try await requireUniqueNumber(draft.spec, in: tree)
        let onHub = try await store.fingerprint(of: draft.spec.path, in: tree)
        if let here = committed[draft.path], here != onHub,
            onHub != (try await store.fingerprint(of: draft.text) as BlobID).hex
        {
            throw ForgeError.specNotOnHub(draft.path, branch: await store.mainBranch)
        }
        let carrying = try await store.putting(draft.text, at: draft.spec.path, into: tree)
        let head = try await store.commit(
            CommitDraft(
                tree: carrying, parents: [main], author: author, message: "Submit \(draft.spec.id)\n",
                time: clock.now()))
        return (head, main)
    }

    /// Known to git, the files are no obstacle for the pull that brings them back from the main branch. Gives a sentence
    /// when git does not take them.
    private func stage(_ paths: [String]) async throws -> String? {
        let present = paths.filter { Files.exists(Paths.join(checkout.root, $0)) }
        guard !present.isEmpty else { return nil }
        let added = try await checkout.git.ask(["add", "--"] + present)
        guard added.code != 0 else { return nil }
        let why = added.errors.split(separator: "\n").first.map { " (\($0))" } ?? ""
        return "git could not stage what was submitted\(why): run `git add \(present.joined(separator: " "))` before "
            + "you pull"
    }

    /// The specs that are committed on the main branch of the checkout, when that is the branch it stands on, with the
    /// id of each. Such a spec, if the hub has another or none, would make the two branches diverge.
    private func committedHere() async throws -> [String: String] {
        let branch = try await checkout.git.ask(["symbolic-ref", "-q", "--short", "HEAD"])
        guard branch.text == (await store.mainBranch) else { return [:] }
        let listed = try await checkout.git.ask(["ls-tree", "-z", "--full-tree", "HEAD", "specs/"])
        var ids: [String: String] = [:]
        for line in listed.text.split(separator: "\0") {
            // mode, kind and id, a tab, the path
            let parts = line.split(separator: "\t", maxSplits: 1)
            if parts.count == 2, let id = parts[0].split(separator: " ").last { ids[String(parts[1])] = String(id) }
        }
        return ids
    }

    /// Submits a branch of the checkout that adds one spec.
    package func submit(branch: String) async throws -> PullRequest {
        let found = try await checkout.git.ask(["rev-parse", "-q", "--verify", "refs/heads/\(branch)^{commit}"])
        guard found.code == 0 else { throw ForgeError.noBranch(branch) }
        let head = CommitID(found.text)
        let intake = Intake(store: store, library: library, clock: clock)
        try await checkout.git.run(["push", "-q", "--no-verify", home.hub, "+\(head.hex):refs/factory/submitted"])
        let (spec, base) = try await intake.newSpec(on: head, named: branch)
        try await requireUniqueNumber(spec, in: try await store.tree(of: store.mainTip()))
        try await requireFree(spec)
        try await requireNoCycle([spec])
        return try await record(spec, author: try await person(), head: head, base: base)
    }

    private func person() async throws -> Person {
        let (name, email) = try await checkout.identity()
        return Person(name: name, email: email)
    }

    private func record(_ spec: Spec, author: Person, head: CommitID, base: CommitID) async throws -> PullRequest {
        let number = PRNumber(spec.id.number)
        let opening = Opening(spec, author: author, head: head, base: base)
        let tip: Tip
        if let existing = try await store.tip(of: number) {
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

    /// Throws when the number is another's, or when the spec has landed.
    private func requireFree(_ spec: Spec) async throws {
        guard let existing = try await store.tip(of: PRNumber(spec.id.number))?.pr else { return }
        guard existing.specPath == spec.path else {
            throw ForgeError.numberTaken(spec.id.number, by: existing.specPath.description)
        }
        if existing.state == .merged {
            throw ForgeError.landed(spec.path.description, commit: existing.landed?.short ?? "a commit")
        }
    }

    /// Throws when one of the specs would wait for itself in a circle, through the others or what is queued already.
    private func requireNoCycle(_ specs: [Spec]) async throws {
        guard specs.contains(where: { !$0.dependsOn.isEmpty }) else { return }
        let main = try await store.mainTip()
        let new = specs.map { spec in
            Admission.Candidate(
                PullRequest(
                    Opening(spec, author: .factory, head: main, base: main), number: PRNumber(spec.id.number),
                    at: clock.now()))
        }
        let numbers = Set(new.map(\.number))
        let open = try await store.list().map { Admission.Candidate($0.pr) }
            .filter { !$0.state.isFinal && !numbers.contains($0.number) }
        for draft in new {
            if let cycle = Admission.cycle(from: draft, open + new) { throw ForgeError.cycle(cycle) }
        }
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
            dependsOn: spec.dependsOn, stream: spec.stream, author: author, head: head, base: base)
    }
}
