import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryForge

/// What people push to a PR's branch while the line looks at the remote, or dies over it.
@Suite(.timeLimit(.minutes(2))) struct ForeignPushTests {
    private let branch = "spec/0007-login"
    private var ref: String { "refs/heads/" + branch }

    /// The first half of a look: the branches are fetched, and nobody has taken up what came. Then the look dies, or is
    /// slow.
    private func halfLook(_ hosts: TwoHosts) async throws {
        try await hosts.git(hosts.directory.path + "/a/hub.git").fetch([
            "+refs/heads/main:refs/remote/heads/main", "+refs/heads/spec/*:refs/remote/heads/spec/*",
        ])
    }

    /// The line has a new head, which it wants to show.
    private func newHead(_ hosts: TwoHosts, of tip: Tip) async throws -> PullRequest {
        var pr = tip.pr
        pr.head = try await hosts.commit("work", on: tip.pr.head, at: hosts.a)
        return pr
    }

    @Test func `what was fetched and not taken up is not shown over`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        let pushed = try await hosts.push(to: branch)
        try await halfLook(hosts)
        try await hosts.a.store.project(newHead(hosts, of: tip))
        #expect(try await hosts.remoteRef(ref) == pushed)
    }

    @Test func `a look that died halfway is made up for by the next one`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        try await hosts.a.mirror.sync()
        let pushed = try await hosts.push(to: branch)
        try await halfLook(hosts)
        try await hosts.a.mirror.sync()
        #expect(try await hosts.a.store.branch(branch) == pushed)
        // From here on it is seen, and the line knows better than to show over it.
        await #expect(throws: ForeignPush.self) { try await hosts.a.store.project(newHead(hosts, of: tip)) }
        #expect(try await hosts.remoteRef(ref) == pushed)
    }

    @Test func `what was fetched and not taken up is not landed over`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.certified(7, at: hosts.a)
        let pushed = try await hosts.push(to: branch)
        try await halfLook(hosts)
        #expect(try await hosts.land(tip, at: hosts.a) == .branchMoved(pushed))
        #expect(try await hosts.remoteRef(ref) == pushed)
        #expect(try await hosts.remoteRef("refs/heads/main") == tip.pr.base)
        #expect(try await hosts.a.store.branch(branch) == pushed)
    }

    @Test func `what was taken up while it was tested is not landed over either`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.certified(7, at: hosts.a)
        let pushed = try await hosts.push(to: branch)
        try await hosts.a.mirror.sync()
        #expect(try await hosts.land(tip, at: hosts.a) == .branchMoved(pushed))
        #expect(try await hosts.remoteRef(ref) == pushed)
        #expect(try await hosts.remoteRef("refs/heads/main") == tip.pr.base)
    }

    @Test func `a main branch that was rewritten does not make a push invisible for good`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        let main = try #require(try await hosts.remoteRef("refs/heads/main"))
        let other = try await hosts.remote.run(["commit-tree", "\(main.hex)^{tree}", "-m", "another root"])
        try await hosts.remote.run(["update-ref", "refs/heads/main", other])
        let pushed = try await hosts.push(to: branch)
        await #expect(throws: GitError.self) { try await hosts.a.mirror.sync() }
        try await hosts.a.store.project(newHead(hosts, of: tip))
        #expect(try await hosts.remoteRef(ref) == pushed)
        try await hosts.remote.run(["update-ref", "refs/heads/main", main.hex])
        try await hosts.a.mirror.sync()
        #expect(try await hosts.a.store.branch(branch) == pushed)
    }

    @Test func `a branch that we have moved during a look is not set back by it`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        let before = try await hosts.a.store.followedBranches()
        let pr = try await newHead(hosts, of: tip)
        try await hosts.a.store.project(pr)
        // The fetch began before that push and ends after it.
        try await hosts.remote.run(["update-ref", ref, tip.pr.head.hex])
        try await halfLook(hosts)
        try await hosts.a.store.followBranches(since: before)
        #expect(try await hosts.a.store.branch(branch) == pr.head)
    }

    @Test func `a factory of before goes on, and a branch that is gone is shown again`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        let hub = hosts.directory.path + "/a/hub.git"
        try await hosts.local(hub).run(["update-ref", "-d", "refs/followed/heads/" + branch])
        try await hosts.a.mirror.sync()
        let pr = try await newHead(hosts, of: tip)
        try await hosts.a.store.project(pr)
        #expect(try await hosts.remoteRef(ref) == pr.head)
        try await hosts.remote.run(["update-ref", "-d", ref])
        try await hosts.a.mirror.sync()
        try await hosts.a.store.project(pr)
        #expect(try await hosts.remoteRef(ref) == pr.head)
    }
}
