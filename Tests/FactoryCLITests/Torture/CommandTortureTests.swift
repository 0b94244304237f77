import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// What a person does to a PR while its agent runs.
private enum Word: String, CaseIterable, CustomTestStringConvertible {
    case close, park, retry, amend
    var testDescription: String { rawValue }
}

extension Torture {
    @Suite struct People {
        @Test(.timeLimit(.minutes(2)), arguments: Torture.isFull ? Word.allCases : [.close, .amend])
        fileprivate func `a person's word ends the running agent at once, and its late work never lands`(
            word: Word
        ) async throws {
            let world = try await World(specs: [1])
            try world.hold("1-implementer")
            let line = try await world.start()
            let agent = try await world.arrival("1-implementer")
            try await say(word, world)
            #expect(await world.ends(agent, within: 2), "the agent should be gone")
            let code = await line.code()
            let pr = try await world.pr(1)
            switch word {
            case .close:
                #expect(code == 0)
                #expect(pr.state == .closed)
                #expect(try await world.end().landed == [])
            case .park:
                #expect(code == 3)
                #expect(pr.state == .needsAttention)
                #expect(pr.resume == .implementation)
            case .retry:
                #expect(code == 0)
                #expect(pr.state == .merged)
                #expect(pr.counts[.implementation]?.attempts == 2)
            case .amend:
                #expect(code == 0)
                #expect(pr.state == .merged)
                #expect(try await world.git("show", "main:\(World.spec(1))", in: world.hub).contains("Amended."))
            }
            #expect(pr.counts[.implementation]?.failures == 0)
            let saved = "refs/factory/rescue/1/implementation-1:unfinished.txt"
            #expect(try await world.git("show", saved, in: world.journal) == "1-implementer")
            #expect(try await world.factory("show", "1").contains("is saved"))
            #expect(try await world.factory("why", "1", "--json").contains("refs/factory/rescue/1/implementation-1"))
            #expect(try await !world.git("ls-tree", "-r", "--name-only", "main", in: world.hub).contains("unfinished"))
            try await world.expectWhole()
        }

        private func say(_ word: Word, _ world: World) async throws {
            switch word {
            case .close, .park: try await world.factory(word.rawValue, "1")
            case .retry: try await world.factory("retry", "1", "--from", "implementation")
            case .amend:
                try Files.write(Scenery.spec(1) + "\nAmended.\n", to: "\(world.app)/\(World.spec(1))")
                try await world.factory("submit", World.spec(1))
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `a PR that is closed while it lands has either landed or is closed`() async throws {
            let world = try await World(specs: [1])
            for _ in 0..<5 { _ = try await world.start(["step", "--pr", "1"]).code() }
            #expect(try await world.pr(1).state == .merge)
            try await world.save()
            var ends: [State: Int] = [:]
            for round in 0..<(Torture.isFull ? 50 : 2) {
                try await world.restore()
                let line = try await world.start()
                // Both need some time to come to the point; who comes first is left to chance.
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...40)))
                let closing = try await world.ask(World.program, ["close", "1"])
                let code = await line.code()
                let (pr, end) = (try await world.pr(1), try await world.end())
                ends[pr.state, default: 0] += 1
                #expect(code == 0, "round \(round): \(line.errors)")
                #expect(pr.state == .merged || pr.state == .closed, "round \(round)")
                #expect(end.landed == (pr.state == .merged ? ["1"] : []), "round \(round)")
                #expect((closing.code == 0) == (pr.state == .closed), "round \(round): \(closing.errors)")
                #expect([0, 1, 6].contains(closing.code), "round \(round): \(closing.errors)")
                try await world.expectWhole()
            }
            // Otherwise the two never met.
            if Torture.isFull { #expect(ends.count == 2, "\(ends)") }
        }

        /// The line dies between the two refs that a landing moves; then a person closes before anybody recovers.
        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `what is on the main branch cannot be closed any more`() async throws {
            let world = try await World(specs: [1])
            let list = world.base.path + "/effects"
            try await world.save()
            #expect(try await world.run(["FACTORY_EFFECTS": list]) == 0)
            let effects = try #require(try Files.text(list)).split(separator: "\n")
            let moved = try #require(effects.first { $0.hasSuffix(" main") }?.split(separator: " ").first)
            try await world.restore()
            #expect(try await world.run(["FACTORY_STOP_AFTER_EFFECT": String(moved)]) == 137)
            #expect(try await world.pr(1).state == .merge)
            #expect(try await world.ask(World.program, ["close", "1"]).code == 6)
            #expect(try await world.pr(1).state == .merged)
            #expect(try await world.run() == 0)
            try await world.expectWhole()
        }

        @Test(.timeLimit(.minutes(5)), arguments: Torture.isFull ? [1, 2, 4] : [2])
        func `two lines on one hub work no PR twice`(concurrency: Int) async throws {
            let world = try await World(concurrency: concurrency)
            try await world.save()
            #expect(try await world.run() == 3)
            var end = try await world.end()
            end.landed.sort()
            let sessions = try await world.sessions()
            for round in 0..<(Torture.isFull ? 5 : 1) {
                try await world.restore()
                let one = try await world.start()
                let other = try await world.start()
                #expect(await one.code() == 3, "round \(round): \(one.errors)")
                #expect(await other.code() == 3, "round \(round): \(other.errors)")
                var now = try await world.end()
                now.landed.sort()
                #expect(now == end, "round \(round)")
                // A lost race for the main branch is one more session of the merge stage, and no agent's.
                var lost = 0
                for number in try await world.numbers() {
                    lost += try await world.story(number).filter { $0.contains("moved first") }.count
                }
                #expect(try await world.sessions() == sessions + lost, "round \(round)")
                try await world.expectWhole()
            }
        }

        @Test(.timeLimit(.minutes(2)))
        func `a line goes on with what another one died over`() async throws {
            let world = try await World(specs: [1, 5])
            try world.hold("1-implementer")
            let first = try await world.start()
            let agent = try await world.arrival("1-implementer")
            let second = try await world.start()
            first.signal(SIGKILL)
            #expect(await first.code() == 137)
            #expect(await second.code() == 0, "\(second.errors)")
            #expect(await world.ends(agent, within: 0))
            #expect(try await Set(world.end().landed) == ["1", "5"])
            #expect(try await world.story(1).filter { $0.contains("interrupted") }.count == 1)
            try await world.expectWhole()
        }
    }
}
