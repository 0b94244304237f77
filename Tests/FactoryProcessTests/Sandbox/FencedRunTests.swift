import FactoryCore
import FactoryFiles
import Glibc
import Testing

@testable import FactoryProcess

extension ProcessTests {
    @Suite(.enabled(if: Yard.trouble == nil, "needs bubblewrap and factory-fence"), .timeLimit(.minutes(2)))
    struct FencedRunTests {
        private let yard: Yard
        init() throws { yard = try Yard() }

        @Test func `a program runs inside and its end is told as outside`() async throws {
            let ended = try await yard.run("echo in; pwd; exit 7")
            #expect(ended.ending == .exited(7) && ended.output.text == "in\n\(yard.lane)\n")
            #expect(try await yard.run("kill -9 $$").ending == .exited(137))
        }

        @Test func `a program that the fence does not show is told apart from one that fails`() async throws {
            var command = yard.command("")
            command.executable = "no-such-program"
            let fence = try yard.fence()
            let missing = command
            await #expect(throws: LaunchError.notInFence("no-such-program")) {
                try await ProcessRunner().run(missing, in: fence)
            }
        }

        @Test func `a fence that cannot be made is no failure of the program`() async throws {
            var fence = try yard.fence()
            fence.mounts.append(.read("/no/such/place"))
            let broken = fence
            let error = await #expect(throws: LaunchError.self) { try await yard.run("true", in: broken) }
            #expect(error?.description.contains("/no/such/place") == true, "\(String(describing: error))")
        }

        @Test func `the program inside is asked to end before it is made to`() async throws {
            let ended = try await yard.run(
                "trap 'echo asked; exit 3' TERM; echo on; while :; do sleep 0.05; done",
                limits: ProcessLimits(wall: 1, grace: 5))
            #expect(ended.stopped == .wallLimit && ended.ending == .exited(3))
            #expect(ended.output.text.hasPrefix("on\n") && ended.output.text.hasSuffix("asked\n") && ended.duration < 3)
        }

        @Test func `nothing outlives it: sessions of their own, double forks, deaf ones`() async throws {
            let ended = try await yard.run(
                """
                setsid sleep 4711 & (setsid sh -c 'trap "" TERM HUP; sleep 4711 & sleep 4711' &) &
                env -i setsid -f sleep 4711; disown -a; echo done
                """)
            #expect(ended.output.text == "done\n" && ended.unkillable.isEmpty && ended.duration < 5)
            #expect(!running("sleep\u{0}4711"))
        }

        @Test func `what is inside is found by its marker, and ends with it`() async throws {
            let (started, start) = AsyncStream.makeStream(of: Int32.self)
            let fence = try yard.fence()
            let command = yard.command("env -i setsid sleep 4712 & sleep 4712")
            let task = Task {
                try await ProcessRunner().run(command, in: fence, onStart: { start.yield($0.pid) })
            }
            _ = await started.first { _ in true }
            while !running("sleep\u{0}4712") { try await Task.sleep(for: .milliseconds(5)) }
            // bubblewrap, its own first process inside, the shell, two sleeps.
            #expect(ProcessTree.remaining(marker: command.marker).count >= 4)
            #expect(ProcessTree.endAll(marker: command.marker) >= 4)
            #expect(!running("sleep\u{0}4712"))
            #expect(try await task.value.ending == .signalled(SIGKILL))
        }

        @Test func `bubblewrap alone killed takes everything along`() async throws {
            let (started, start) = AsyncStream.makeStream(of: Int32.self)
            let fence = try yard.fence()
            let command = yard.command("setsid sleep 4713 & sleep 4713")
            let task = Task {
                try await ProcessRunner().run(command, in: fence, onStart: { start.yield($0.pid) })
            }
            let pid = await started.first { _ in true } ?? 0
            while !running("sleep\u{0}4713") { try await Task.sleep(for: .milliseconds(5)) }
            kill(pid, SIGKILL)
            #expect(try await task.value.ending == .signalled(SIGKILL))
            #expect(!running("sleep\u{0}4713"))
        }

        @Test func `too much memory ends it`() async throws {
            let bounds = Bounds(memory: 100 << 20)
            let ended = try await yard.run(
                "perl -e '$x = \"x\" x (300 << 20); sleep 20'", in: yard.fence(bounds: bounds))
            #expect(ended.stopped == .memoryLimit && ended.duration < 15)
        }

        @Test func `memory within the limit is left alone`() async throws {
            let bounds = Bounds(memory: 200 << 20)
            let ended = try await yard.run(
                "perl -e '$x = \"x\" x (50 << 20); sleep 1; print 1'", in: yard.fence(bounds: bounds))
            #expect(ended.succeeded && ended.output.text == "1")
        }

        /// Alone, by `make test`: beside other tests it takes the processes that they need.
        @Test(.enabled(if: getenv("FACTORY_ROUGH") != nil, "runs with FACTORY_ROUGH=1"))
        func `a fork bomb ends, and the machine goes on`() async throws {
            let ended = try await yard.run(
                "b() { b | b & }; b; sleep 20", in: yard.fence(bounds: Bounds(processes: 100)),
                limits: ProcessLimits(wall: 8, outputBytes: 4096, grace: 1))
            #expect(ended.stopped != nil && ended.unkillable.isEmpty && ended.duration < 15)
        }

        @Test func `a file has its largest size`() async throws {
            let ended = try await yard.run(
                "head -c 9000000 /dev/zero > big; stat -c %s big; fallocate -l 9M other || echo no",
                in: yard.fence(bounds: Bounds(file: 1 << 20)))
            #expect(ended.output.text.contains("1048576\n") && ended.output.text.contains("no\n"))
        }

        @Test(arguments: [
            "i=0; while :; do head -c 4M /dev/zero > f$i; i=$((i + 1)); done",
            "i=0; while :; do fallocate -l 4M f$i || sleep 0.01; i=$((i + 1)); done",
            "mkdir -p a/b; cd a/b; while :; do head -c 1M /dev/zero >> g; done",
        ])
        func `a session that fills the disk ends`(_ script: String) async throws {
            let ended = try await yard.run(script, in: yard.fence(bounds: Bounds(disk: 64 << 20)))
            #expect(ended.stopped == .diskLimit && ended.duration < 20)
        }

        @Test func `private directories are small, and in nobody's way`() async throws {
            let ended = try await yard.run(
                "for d in /tmp $HOME /dev/shm; do head -c 9M /dev/zero > $d/x; stat -c %s $d/x; done 2>&1",
                in: yard.fence(bounds: Bounds(scratch: 1 << 20)))
            #expect(ended.output.text.split(separator: "\n").filter { $0 == "1048576" }.count == 3)
        }

        @Test func `no core is left`() async throws {
            #expect(try await yard.run("ulimit -c; ulimit -Hc").output.text == "0\n0\n")
        }

        private func running(_ words: String) -> Bool {
            ProcessTable.all().contains { pid in
                let line = (try? Files.read("/proc/\(pid)/cmdline")) ?? []
                return String(decoding: line, as: UTF8.self).hasPrefix(words)
            }
        }
    }
}
