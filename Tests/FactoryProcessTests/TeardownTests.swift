import FactoryFiles
import Glibc
import Testing

@testable import FactoryProcess

/// Ways to leave a process behind, each writing the process's number to the file `daemon` and never ending by itself.
enum Daemon: String, CaseIterable, Sendable {
    case child = "sh -c 'echo $$ > daemon.new; mv daemon.new daemon; exec sleep 1000' &"
    case quietChild = "sh -c 'echo $$ > daemon.new; mv daemon.new daemon; exec sleep 1000' >/dev/null 2>&1 &"
    case session = "setsid sh -c 'echo $$ > daemon.new; mv daemon.new daemon; exec sleep 1000' &"
    case cleanedSession = "env -i /usr/bin/setsid sh -c 'echo $$ > daemon.new; mv daemon.new daemon; exec sleep 1000' &"
    case forkedTwice =
        "(setsid env -i sh -c '(echo $$; sh -c \"echo \\$PPID\") >/dev/null; sh -c \"echo \\$\\$ > daemon.new; mv daemon.new daemon; exec sleep 1000\" & ' &)"
    case deaf =
        "env -i /usr/bin/setsid sh -c 'trap \"\" TERM; echo $$ > daemon.new; mv daemon.new daemon; while :; do sleep 1000; done' &"

    /// Starts it and waits until it is there.
    var script: String { rawValue + "\nwhile [ ! -e daemon ]; do sleep 0.01; done; cat daemon;" }
}

extension ProcessTests {
    @Suite struct TeardownTests {
        private let directory: TemporaryDirectory
        private let shortGrace = ProcessLimits(grace: 0.1)

        init() throws { directory = try TemporaryDirectory() }

        @Test(arguments: Daemon.allCases) func `what a program leaves behind is ended`(daemon: Daemon) async throws {
            let result = try await run(.script(daemon.script + "exit 5", in: directory.path, limits: shortGrace))
            let pid = try #require(pids(result.output.text).first)
            #expect(!exists(pid))
            #expect(result.ending == .exited(5))
            #expect(result.stopped == nil)
            #expect(result.survivorsKilled >= 1)
            #expect(result.unkillable.isEmpty)
        }

        @Test func `a limit ends the daemons of a program too`() async throws {
            let limits = ProcessLimits(wall: 1, grace: 0.1)
            let script = Daemon.cleanedSession.script + "sleep 1000"
            let result = try await run(.script(script, in: directory.path, limits: limits))
            let daemon = try #require(pids(result.output.text).first)
            #expect(!exists(daemon))
            #expect(result.stopped == .wallLimit)
            #expect(result.ending == .signalled(SIGTERM))
        }

        @Test func `a run ends its own daemons and not those of another`() async throws {
            let other = try TemporaryDirectory()
            let ready = AsyncStream.makeStream(of: Int32.self)
            async let long = run(
                .script(Daemon.cleanedSession.script + "while [ ! -e end ]; do sleep 0.01; done", in: other.path)
            ) { chunk in
                pids(String(decoding: chunk.bytes, as: UTF8.self)).forEach { ready.continuation.yield($0) }
            }
            var iterator = ready.stream.makeAsyncIterator()
            let foreign = try #require(await iterator.next())
            let result = try await run(.script(Daemon.cleanedSession.script, in: directory.path))
            let own = try #require(pids(result.output.text).first)
            #expect(!exists(own))
            #expect(exists(foreign))
            try Files.write("", to: other.path + "/end")
            #expect(try await long.survivorsKilled == 1)
            #expect(!exists(foreign))
        }

        @Test func `a program that ends in time is not disturbed by what ends just after it`() async throws {
            let script = "(trap 'echo asked' TERM; for i in $(seq 3000); do :; done; echo late) & exit 0"
            let result = try await run(.script(script))
            #expect(result.output.text == "late\n")
        }

        @Test func `a program may clean up when it is asked to end`() async throws {
            let script = "trap 'echo bye; exit 9' TERM; echo hi; while :; do sleep 0.01; done"
            let result = try await run(.script(script, limits: ProcessLimits(wall: 0.2)))
            // Between the two the shell may say that its child was ended.
            #expect(result.output.text.hasPrefix("hi\n") && result.output.text.hasSuffix("bye\n"))
            #expect(result.ending == .exited(9))
            #expect(result.stopped == .wallLimit)
        }

        @Test func `a program that ignores the request is killed after the grace`() async throws {
            let script = "trap '' TERM; while :; do sleep 1000; done"
            let result = try await run(.script(script, limits: ProcessLimits(wall: 0.1, grace: 0.2)))
            #expect(result.ending == .signalled(SIGKILL))
            #expect((0.3..<5).contains(result.duration))
        }

        @Test func `a program that comes back whenever it is asked to end is killed all the same`() async throws {
            let script = """
                cat > again <<'EOF'
                echo $$ >> pids
                trap 'setsid env -i sh ./again & sh ./again &' TERM
                while :; do sleep 0.01; done
                EOF
                sh ./again
                """
            let result = try await run(
                .script(script, in: directory.path, limits: ProcessLimits(wall: 0.5, grace: 0.5)))
            let all = pids(try #require(try Files.text(directory.path + "/pids")))
            #expect(!all.contains(where: exists))
            #expect(result.unkillable.isEmpty)
        }

        @Test func `silence ends a run, output keeps it alive`() async throws {
            let limits = ProcessLimits(idle: 1, grace: 0.1)
            let silent = try await run(.script("echo x; sleep 1000", limits: limits))
            #expect(silent.stopped == .idleLimit)
            #expect(silent.duration >= 1)
            let script = "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i; sleep 0.1; done"
            let busy = try await run(.script(script, limits: limits))
            #expect(busy.stopped == nil)
            #expect(busy.duration > 1)
        }

        @Test(arguments: Daemon.allCases) func `cancelling the task tears the tree down`(kind: Daemon) async throws {
            let started = AsyncStream.makeStream(of: Int32.self)
            let place = directory.path
            let task = Task {
                try await run(
                    .script(kind.script + "sleep 1000", in: place, limits: shortGrace)
                ) { chunk in
                    pids(String(decoding: chunk.bytes, as: UTF8.self)).forEach { started.continuation.yield($0) }
                }
            }
            var iterator = started.stream.makeAsyncIterator()
            let daemon = try #require(await iterator.next())
            task.cancel()
            let result = try await task.value
            #expect(result.stopped == .cancelled)
            #expect(!exists(daemon))
        }

        @Test func `a task that is cancelled already starts nothing`() async throws {
            let place = directory.path
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await run(.script("touch started", in: place))
            }
            #expect(try await task.value.stopped == .cancelled)
            #expect(!Files.exists(place + "/started"))
        }

        @Test func `orphans that end during a run do not stay as zombies`() async throws {
            // Each round leaves an orphan that ends at once; output wakes the runner, which looks once a second.
            let script = "for i in 1 2 3 4 5 6; do (setsid true &); echo $i; sleep 0.25; done; sleep 0.1; echo end"
            let counts = Box<[Int]>([])
            _ = try await run(.script(script)) { _ in
                let zombies = ProcessTable.children(of: getpid()).filter {
                    ProcessTable.entry(of: $0)?.isZombie ?? false
                }
                counts.update { $0.append(zombies.count) }
            }
            #expect(counts.value.count >= 6)
            #expect(counts.value.max() ?? 0 <= 5)
        }
    }
}
