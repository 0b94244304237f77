import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// A stage at which a run is ended from outside, while its agent or check waits.
private enum Place: String, CaseIterable, CustomTestStringConvertible {
    case plan = "1-planner"
    case planReview = "1-plan-reviewer"
    case implementation = "1-implementer"
    case checks = "check"
    case codeReview = "1-code-reviewer"

    var testDescription: String { rawValue }
    /// The session whose work has to be saved.
    var rescue: String? {
        switch self {
        case .plan: "plan-1"
        case .implementation: "implementation-1"
        case .planReview, .checks, .codeReview: nil
        }
    }
    static var chosen: [Place] { Torture.isFull ? allCases : [.implementation] }
}

extension Torture {
    @Suite struct Signals {
        @Test(.timeLimit(.minutes(2)), arguments: Place.chosen)
        fileprivate func `after a kill the orphans are ended and their work is saved`(place: Place) async throws {
            let world = try await World(specs: [1])
            try world.hold(place.rawValue)
            let first = try await world.start()
            let agent = try await world.arrival(place.rawValue)
            first.signal(SIGKILL)
            #expect(await first.code() == 137)
            #expect(kill(agent, 0) == 0, "the agent should have outlived the line")
            #expect(try await world.run() == 0)
            #expect(try await world.end().landed == ["1"])
            #expect(try await world.story(1).filter { $0.contains("interrupted") }.count == 1)
            if let rescue = place.rescue {
                let ref = "refs/factory/rescue/1/\(rescue)"
                #expect(try await world.git("show", "\(ref):unfinished.txt", in: world.journal) == place.rawValue)
                #expect(try await world.factory("why", "1", "--json").contains(ref))
            }
            #expect(try await world.factory("show", "1").contains("interrupted"))
            try await world.expectWhole()
        }

        @Test(.timeLimit(.minutes(2)), arguments: Place.chosen, Torture.isFull ? [SIGINT, SIGTERM, SIGHUP] : [SIGINT])
        fileprivate func `a stop ends the agents cleanly and is held against nobody`(
            place: Place, signal: Int32
        ) async throws {
            let world = try await World(specs: [1])
            try world.hold(place.rawValue)
            let first = try await world.start()
            _ = try await world.arrival(place.rawValue)
            first.signal(signal)
            #expect(await first.code() == 130)
            #expect(world.strays() == [])
            let stopped = try await world.pr(1)
            #expect(stopped.active == nil)
            #expect(stopped.waiting == nil)
            #expect(stopped.counts.values.allSatisfy { $0.failures == 0 && $0.interruptions == 0 && $0.returns == 0 })
            if let rescue = place.rescue {
                let ref = "refs/factory/rescue/1/\(rescue)"
                #expect(try await world.git("show", "\(ref):unfinished.txt", in: world.journal) == place.rawValue)
            }
            #expect(try await world.run() == 0)
            #expect(try await world.end().landed == ["1"])
            try await world.expectWhole()
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `a second stop leaves no orphan of an agent that does not want to end`() async throws {
            let world = try await World(specs: [1])
            try world.hold("1-implementer")
            try Files.write("", to: world.control + "/stubborn")
            let first = try await world.start()
            _ = try await world.arrival("1-implementer")
            first.signal(SIGINT)
            first.signal(SIGINT)
            #expect(await first.code() == 130)
            #expect(world.strays() == [])
            #expect(try await world.run() == 0)
            try await world.expectWhole()
        }

        /// The orphan is left to end by itself after the next line is done: what it says then must not count.
        @Test(.timeLimit(.minutes(2)))
        func `a person who closes a PR after a kill still gets rid of its orphan`() async throws {
            let world = try await World(specs: [1, 5])
            try world.hold("1-implementer")
            let first = try await world.start()
            let agent = try await world.arrival("1-implementer")
            first.signal(SIGKILL)
            #expect(await first.code() == 137)
            try await world.factory("close", "1")
            #expect(try await world.run() == 0)
            #expect(await world.ends(agent, within: 0))
            #expect(try await world.end().landed == ["5"])
            #expect(try await world.pr(1).state == .closed)
            let why = try await world.factory("why", "1")
            #expect(why.contains("refs/factory/rescue/1/implementation-1"))
            #expect(try await world.factory("show", "1").contains("is saved"))
            try await world.expectWhole()
        }

        @Test(.timeLimit(.minutes(10)))
        func `kills at any moment lead to the same end`() async throws {
            let world = try await World(concurrency: 3)
            try await world.save()
            let began = Session.now()
            #expect(try await world.run() == 3)
            let length = Session.now() - began
            var end = try await world.end()
            end.landed.sort()
            for round in 0..<(Torture.isFull ? 40 : 1) {
                try await world.restore()
                for _ in 0..<2 {
                    let session = try await world.start()
                    // At a random moment: that is the point of this test.
                    try await Task.sleep(for: .seconds(Double.random(in: 0..<length)))
                    session.signal(SIGKILL)
                    _ = await session.code()
                }
                let last = try await world.start()
                #expect(await last.code() == 3, "round \(round): \(last.errors)")
                var now = try await world.end()
                now.landed.sort()
                let parked = now.states.filter { $0.value == "needs-attention" && end.states[$0.key] != $0.value }
                var why = "round \(round)"
                for number in parked.keys.sorted() { why += try await "\n" + world.factory("show", "\(number)") }
                #expect(now == end, "\(why)")
                try await world.expectWhole()
            }
        }
    }
}
