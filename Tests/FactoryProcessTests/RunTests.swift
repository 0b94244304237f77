import FactoryFiles
import Glibc
import Testing

@testable import FactoryProcess

extension ProcessTests {
    @Suite struct RunTests {
        @Test(arguments: [
            ("exit 0", Ending.exited(0)), ("exit 42", .exited(42)), ("kill -TERM $$", .signalled(SIGTERM)),
            ("kill -KILL $$", .signalled(SIGKILL)),
        ])
        func `the ending is told, and is no error`(script: String, ending: Ending) async throws {
            let result = try await run(.script(script))
            #expect(result.ending == ending)
            #expect(result.stopped == nil)
            #expect(result.survivorsKilled == 0)
            #expect(result.succeeded == (ending == .exited(0)))
        }

        @Test func `output and errors come as one stream in the order written`() async throws {
            let result = try await run(.script("echo 1; echo 2 >&2; echo 3; echo 4 >&2"))
            #expect(result.output.text == "1\n2\n3\n4\n")
            #expect(result.errors.total == 0)
        }

        @Test func `output and errors can be kept apart`() async throws {
            let result = try await run(.script("echo 1; echo 2 >&2; echo 3", capture: .apart))
            #expect(result.output.text == "1\n3\n")
            #expect(result.errors.text == "2\n")
        }

        /// The thread that starts it may go before all others (decision 121).
        @Test func `the program has the ordinary priority`() async throws {
            let fields = try await run(.script("read line < /proc/self/stat; echo $line")).output.text.split(
                separator: " ")
            // Its nice value, and that it is scheduled as all are.
            #expect(fields.count > 40 && fields[18] == "0" && fields[40] == "0")
        }

        @Test func `the environment is the command's and nothing else`() async throws {
            let variables = ["GREETING": "hello world", "EMPTY": ""]
            let command = Command("/usr/bin/env", environment: variables, directory: "/", marker: "hub/1")
            let lines = try await run(command).output.text.split(separator: "\n").sorted()
            #expect(lines.count == 3)
            #expect(lines.first == "EMPTY=")
            #expect(lines.dropFirst().first?.hasPrefix("FACTORY_PROCESS=") ?? false)
            #expect(lines.dropFirst().first?.contains("hub/1#") ?? false)
            #expect(lines.last == "GREETING=hello world")
        }

        @Test func `the program starts in its directory, and a relative path from there`() async throws {
            let directory = try TemporaryDirectory()
            try Files.write(Array("#!/bin/sh\npwd; echo \"$@\"".utf8), to: directory.path + "/tool", mode: 0o755)
            let command = Command(
                "./tool", ["a b", "", "c"], environment: plainEnvironment, directory: directory.path, marker: "test")
            #expect(try await run(command).output.text == "\(directory.path)\na b  c\n")
        }

        @Test func `a bare name is looked up in the command's own path`() async throws {
            let directory = try TemporaryDirectory()
            try Files.makeDirectory(directory.path + "/bin/env")
            try Files.makeDirectory(directory.path + "/own")
            try Files.write(Array("#!/bin/sh\necho own".utf8), to: directory.path + "/own/env", mode: 0o755)
            let command = Command(
                "env", environment: ["PATH": "\(directory.path)/bin:own:/usr/bin"], directory: directory.path,
                marker: "test")
            #expect(try await run(command).output.text == "own\n")
        }

        @Test func `output that is no UTF-8 comes through as it is`() async throws {
            let result = try await run(.script(#"printf 'a\377\376b'"#))
            #expect(result.output.bytes == [97, 255, 254, 98])
            #expect(result.output.text == "a\u{fffd}\u{fffd}b")
        }

        @Test func `ten megabytes of output stay within the limit`() async throws {
            let script = "printf first; head -c 10000000 /dev/zero; printf last"
            let result = try await run(.script(script, limits: ProcessLimits(outputBytes: 1000)))
            #expect(result.output.total == 10_000_009)
            #expect(result.output.bytes.count == 1000)
            #expect(result.output.head.starts(with: Array("first".utf8)))
            #expect(result.output.tail.suffix(4) == Array("last".utf8)[...])
            #expect(result.duration < 5)
        }

        @Test func `input larger than a pipe reaches a program that reads it`() async throws {
            let input = [UInt8](repeating: 120, count: 3_000_000)
            let result = try await run(.script("sleep 0.05; wc -c", input: input))
            #expect(pids(result.output.text) == [3_000_000])
        }

        @Test(arguments: ["exit 3", "exec <&-; sleep 0.05; exit 3"])
        func `input that nobody reads does no harm`(script: String) async throws {
            let input = [UInt8](repeating: 120, count: 3_000_000)
            #expect(try await run(.script(script, input: input)).ending == .exited(3))
        }

        @Test func `without input the program reads nothing`() async throws {
            #expect(try await run(.script("cat; readlink /proc/self/fd/0")).output.text == "/dev/null\n")
        }

        @Test func `the child starts with clean signals, three descriptors and a session of its own`() async throws {
            signal(SIGPIPE, SIG_IGN)
            let inheritable = open("/dev/null", O_RDONLY)  // not closed on exec
            defer { close(inheritable) }
            // The shell's own descriptors, listed without starting anything.
            let script = """
                grep -E '^Sig(Blk|Ign)' /proc/self/status
                cd /proc/$$/fd; echo *
                cut -d' ' -f1,5,6 /proc/$$/stat
                """
            let result = try await run(.script(script))
            let lines = result.output.text.split(separator: "\n").map(String.init)
            try #require(lines.count == 4)
            #expect(lines[0] == "SigBlk:\t0000000000000000")
            // Signals 32 and 33 belong to the C library, which has them ignored in every child.
            #expect(["SigIgn:\t0000000000000000", "SigIgn:\t0000000180000000"].contains(lines[1]))
            #expect(lines[2].split(separator: " ").prefix(3) == ["0", "1", "2"])
            // The fourth, if any, is the one with which the shell itself reads the directory.
            #expect(lines[2].split(separator: " ").count <= 4)
            #expect(Set(lines[3].split(separator: " ")).count == 1)
        }

        @Test func `output is handed over as it comes, and the start is told`() async throws {
            let seen = Box<[OutputChunk]>([])
            let identity = Box<ProcessIdentity?>(nil)
            let result = try await ProcessRunner().run(
                .script("echo $$; sleep 0.02; echo x >&2", capture: .apart),
                onStart: { started in identity.update { $0 = started } },
                onOutput: { chunk in seen.update { $0.append(chunk) } })
            let pid = try #require(pids(result.output.text).first)
            #expect(identity.value?.pid == pid)
            #expect(identity.value?.startTime ?? 0 > 0)
            #expect(identity.value?.isAlive == false)
            #expect(seen.value.first == OutputChunk(source: .output, bytes: Array("\(pid)\n".utf8)))
            #expect(seen.value.last == OutputChunk(source: .errors, bytes: Array("x\n".utf8)))
        }
    }
}
