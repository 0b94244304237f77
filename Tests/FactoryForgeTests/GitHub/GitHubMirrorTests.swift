import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryForge

@Suite(.timeLimit(.minutes(2))) struct GitHubMirrorTests {
    private let seven = PRNumber(7)
    private let journal = "refs/factory/pr/7"

    private func noted(_ text: String) -> Entry { Entry(.noted(text), at: .noon + 1, by: "ann") }

    @Test func `what one machine records the other one has`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        #expect(try await hosts.remoteRef(journal) == tip.id)
        #expect(try await hosts.remoteRef("refs/heads/spec/0007-login") == tip.pr.head)
        try await hosts.b.mirror.sync()
        #expect(try await hosts.b.store.tip(of: seven) == tip)
        #expect(try await hosts.b.store.branch("spec/0007-login") == tip.pr.head)
        let next = try await hosts.b.store.append(noted("from b"), to: tip, artifacts: [])
        try await hosts.a.mirror.sync()
        #expect(try await hosts.a.store.history(of: seven).map(\.id) == [tip.id, next.id])
    }

    @Test func `of two who write at once one wins, and the other knows`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        try await hosts.b.mirror.sync()
        let won = try await hosts.a.store.append(noted("a"), to: tip, artifacts: [])
        await #expect(throws: JournalConflict(number: seven)) {
            try await hosts.b.store.append(noted("b"), to: tip, artifacts: [])
        }
        #expect(try await hosts.b.store.tip(of: seven) == won)
        let kept = try await hosts.b.store.rescued(of: seven)
        #expect(kept.count == 1 && kept[0].session.hasPrefix("unpublished-"))
    }

    @Test func `two who open the same number do not both have it`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        let main = try await hosts.b.store.mainTip()
        let other = try await hosts.commit("another", on: main, at: hosts.b)
        await #expect(throws: JournalConflict(number: seven)) {
            try await hosts.b.store.open(seven, .sample(7, head: other, base: main), at: .noon, by: "bob")
        }
        #expect(try await hosts.b.store.tip(of: seven) == tip)
    }

    @Test func `artifacts stay here, and are found here`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        let next = try await hosts.a.store.append(
            noted("with a log"), to: tip, artifacts: [Artifact(name: "log.txt", bytes: [1, 2])])
        #expect(try await hosts.a.store.artifact("log.txt", of: next.id) == [1, 2])
        try await hosts.b.mirror.sync()
        #expect(try await hosts.b.store.artifact("log.txt", of: next.id) == nil)
        #expect(try await hosts.remote.run(["ls-tree", "-r", journal]).isEmpty)
    }

    @Test func `what was recorded while nobody published is published with the next look`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        let next = try await hosts.offline().append(noted("offline"), to: tip, artifacts: [])
        #expect(try await hosts.remoteRef(journal) == tip.id)
        try await hosts.a.mirror.sync()
        #expect(try await hosts.remoteRef(journal) == next.id)
    }

    @Test func `a person's push to the branch is seen, our own is not taken for one`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        try await hosts.a.mirror.sync()
        #expect(try await hosts.a.store.branch(tip.pr.branch) == tip.pr.head)
        let pushed = try await hosts.remote.run([
            "commit-tree", "\(tip.pr.head.hex)^{tree}", "-p", tip.pr.head.hex, "-m", "by hand",
        ])
        try await hosts.remote.run(["update-ref", "refs/heads/\(tip.pr.branch)", pushed])
        try await hosts.a.mirror.sync()
        #expect(try await hosts.a.store.branch(tip.pr.branch)?.hex == pushed)
        #expect(try await hosts.a.store.tip(of: seven)?.pr.head == tip.pr.head)
    }

    @Test func `a main branch that was rewritten is not followed`() async throws {
        let hosts = try await TwoHosts()
        let main = try await hosts.a.store.mainTip()
        let next = try await hosts.commit("x", on: main, at: hosts.a)
        try await hosts.remote.run(["fetch", "-q", hosts.directory.path + "/a/hub.git", "+\(next.hex):refs/heads/main"])
        try await hosts.a.mirror.sync()
        #expect(try await hosts.a.store.mainTip() == next)
        let other = try await hosts.remote.run(["commit-tree", "\(main.hex)^{tree}", "-m", "another root"])
        try await hosts.remote.run(["update-ref", "refs/heads/main", other])
        await #expect(throws: GitError.self) { try await hosts.a.mirror.sync() }
        #expect(try await hosts.a.store.mainTip() == next)
    }

    @Test func `what somebody has gone on from already is recorded, not lost`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        let before = try await hosts.a.store.mirror(of: journal, in: .journal)
        let next = try await hosts.a.store.append(noted("a"), to: tip, artifacts: [])
        try await hosts.b.mirror.sync()
        let last = try await hosts.b.store.append(noted("b"), to: next, artifacts: [])
        // As if the answer to the push of the first had been lost, or a second one had overtaken it.
        try await hosts.a.store.noteMirror(journal, of: .journal, at: before)
        #expect(try await hosts.a.mirror.publish(journal, at: next.id) == .done)
        #expect(try await hosts.remoteRef(journal) == last.id)
    }

    @Test func `the ledger goes the same way`() async throws {
        let hosts = try await TwoHosts()
        var event = LedgerEvent(at: .noon)
        event.opened = Night(id: 1, openedAt: .noon, until: .noon + 3600)
        let tip = try await hosts.a.store.append(event, to: hosts.a.store.ledger())
        #expect(try await hosts.remoteRef("refs/factory/ledger") == tip.id)
        await #expect(throws: LedgerConflict.self) {
            event.at = .noon + 5
            return try await hosts.b.store.append(event, to: LedgerTip(id: nil, ledger: Ledger()))
        }
        #expect(try await hosts.b.store.ledger() == tip)
    }
}

