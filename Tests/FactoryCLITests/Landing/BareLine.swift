import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryTestSupport
import Glibc
import Synchronization

@testable import FactoryLine

/// Hub and journal as they are, with the line's own stations for checks and landing, and nobody else: no agents, no
/// work trees. Checks are green at once; which tree they were shown is noted, because that is what was tested.
final class BareLine {
    let directory: TemporaryDirectory
    let hub: Repository
    let store: GitStore
    let ports: LinePorts
    let yard: CheckYard
    let rivals = Rivals()

    static let main = "refs/heads/main"
    var journalPath: String { directory.path + "/journal.git" }

    init() throws {
        directory = try TemporaryDirectory("factory-landing", in: access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil)
        let path = directory.path + "/hub.git"
        hub = try Repository.createBare(at: path)
        _ = try JournalStore.create(at: directory.path + "/journal.git", hub: path)
        store = try GitStore(
            hub: path, journal: directory.path + "/journal.git", durable: false,
            effect: { [rivals] name, _ in rivals.act(after: name) })
        yard = CheckYard()
        ports = LinePorts(
            journal: store, ledger: store, standing: store, hub: store, holdouts: store, holdoutTable: Nobody(),
            workshop: yard, agents: Nobody(), commands: yard,
            prompts: Nobody(), floors: BareFloor(store: store), library: Nobody(), leases: Nobody(),
            clock: FakeClock(), folder: directory.path + "/sessions")
    }

    /// Works one stage of a PR, with all that the line does around it.
    func turn(_ number: PRNumber) async throws -> PullRequest {
        let till = Till(ports, executor: store.executor)
        let worker = Worker(
            ports: ports, till: till, turnstiles: Turnstiles(), session: CurrentSession(), oneStage: true)
        _ = try await worker.work(tip(number))
        return try await tip(number).pr
    }

    /// What `verify` does.
    func audit() -> Audit {
        Audit(
            journal: store, ledger: store, standing: store, hub: store, floors: ports.floors, library: ports.library,
            holdouts: store)
    }

    func tip(_ number: PRNumber) async throws -> Tip {
        guard let tip = try await store.tip(of: number) else { throw Failure("\(number) has no journal") }
        return tip
    }

    @discardableResult
    func append(_ event: Event, _ number: PRNumber, by: String = "factory") async throws -> PullRequest {
        try await store.append(Entry(event, at: .noon, by: by), to: tip(number), artifacts: []).pr
    }

    /// Plays the review of the plan as it stands in the head, and sends the PR to its checks.
    func approvePlan(_ number: PRNumber) async throws {
        try await append(.retried(to: .planReview, note: ""), number)
        let pr = try await append(.started(.next(.planReview, of: tip(number).pr)), number)
        var finish = try Finish.active(of: pr, .approved)
        finish.approvedPlan = try await ApprovedPlan.read(pr, in: store.tree(of: pr.head), of: store)
        try await append(.finished(finish), number)
        try await append(.retried(to: .implementationCI, note: ""), number)
    }

    /// Plays the code review of the head, which is content.
    func approveCode(_ number: PRNumber) async throws {
        let pr = try await append(.started(.next(.codeReview, of: tip(number).pr)), number)
        try await append(.finished(try Finish.active(of: pr, .approved)), number)
    }

    /// The floor at the main branch's tip.
    func floor() async throws -> Floor { try await ports.floors.floor(at: store.mainTip()) }

    /// Writes a commit of these files.
    func commit(_ files: TaggedFiles, parents: [CommitID], _ message: String) throws -> CommitID {
        let rules = try hub.write(blob: Array("# The same for everybody.\n".utf8))
        var edits: [(RepoPath, TreeEdit)] = [(RepoPath(".factory/config.yml"), .set(.file, rules))]
        for (path, file) in files.files {
            let text = file.lines.map { $0 + "\n" }.joined()
            let blob = try hub.write(blob: Array(text.utf8))
            edits.append((RepoPath(path), .set(file.isExecutable ? .executable : .file, blob)))
        }
        let ann = Signature(name: "Ann", email: "ann@example.org", when: .noon)
        return try hub.commit(
            FactoryGit.CommitDraft(
                tree: hub.updating(.empty, edits), parents: parents, author: ann, committer: ann, message: message))
    }

    /// The files of a tree.
    func files(_ tree: TreeID) throws -> TaggedFiles {
        var found = TaggedFiles()
        try read(tree, at: "", into: &found)
        return found
    }

    private func read(_ tree: TreeID, at prefix: String, into found: inout TaggedFiles) throws {
        for entry in try hub.entries(of: tree) where prefix != "" || entry.name != Array(".factory".utf8) {
            let path = prefix + String(decoding: entry.name, as: UTF8.self)
            if entry.isDirectory {
                try read(entry.tree, at: path + "/", into: &found)
            } else {
                let text = String(decoding: try hub.read(entry.blob, limit: 1 << 20), as: UTF8.self)
                found.files[path] = TaggedFiles.File(
                    lines: text.split(separator: "\n").map(String.init), isExecutable: entry.mode == 0o100755)
            }
        }
    }

    /// Puts the main branch on a commit, as somebody who pushes does.
    func push(_ commit: CommitID, to ref: String = main, force: Bool = false) throws {
        let now = try hub.resolve(ref)
        if let now, !force, now != commit, try !hub.isAncestor(now, of: commit) {
            throw Failure("\(ref) is not behind \(commit)")
        }
        try hub.move(ref, from: now, to: commit)
    }
}

/// Somebody who acts at a certain moment, once.
final class Rivals: Sendable {
    private let plan = Mutex<(effect: String, body: @Sendable () throws -> Void)?>(nil)

    /// Lets somebody act right after the next durable effect of that name.
    func act(after effect: String, _ body: @escaping @Sendable () throws -> Void) {
        plan.withLock { $0 = (effect, body) }
    }

    /// Nobody acts any more.
    func forget() { plan.withLock { $0 = nil } }

    func act(after name: String) {
        let due = plan.withLock { plan in
            guard plan?.effect == name else { return nil as (@Sendable () throws -> Void)? }
            defer { plan = nil }
            return plan?.body
        }
        do { try due?() } catch { preconditionFailure("the rival failed: \(error)") }
    }
}

/// One floor for every commit of the main branch, with one check and wide bounds.
private struct BareFloor: FloorReader {
    let store: GitStore

    func floor(at commit: CommitID) async throws -> Floor {
        var configuration = Configuration()
        configuration.checks = [Check(name: "test", run: "true")]
        configuration.defaultAgent = AgentSetting(command: ["nobody"])
        configuration.budget = .unlimited
        configuration.limits.diffFiles = 10_000
        configuration.limits.diffLines = 1_000_000
        // What lands is looked at line by line; modes are turned on and off at random.
        configuration.guards.levels["mode-change"] = .off
        let version = try await store.floorVersion(in: store.tree(of: commit)) ?? "none"
        return Floor(commit: commit, version: version, configuration: configuration, prompts: [:], principles: "")
    }

    func fault(in tree: TreeID) async throws -> String? { nil }

    func commandFiles(_ command: [String], at commit: CommitID) async throws -> [String: String] { [:] }
}
