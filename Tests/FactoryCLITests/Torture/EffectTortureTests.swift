import FactoryCore
import FactoryFiles
import Testing

/// The line is killed right after each of its durable effects, and must come to the same end.
extension Torture {
    @Suite struct Effects {
        /// One world, and where it ends when nobody disturbs it.
        private struct Course {
            let world: World
            let end: World.End
            let sessions: Int
            let effects: Int

            init(_ world: World) async throws {
                self.world = world
                try await world.save()
                let list = world.base.path + "/effects"
                #expect(try await world.run(["FACTORY_EFFECTS": list]) == 3)
                end = try await world.end()
                sessions = try await world.sessions()
                effects = try #require(try Files.text(list)).split(separator: "\n").count
                #expect(end.landed == ["1", "2", "3"])
                #expect(end.states[4] == "needs-attention")
            }
        }

        @Test(.timeLimit(.minutes(30)))
        func `a line that is killed after any effect goes on to the same end`() async throws {
            let course = try await Course(try await World())
            let points =
                Torture.isFull ? Array(1...course.effects) : stride(from: 3, to: course.effects, by: 13).map { $0 }
            for point in points { try await endure([point], course) }
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(30)))
        func `the example goes on to the same end after a kill`() async throws {
            let course = try await Course(try await World.example())
            for point in stride(from: 4, to: course.effects, by: 11) { try await endure([point], course) }
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `a submission that is killed after any effect can be repeated or left as it is`() async throws {
            let world = try await World(specs: [])
            try Files.write(Scenery.spec(1), to: "\(world.app)/\(World.spec(1))")
            try await world.save()
            for effect in 1...2 {
                for again in [false, true] {
                    try await world.restore()
                    let submit = ["submit", World.spec(1)]
                    let killed = try await world.start(submit, ["FACTORY_STOP_AFTER_EFFECT": "\(effect)"])
                    #expect(await killed.code() == 137)
                    if again { try await world.factory(submit) }
                    #expect(try await world.run() == 0)
                    #expect(try await world.end().landed == ["1"])
                    #expect(try await world.git("for-each-ref", "refs/heads/spec", in: world.hub).isEmpty)
                    try await world.expectWhole()
                }
            }
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `a pushed branch is taken once, whenever the line is killed`() async throws {
            let world = try await World(specs: [])
            try Files.write(Scenery.spec(1), to: "\(world.app)/\(World.spec(1))")
            try await world.git("checkout", "-q", "-b", "work")
            try await world.git("add", "specs")
            try await world.git("commit", "-q", "-m", "A spec")
            try await world.git("push", "-q", "factory", "HEAD:\(World.branch(1))")
            try await world.save()
            for effect in 1...3 {
                try await world.restore()
                #expect(try await world.run(["FACTORY_STOP_AFTER_EFFECT": "\(effect)"]) == 137)
                #expect(try await world.run() == 0)
                #expect(try await world.end().landed == ["1"])
                try await world.expectWhole()
            }
        }

        @Test(.timeLimit(.minutes(30)))
        func `a line that is killed again while it recovers goes on to the same end`() async throws {
            let course = try await Course(try await World())
            let step = Torture.isFull ? 3 : 60
            for point in stride(from: 2, through: course.effects, by: step) { try await endure([point, 1, 1], course) }
            guard Torture.isFull else { return }
            for point in stride(from: 1, through: course.effects, by: 5) { try await endure([point, 2], course) }
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(10)))
        func `what landed reaches the upstream even if the line is killed before it is pushed`() async throws {
            let world = try await World(specs: [1])
            let origin = world.scratch + "/origin.git"
            try await world.git("clone", "-q", "--bare", world.app, origin)
            try await world.git("remote", "add", "origin", origin)
            try await world.git("pull", "-q", "factory", "main")
            let configuration = Scenery.configuration(concurrency: 1) + "upstream: { remote: origin, push: true }\n"
            try Files.write(configuration, to: world.app + "/.factory/config.yml")
            try await world.git("commit", "-q", "-m", "Push upstream", "--", ".factory")
            try await world.git("push", "-q", "factory", "main")
            try await world.save()
            let list = world.base.path + "/effects"
            #expect(try await world.run(["FACTORY_EFFECTS": list]) == 0)
            for effect in 1...(try #require(try Files.text(list)).split(separator: "\n").count) {
                try await world.restore()
                #expect(try await world.run(["FACTORY_STOP_AFTER_EFFECT": "\(effect)"]) == 137)
                let last = try await world.start()
                #expect(await last.code() == 0, "killed at \(effect): \(last.errors)")
                let main = try await world.git("rev-parse", "main", in: world.hub)
                #expect(try await world.git("rev-parse", "main", in: origin) == main, "killed at \(effect)")
                try await world.expectWhole()
            }
        }

        /// Kills the line after these effects, one start each. It has to resume within a second; on a machine that is
        /// busy with other things one of three times.
        private func endure(_ kills: [Int], _ course: Course) async throws {
            var delays: [Double] = []
            repeat {
                guard let delay = try await delay(after: kills, course) else { return }
                delays.append(delay)
            } while delays.count < 3 && delays.allSatisfy { $0 >= 1 }
            #expect(delays.contains { $0 < 1 }, "killed at \(kills): resumed only after \(delays) s")
        }

        /// Runs with these kills, and then to the end. Seconds from the last start to its first entry; nil when there
        /// was nothing to write.
        private func delay(after kills: [Int], _ course: Course) async throws -> Double? {
            let world = course.world
            try await world.restore()
            for kill in kills {
                // The last effects of a run may be fewer than the point: then it has simply ended.
                let code = try await world.run(["FACTORY_STOP_AFTER_EFFECT": "\(kill)"])
                #expect(code == 137 || code == 3, "killed at \(kills)")
            }
            let trace = world.base.path + "/trace"
            try Files.remove(trace)
            let last = try await world.start(["run"], ["FACTORY_TRACE": trace])
            #expect(await last.code() == 3, "killed at \(kills): \(last.errors)")
            #expect(try await world.sessions() <= course.sessions + kills.count, "killed at \(kills)")
            try await world.expectWhole(course.end, "killed at \(kills)")
            return try world.firstRecord(in: trace).map { $0 - last.startedAt }
        }
    }
}
