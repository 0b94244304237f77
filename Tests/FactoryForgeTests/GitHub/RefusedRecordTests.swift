import FactoryCore
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryForge

/// A remote that does not take what was recorded.
@Suite(.timeLimit(.minutes(2))) struct RefusedRecordTests {
    private let seven = PRNumber(7)
    private let journal = "refs/factory/pr/7"

    private func noted(_ text: String) -> Entry { Entry(.noted(text), at: .noon + 1, by: "ann") }

    @Test func `what the remote does not take is not recorded here either, and is kept for people`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        try hosts.protect(journal)
        let refused = try await #require(throws: RecordRefused.self) {
            try await hosts.a.store.append(noted("refused"), to: tip, artifacts: [])
        }
        #expect(refused.number == seven && refused.reason.contains("GH013"), "\(refused)")
        #expect(try await hosts.a.store.tip(of: seven) == tip)
        let kept = try await hosts.a.store.rescued(of: seven)
        #expect(kept.count == 1 && kept[0].session.hasPrefix("refused-"), "\(kept)")
        try hosts.unprotect()
        let next = try await hosts.a.store.append(noted("taken"), to: tip, artifacts: [])
        #expect(try await hosts.remoteRef(journal) == next.id)
    }

    @Test func `an opening that the remote does not take leaves nothing`() async throws {
        let hosts = try await TwoHosts()
        try hosts.protect(journal)
        await #expect(throws: RecordRefused.self) { try await hosts.open(7, at: hosts.a) }
        #expect(try await hosts.a.store.tip(of: seven) == nil)
        #expect(try await hosts.a.store.rescued(of: seven).isEmpty)
    }

    @Test func `one refused record keeps no other from being published, and is told`() async throws {
        let hosts = try await TwoHosts()
        let tip = try await hosts.open(7, at: hosts.a)
        let other = try await hosts.open(8, at: hosts.a)
        let offline = try hosts.offline()
        _ = try await offline.append(noted("refused"), to: tip, artifacts: [])
        let next = try await offline.append(noted("taken"), to: other, artifacts: [])
        try hosts.protect(journal)
        try await hosts.a.mirror.sync()
        #expect(try await hosts.remoteRef("refs/factory/pr/8") == next.id)
        #expect(try await hosts.a.store.tip(of: seven) == tip)
        #expect(hosts.a.said.all.count == 1 && hosts.a.said.all[0].contains("#7"), "\(hosts.a.said.all)")
        // It is over: the next look finds nothing to publish.
        try await hosts.a.mirror.sync()
        #expect(hosts.a.said.all.count == 1)
    }

    @Test func `ledger and record of the line stand where the remote has them, too`() async throws {
        let hosts = try await TwoHosts()
        try hosts.protect("refs/factory/ledger")
        var event = LedgerEvent(at: .noon)
        event.opened = Night(id: 1, openedAt: .noon, until: .noon + 3600)
        let empty = try await hosts.a.store.ledger()
        await #expect(throws: RecordRefused.self) { try await hosts.a.store.append(event, to: empty) }
        #expect(try await hosts.a.store.ledger() == empty)
        try hosts.protect("refs/factory/line")
        let line = try await hosts.a.store.standing()
        let stop = StandingEvent(.stopped(Standing.Stop(.person, "no", at: .noon)), at: .noon, by: "ann")
        await #expect(throws: RecordRefused.self) { try await hosts.a.store.append(stop, to: line, artifacts: []) }
        #expect(try await hosts.a.store.standing() == line)
    }

    @Test func `a service that breaks on a push is asked again`() async throws {
        try await GitHubWorld.run { world in
            try await world.open()
            try await world.fake.fault([
                "kind": "refuse-push", "method": "POST", "path": "git-receive-pack$", "times": 2,
                "message": "Internal Server Error", "reason": "Internal Server Error",
            ])
            let tip = try await world.append(.noted("after all"))
            try await world.mirror.sync()
            #expect(try await world.store.tip(of: seven) == tip)
        }
    }

    @Test func `push protection refuses the record of a secret, and of nothing else`() async throws {
        try await GitHubWorld.run { world in
            let opened = try await world.open()
            let leak = try await world.commit("lib/key.txt", "AKIAABCDEFGHIJKLMNOP\n", on: opened.pr.head)
            let started = try await world.append(.started(.next(.plan, of: opened.pr)))
            var finish = try Finish.active(of: started.pr, .delivered)
            finish.head = leak
            let refused = try await #require(throws: RecordRefused.self) { try await world.append(.finished(finish)) }
            #expect(refused.reason.contains("Push cannot contain secrets"), "\(refused)")
            #expect(refused.reason.contains("lib/key.txt"), "\(refused)")
            #expect(try await world.store.tip(of: seven)?.id == started.id)
            finish = try Finish.active(of: started.pr, .guardTripped([refused.violation]))
            #expect(try await world.append(.finished(finish)).pr.reason?.rule == RecordRefused.rule)
        }
    }
}
