import FactoryFiles
import Glibc
import Testing

@testable import FactoryProcess

extension ProcessTests {
    @Suite struct RecoveryTests {
        @Test func `processes of a killed parent are found by their marker and ended`() async throws {
            // The inner process is the line that dies. What it ran comes to us, since we adopt orphans.
            await #expect(processExitsWith: .signal(SIGKILL)) {
                let script = "env -i /usr/bin/setsid sleep 1000 & setsid sleep 1001 & echo ready; sleep 1002"
                let command = Command.script(script, marker: "recovery-\(getppid())/7/1")
                _ = try await run(command) { _ in kill(getpid(), SIGKILL) }
            }
            let marker = "recovery-\(getpid())/7/1"
            let left = ProcessTree.remaining(marker: marker)
            ProcessTree.endAll(marker: marker)
            #expect(left.allSatisfy { !$0.isAlive })
            #expect(ProcessTree.remaining(marker: marker).isEmpty)
            // They were our orphans; the next run reaps them.
            _ = try await run(.script("exit 0"))
            #expect(left.allSatisfy { !exists($0.pid) })
        }

        @Test func `what a runner inside a run leaves when it crashes is ended in passing`() async throws {
            _ = try await run(.script("exit 0"))
            await #expect(processExitsWith: .signal(SIGKILL)) {
                let script = "env -i /usr/bin/setsid sleep 1000 & echo ready; sleep 1001"
                let command = Command.script(script, marker: "crash-\(getppid())")
                _ = try await run(command) { _ in kill(getpid(), SIGKILL) }
            }
            // Any run looks for orphans. How soon those killed have gone is up to the kernel.
            let left = ProcessTree.remaining(marker: "crash-\(getpid())")
            var rounds = 0
            while left.contains(where: { exists($0.pid) }), rounds < 200 {
                _ = try await run(.script("sleep 0.01"))
                rounds += 1
            }
            #expect(left.allSatisfy { !exists($0.pid) })
        }

        @Test func `all markers below the one given are meant, and their descendants`() async throws {
            let directory = try TemporaryDirectory()
            let root = "below-\(getpid())"
            let below = "FACTORY_PROCESS=\(root)/12/3#0 sh -c 'env -i sleep 1000 & echo $! > inner; wait' &"
            let other = "FACTORY_PROCESS=\(root)/123#0 sleep 1000 & echo $! > other; wait"
            let waiting = "\nwhile [ ! -s inner ]; do sleep 0.01; done; echo ready;"
            let script = "trap 'exit 0' USR1; \(below) \(waiting) \(other)"
            let ready = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await run(.script(script, in: directory.path, marker: "test")) { _ in
                    ready.continuation.yield()
                }
            }
            var iterator = ready.stream.makeAsyncIterator()
            await iterator.next()
            let inner = try #require(pids(try Files.text(directory.path + "/inner") ?? "").first)
            let found = ProcessTree.remaining(marker: "\(root)/12").map(\.pid)
            #expect(found.contains(inner))
            task.cancel()
            _ = try await task.value
            #expect(ProcessTree.remaining(marker: root).isEmpty)
        }

        @Test func `a marker that nobody carries ends nothing`() {
            #expect(ProcessTree.endAll(marker: "nobody-\(getpid())") == 0)
        }
    }
}
