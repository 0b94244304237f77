import FactoryCore
import FactoryFiles
import Glibc
import Testing

extension Torture {
    @Suite struct Leftovers {
        /// What git, or a line of ours, leaves when it is killed while it moves a ref.
        private static let locks = [
            "hub.git/refs/heads/main.lock", "hub.git/refs/heads/spec/0001-straight.lock", "hub.git/packed-refs.lock",
            "journal.git/refs/factory/pr/1.lock", "hub.git/refs/pull/1/head.lock",
        ]

        @Test(.timeLimit(.minutes(2)))
        func `locks that a killed program left are removed and told of`() async throws {
            let world = try await World(specs: [1])
            for lock in Self.locks { try Files.write("", to: "\(world.home)/\(lock)") }
            let line = try await world.start()
            #expect(await line.code() == 0, "\(line.errors)")
            for lock in Self.locks {
                #expect(!Files.exists("\(world.home)/\(lock)"))
                #expect(line.errors.contains(lock))
            }
            #expect(try await world.end().landed == ["1"])
            try await world.expectWhole()
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)), arguments: Torture.isFull ? locks : [locks[3]])
        func `a lock that is left while the line works holds it up only for a moment`(lock: String) async throws {
            let world = try await World(specs: [1])
            try world.hold("1-code-reviewer")
            let line = try await world.start()
            _ = try await world.arrival("1-code-reviewer")
            try Files.write("", to: "\(world.home)/\(lock)")
            try world.release("1-code-reviewer")
            #expect(await line.code() == 0, "\(line.errors)")
            #expect(try await world.end().landed == ["1"])
            try await world.expectWhole()
        }

        @Test(Torture.onlyInFull, .timeLimit(.minutes(2)))
        func `a person's command gets past a lock that was left`() async throws {
            let world = try await World(specs: [1])
            try Files.write("", to: "\(world.journal)/refs/factory/pr/1.lock")
            try await world.factory("park", "1")
            #expect(try await world.pr(1).state == .needsAttention)
        }

        private static let places = ["1-planner", "1-plan-reviewer", "1-implementer", "check", "1-code-reviewer"]

        /// Bytes that are left free when the disk runs full, in KiB: each makes another write the first to fail.
        private static let rooms = Torture.isFull ? [0, 4, 8, 16, 28, 44, 64] : [0]

        @Test(
            .enabled(if: getuid() == 0, "a small file system of its own takes root to mount"), .timeLimit(.minutes(10)),
            arguments: Torture.isFull ? places : ["1-implementer"], rooms)
        func `a full disk stops the line, and nothing is lost`(place: String, room: Int) async throws {
            let world = try await World(specs: [1], disk: 8 * 1024)
            do {
                try world.hold(place)
                let line = try await world.start()
                _ = try await world.arrival(place)
                try await world.fill(leaving: room)
                try world.release(place)
                let code = await line.code()
                #expect(
                    code == 0 || (code == 1 && line.errors.contains("disk is full")), "\(code ?? -1): \(line.errors)")
                if room == 0 { #expect(code == 1) }
                try Files.remove(world.home + "/filler")
                #expect(try await world.run() == 0)
                #expect(try await world.end().landed == ["1"])
                try await world.expectWhole()
            } catch {
                Issue.record(error)
            }
            await world.dismissAll()
            await world.unmount()
        }
    }
}

extension World {
    /// Fills the factory's disk up to so many KiB.
    fileprivate func fill(leaving room: Int) async throws {
        let filler = open(home + "/filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        defer { close(filler) }
        let block = [UInt8](repeating: 1, count: 4096)
        var size = 0
        while case let count = write(filler, block, block.count), count > 0 { size += count }
        guard errno == ENOSPC, ftruncate(filler, off_t(max(0, size - room * 1024))) == 0 else {
            throw SystemError("write", home + "/filler")
        }
    }
}
