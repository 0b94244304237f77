import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryProcess
import FactoryTestSupport
import Glibc
import Synchronization

@testable import FactoryForge

/// Keeps what was said.
final class Said: Sendable {
    private let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }
    func note(_ text: String) { texts.withLock { $0.append(text) } }
}

/// A bare repository that stands for the remote, and machines that each have a hub and a journal of it.
struct TwoHosts {
    let directory: TemporaryDirectory
    private let runner: ProcessRunner
    let remote: GitProgram
    let a: Host
    let b: Host

    /// One machine.
    struct Host {
        let store: GitStore
        let mirror: GitHubMirror
        let said: Said
    }

    init() async throws {
        directory = try TemporaryDirectory()
        runner = try ProcessRunner()
        let path = directory.path + "/remote.git"
        _ = try Repository.createBare(at: path, mainBranch: "main")
        remote = Self.git(runner, path)
        let tree = try await remote.run(["hash-object", "-t", "tree", "-w", "--stdin"])
        let root = try await remote.run(["commit-tree", tree, "-m", "root"])
        try await remote.run(["update-ref", "refs/heads/main", root])
        a = try await Self.host(directory.path + "/a", remote: path, runner)
        b = try await Self.host(directory.path + "/b", remote: path, runner)
    }

    private static func git(_ runner: ProcessRunner, _ path: String) -> GitProgram {
        var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"]
        for role in ["AUTHOR", "COMMITTER"] {
            environment["GIT_\(role)_NAME"] = "Ann"
            environment["GIT_\(role)_EMAIL"] = "ann@example.org"
        }
        return GitProgram(runner: runner, environment: environment, directory: path)
    }

    private static func host(_ path: String, remote: String, _ runner: ProcessRunner) async throws -> Host {
        try Files.makeDirectory(path)
        let (hub, journal) = (path + "/hub.git", path + "/journal.git")
        _ = try Repository.createBare(at: hub, mainBranch: "main")
        _ = try JournalStore.create(at: journal, hub: hub)
        try await git(runner, hub).run(["fetch", "-q", remote, "refs/heads/main:refs/heads/main"])
        let store = try GitStore(hub: hub, journal: journal, durable: false)
        let access = { RemoteGit(git(runner, $0), url: remote, clock: FakeClock()) { nil } }
        let said = Said()
        let mirror = GitHubMirror(store: store, remote: access(journal), hub: access(hub), warn: said.note)
        await store.publish(by: mirror, withArtifacts: false)
        return Host(store: store, mirror: mirror, said: said)
    }

    /// A commit on top of another one that adds a file, in a machine's hub.
    func commit(_ name: String, on parent: CommitID, at host: Host) async throws -> CommitID {
        let tree = try await host.store.putting(Array(name.utf8), at: RepoPath(name), into: host.store.tree(of: parent))
        return try await host.store.commit(
            CommitDraft(tree: tree, parents: [parent], author: .ann, message: name, time: .noon))
    }

    /// Opens a PR at a machine, on top of its main branch.
    func open(_ number: Int, at host: Host) async throws -> Tip {
        let main = try await host.store.mainTip()
        let head = try await commit("spec-\(number)", on: main, at: host)
        let tip = try await host.store.open(
            PRNumber(number), .sample(number, head: head, base: main), at: .noon, by: "ann")
        try await host.store.project(tip.pr)
        return tip
    }

    /// A PR at `merge` with a certificate, as the line writes it, and what would land.
    func certified(_ number: Int, at host: Host) async throws -> Tip {
        var tip = try await open(number, at: host)
        let squash = try await commit("squash", on: tip.pr.base, at: host)
        let certification = Certification(id: .numbered(0xC1), squash: squash, base: tip.pr.base)
        let events: [Event] = [.retried(to: .merge, note: ""), .started(.next(.merge, of: tip.pr, token: "t"))]
        for event in events + [.certified(token: "t", certification, certificate: .object([:]))] {
            tip = try await host.store.append(Entry(event, at: .noon, by: "factory"), to: tip, artifacts: [])
        }
        return tip
    }

    func land(_ tip: Tip, at host: Host) async throws -> Landing {
        guard let squash = tip.pr.certificate?.squash else { return .journalMoved }
        return try await host.store.land(tip, entry: Entry(.landed(squash), at: .noon + 9, by: "factory"))
    }

    /// A person pushes one commit onto a branch of the remote.
    func push(to branch: String) async throws -> CommitID {
        let ref = "refs/heads/" + branch
        let pushed = try await remote.run(["commit-tree", "\(ref)^{tree}", "-p", ref, "-m", "by hand"])
        try await remote.run(["update-ref", ref, pushed])
        return CommitID(pushed)
    }

    /// Access to the remote from a repository.
    func git(_ repository: String) -> RemoteGit {
        RemoteGit(Self.git(runner, repository), url: remote.directory, clock: FakeClock()) { nil }
    }

    /// Git in a repository of a machine.
    func local(_ repository: String) -> GitProgram { Self.git(runner, repository) }

    /// Where a ref of the remote stands.
    func remoteRef(_ ref: String) async throws -> CommitID? {
        let answer = try await remote.ask(["rev-parse", "-q", "--verify", ref])
        return answer.code == 0 ? CommitID(answer.text) : nil
    }

    /// Whatever is pushed to this ref from now on is refused, as a rule of the repository does.
    func protect(_ ref: String) throws {
        try hook("update", "[ \"$1\" = \(ref) ] || exit 0\necho 'GH013: Repository rule violations found'\nexit 1\n")
    }

    /// No rule refuses anything any more.
    func unprotect() throws { try Files.remove(hooks + "/update") }

    /// From now on whoever has pushed is told so a second after it is done.
    func answerLate() throws { try hook("post-receive", "cat > /dev/null\nsleep 1\n") }

    private var hooks: String { directory.path + "/remote.git/hooks" }

    private func hook(_ name: String, _ script: String) throws {
        try Files.makeDirectory(hooks)
        try Files.write("#!/bin/sh\n" + script, to: hooks + "/" + name)
        guard chmod(hooks + "/" + name, 0o755) == 0 else { throw SystemError("chmod", name) }
    }

    /// The store of a machine without its remote: what it records is published by nobody.
    func offline(_ name: String = "a") throws -> GitStore {
        let path = directory.path + "/" + name
        return try GitStore(hub: path + "/hub.git", journal: path + "/journal.git", durable: false)
    }
}
