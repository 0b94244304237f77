import FactoryFiles
import Glibc
import Testing

@testable import FactoryProcess

extension ProcessTests {
    @Suite struct LoadTests {
        private static func zombies() -> [Int32] {
            ProcessTable.children(of: getpid()).filter { ProcessTable.entry(of: $0)?.isZombie ?? false }
        }

        /// In a process of its own, because other tests open descriptors meanwhile.
        @Test func `five hundred programs at once leave no descriptor and no zombie`() async throws {
            await #expect(processExitsWith: .success) {
                _ = try await run(.script("exit 0"))
                let before = try Files.list("/proc/self/fd").count
                try await Self.runFiveHundred()
                #expect(try Files.list("/proc/self/fd").count == before)
                #expect(Self.zombies().isEmpty)
            }
        }

        private static func runFiveHundred() async throws {
            let codes = try await withThrowingTaskGroup(of: (Int, ProcessResult).self) { group in
                for number in 0..<500 {
                    group.addTask { (number, try await run(.script("echo \(number); exit \(number % 7)"))) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(codes.count == 500)
            for (number, result) in codes {
                #expect(result.ending == .exited(Int32(number % 7)))
                #expect(result.output.text == "\(number)\n")
            }
        }

        /// In a process of its own, because other tests have programs that end meanwhile.
        @Test func `many programs with daemons at once are all told apart`() async throws {
            await #expect(processExitsWith: .success) {
                try await Self.runThirtyDaemons()
                #expect(Self.zombies().isEmpty)
            }
        }

        private static func runThirtyDaemons() async throws {
            let directory = try TemporaryDirectory()
            let left = try await withThrowingTaskGroup(of: [Int32].self) { group in
                for number in 0..<30 {
                    group.addTask {
                        let place = "\(directory.path)/\(number)"
                        try Files.makeDirectory(place)
                        let daemon = Daemon.allCases[number % Daemon.allCases.count]
                        let limits = ProcessLimits(grace: 0.1)
                        let result = try await run(.script(daemon.script, in: place, limits: limits))
                        #expect(result.survivorsKilled >= 1)
                        return pids(result.output.text).filter(exists)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(left.isEmpty)
        }

        @Test func `a program that floods us does not hold up another`() async throws {
            async let flood = run(.script("yes", limits: ProcessLimits(wall: 1, grace: 0.1)))
            let quick = try await run(.script("echo quick"))
            #expect(quick.output.text == "quick\n")
            let flooded = try await flood
            #expect(quick.duration < flooded.duration)
            #expect(flooded.output.bytes.count == 1 << 20)
        }
    }
}
