import FactoryCore
import FactoryFiles
import Testing

/// The line is killed right after each durable effect, between putting money aside and settling too.
extension Torture {
    @Suite struct Money {
        private static let script = [
            "planner": "plan; cost 0.5; finish", "plan-reviewer": "cost 0.5; approve",
            "implementer": "implement; cost 0.5; finish", "code-reviewer": "cost 0.5; approve",
        ].mapValues { words in
            #"""
            cost() { usage=",\"usage\":{\"costUSD\":$1}"; }
            result() { printf '%s' "${1%\}}$usage}" > "$FACTORY_RESULT"; }
            """# + "\n" + words
        }

        private func world() async throws -> World {
            let world = try await World.play(
                Self.script, configuration: "budget: { night: { usd: 1000 }, spec: {}, stage: { usd: 7 } }")
            try await world.save()
            return world
        }

        @Test(.timeLimit(.minutes(20)))
        func `a kill after any effect loses no money and counts none twice`() async throws {
            let world = try await world()
            let list = world.base.path + "/effects"
            #expect(try await world.run(["FACTORY_EFFECTS": list]) == 0)
            #expect(try await world.ledger().night?.settled.micros == 2_000_000)
            let effects = try #require(try Files.text(list)).split(separator: "\n").map(String.init)
            #expect(effects.count { $0.contains("ledger") } == 5, "\(effects)")
            for (index, effect) in effects.enumerated() {
                let isNear = ["ledger", "journal started", "journal finished"].contains { effect.contains($0) }
                guard Torture.isFull || isNear else { continue }
                try await world.restore()
                #expect(try await world.run(["FACTORY_STOP_AFTER_EFFECT": "\(index + 1)"]) == 137)
                #expect(try await world.run() == 0, "killed at \(effect)")
                try await expectEveryCent(world, "killed at \(effect)")
                try await world.expectWhole()
            }
        }

        @Test(.timeLimit(.minutes(2)))
        func `a second line settles what a dead one has put aside`() async throws {
            let world = try await world()
            try world.rewrite("planner", "echo $$ > $TORTURE/at-planner; sleep 1000")
            let line = try await world.start()
            _ = try await world.arrival("planner")
            #expect(try await world.ledger().reservations.count == 1)
            line.signal(9)
            _ = await line.code()
            try world.rewrite("planner", try #require(Self.script["planner"]))
            #expect(try await world.run() == 0)
            try await expectEveryCent(world, "killed while the planner ran")
            #expect(try await world.ledger().night?.settled.micros == 9_000_000)
            try await world.expectWhole()
        }

        /// Each session that was started is settled once: at what its journal says, and the dead one at the worst.
        private func expectEveryCent(_ world: World, _ comment: Comment) async throws {
            let ledger = try await world.ledger()
            #expect(ledger.reservations == [], comment)
            var settled: [SessionName: [Charge]] = [:]
            for body in try await bodies(world, "refs/factory/ledger") {
                // What was put aside for a session that did not begin goes back at nothing.
                for item in try LedgerRecord(parsing: body).event.settled where item.charge != .nothing {
                    settled[item.session, default: []].append(item.charge)
                }
            }
            var started: Set<SessionName> = []
            var sum = 0
            for body in try await bodies(world, "refs/factory/pr/1") {
                let event = try Record(parsing: body).entry.event
                if case .started(let start) = event, start.stage.role != nil {
                    started.insert(SessionName(pr: PRNumber(1), stage: start.stage, attempt: start.attempt))
                }
                guard case .finished(let finish) = event, let charge = finish.charge else { continue }
                let name = SessionName(pr: PRNumber(1), stage: finish.stage, attempt: finish.attempt)
                #expect(settled[name] == [charge], comment)
                #expect(charge.amount.micros == (finish.outcome == .interrupted ? 7_000_000 : 500_000), comment)
                sum += charge.amount.micros
            }
            #expect(Set(settled.keys) == started, comment)
            #expect(ledger.night?.settled.micros == sum && ledger.night?.id == 1, comment)
        }

        private func bodies(_ world: World, _ ref: String) async throws -> [[UInt8]] {
            try await world.git("log", "--first-parent", "--reverse", "--format=%b%x00", ref, in: world.journal)
                .utf8.split(separator: 0).map { Array($0.drop { $0 == 10 }) }.filter { !$0.isEmpty }
        }
    }
}
