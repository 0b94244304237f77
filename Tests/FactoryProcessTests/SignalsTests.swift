import FactoryFiles
import FactoryProcess
import Glibc
import Testing

extension ProcessTests {
    @Suite struct SignalsTests {
        @Test func `signals that ask us to end arrive as values, each time`() async {
            await #expect(processExitsWith: .exitCode(7)) {
                var signals = try Signals.terminations().makeAsyncIterator()
                kill(getpid(), SIGINT)
                guard await signals.next() == SIGINT else { exit(1) }
                kill(getpid(), SIGTERM)
                guard await signals.next() == SIGTERM else { exit(2) }
                kill(getpid(), SIGINT)
                guard await signals.next() == SIGINT else { exit(3) }
                kill(getpid(), SIGPIPE)
                exit(7)
            }
        }
    }

    @Suite struct DirectoryWatchTests {
        private let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        @Test(
            arguments: [
                "mkdir watched/new", "echo 1 > watched/new", "mv other watched/new", "mv watched/file new",
                "rm watched/file", "echo 1 >> watched/file",
            ])
        func `each kind of change is told`(change: String) async throws {
            _ = try await run(.script("mkdir watched; echo 1 > watched/file; echo 1 > other", in: directory.path))
            let watch = try DirectoryWatch([directory.path + "/watched"])
            _ = try await run(.script(change, in: directory.path))
            var changes = watch.changes.makeAsyncIterator()
            #expect(await changes.next() != nil)
        }

        @Test func `ticks not taken become one`() async throws {
            let watch = try DirectoryWatch([directory.path])
            for number in 0..<50 { try Files.write("x", to: "\(directory.path)/\(number)") }
            // A program that ran through the same thread has been served after the changes were read.
            _ = try await run(.script("exit 0"))
            let ticks = Task { await watch.changes.reduce(0) { count, _ in count + 1 } }
            _ = try await run(.script("exit 0"))
            ticks.cancel()
            #expect(await ticks.value == 1)
        }

        @Test func `a missing directory is told`() {
            #expect(throws: SystemError("inotify_add_watch", "/no/such", code: ENOENT)) {
                try DirectoryWatch(["/no/such"])
            }
        }

        /// In a process of its own, because other tests open descriptors meanwhile.
        @Test func `a watch that goes leaves no descriptor`() async throws {
            await #expect(processExitsWith: .success) {
                _ = try await run(.script("exit 0"))
                let before = try Files.list("/proc/self/fd").count
                for _ in 0..<20 { _ = try DirectoryWatch(["/"]) }
                _ = try await run(.script("exit 0"))
                #expect(try Files.list("/proc/self/fd").count == before)
            }
        }
    }
}