/// Landings on the remote.
@Suite(.timeLimit(.minutes(2))) struct RemoteLandingTests {
    private let seven = PRNumber(7)

    @Test func `main branch and record move together, and the branch was there before`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.certified(7, at: hosts.a)
        guard case .landed(let landed) = try await hosts.land(tip, at: hosts.a) else {
            Issue.record("it did not land")
            return
        }
        let squash = tip.pr.certificate?.squash
        #expect(try await hosts.remoteRef("refs/heads/main") == squash)
        #expect(try await hosts.remoteRef("refs/heads/\(tip.pr.branch)") == squash)
        #expect(try await hosts.remoteRef("refs/factory/pr/7") == landed.id)
        #expect(try await hosts.a.store.mainTip() == squash)
        try await hosts.b.mirror.sync()
        #expect(try await hosts.b.store.mainTip() == squash)
        #expect(try await hosts.b.store.tip(of: seven)?.pr.state == .merged)
    }

    @Test func `a main branch that has moved keeps it from landing`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.certified(7, at: hosts.a)
        let pushed = try await hosts.remote.run([
            "commit-tree", "refs/heads/main^{tree}", "-p", "refs/heads/main", "-m", "by hand",
        ])
        try await hosts.remote.run(["update-ref", "refs/heads/main", pushed])
        #expect(try await hosts.land(tip, at: hosts.a) == .mainMoved(CommitID(pushed)))
        #expect(try await hosts.remoteRef("refs/heads/main")?.hex == pushed)
        #expect(try await hosts.remoteRef("refs/heads/\(tip.pr.branch)") == tip.pr.head)
        #expect(try await hosts.a.store.tip(of: seven) == tip)
    }

    @Test func `what a person has just pushed to the branch keeps it from landing, and is here then`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.certified(7, at: hosts.a)
        let branch = "refs/heads/\(tip.pr.branch)"
        let pushed = try await hosts.remote.run(["commit-tree", "\(branch)^{tree}", "-p", branch, "-m", "by hand"])
        try await hosts.remote.run(["update-ref", branch, pushed])
        #expect(try await hosts.land(tip, at: hosts.a) == .branchMoved(CommitID(pushed)))
        #expect(try await hosts.remoteRef("refs/heads/main") == tip.pr.base)
        #expect(try await hosts.remoteRef(branch)?.hex == pushed)
        #expect(try await hosts.a.store.branch(tip.pr.branch)?.hex == pushed)
        #expect(try await hosts.a.store.tip(of: seven) == tip)
    }

    @Test func `a branch that somebody has removed keeps nothing from landing`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.certified(7, at: hosts.a)
        try await hosts.remote.run(["update-ref", "-d", "refs/heads/\(tip.pr.branch)"])
        guard case .landed = try await hosts.land(tip, at: hosts.a) else {
            Issue.record("it should have landed")
            return
        }
    }

    @Test func `a close on another machine wins cleanly`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.certified(7, at: hosts.a)
        try await hosts.b.mirror.sync()
        let closed = try await hosts.b.store.append(
            Entry(.closed(note: "no"), at: .noon + 5, by: "ann"), to: tip, artifacts: [])
        #expect(try await hosts.land(tip, at: hosts.a) == .journalMoved)
        #expect(try await hosts.remoteRef("refs/heads/main") == tip.pr.base)
        #expect(try await hosts.a.store.tip(of: seven) == closed)
    }

    @Test func `a landing that another machine made is a close that came too late`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.certified(7, at: hosts.a)
        try await hosts.b.mirror.sync()
        _ = try await hosts.land(tip, at: hosts.a)
        await #expect(throws: JournalConflict.self) {
            try await hosts.b.store.append(
                Entry(.closed(note: "no"), at: .noon + 5, by: "ann"), to: tip, artifacts: [])
        }
        #expect(try await hosts.b.store.tip(of: seven)?.pr.state == .merged)
    }

    @Test func `a rule of the remote is told in its own words, and nothing has moved`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.certified(7, at: hosts.a)
        try hosts.protect("refs/heads/main")
        guard case .refused(let reason) = try await hosts.land(tip, at: hosts.a) else {
            Issue.record("it was not refused")
            return
        }
        #expect(reason.contains("GH013: Repository rule violations found"), "\(reason)")
        #expect(try await hosts.remoteRef("refs/heads/main") == tip.pr.base)
        #expect(try await hosts.remoteRef("refs/heads/\(tip.pr.branch)") == tip.pr.head)
        #expect(try await hosts.remoteRef("refs/factory/pr/7") == tip.id)
    }

    @Test func `a landing whose machine died before it knew is found with the next look`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.certified(7, at: hosts.a)
        let squash = try #require(tip.pr.certificate?.squash)
        // What the remote has when the machine dies right after the push: made by the other machine from the same facts.
        try await hosts.b.mirror.sync()
        _ = try await hosts.land(tip, at: hosts.b)
        #expect(try await hosts.a.store.mainTip() == tip.pr.base)
        try await hosts.a.mirror.sync()
        #expect(try await hosts.a.store.mainTip() == squash)
        #expect(try await hosts.a.store.tip(of: seven)?.pr.landed == squash)
    }
}
