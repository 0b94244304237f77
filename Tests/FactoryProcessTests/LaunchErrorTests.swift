import FactoryFiles
import FactoryProcess
import Testing

extension ProcessTests {
    @Suite struct LaunchErrorTests {
        private let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        private func command(_ executable: String, in place: String? = nil) -> Command {
            Command(
                executable, environment: ["PATH": "/usr/bin:\(directory.path)"], directory: place ?? directory.path,
                marker: "test")
        }

        @Test func `a missing program is told with the path searched`() async throws {
            let error = LaunchError.programNotFound("no-such-tool", searched: "/usr/bin:\(directory.path)")
            await #expect(throws: error) { try await run(command("no-such-tool")) }
            #expect("\(error)".contains("/usr/bin:\(directory.path)"))
            await #expect(throws: LaunchError.programNotFound("\(directory.path)/./tool", searched: nil)) {
                try await run(command("./tool"))
            }
            await #expect(throws: LaunchError.self) { try await run(command("")) }
        }

        @Test(arguments: ["tool", "./tool"]) func `a file that is not executable is told`(name: String) async throws {
            try Files.write("echo hello", to: directory.path + "/tool")
            let file = Paths.join(directory.path, name)
            await #expect(throws: LaunchError.notExecutable(file)) { try await run(command(name)) }
        }

        @Test func `an executable file that is no program is told`() async throws {
            try Files.write(Array("plain words".utf8), to: directory.path + "/tool", mode: 0o755)
            let file = directory.path + "/tool"
            await #expect(throws: LaunchError.notExecutable(file)) { try await run(command("tool")) }
        }

        @Test func `a missing interpreter is told apart from a missing program`() async throws {
            try Files.write(Array("#!/no/such/shell\n".utf8), to: directory.path + "/tool", mode: 0o755)
            let file = directory.path + "/tool"
            await #expect(throws: LaunchError.interpreterMissing(file)) { try await run(command("tool")) }
        }

        @Test func `a missing directory is told apart from a missing program`() async throws {
            let missing = directory.path + "/gone"
            await #expect(throws: LaunchError.directoryMissing(missing)) { try await run(command("env", in: missing)) }
        }

        @Test func `what the system cannot take is told before anything is cut short`() async throws {
            let text = [String](repeating: String(repeating: "x", count: 100_000), count: 100)
            let long = Command("/usr/bin/env", text, environment: [:], directory: "/", marker: "test")
            let tooLong = LaunchError.argumentsTooLong(program: "/usr/bin/env", bytes: 10_000_100)
            await #expect(throws: tooLong) { try await run(long) }
            let cut = Command("/usr/bin/env", ["a\0b"], environment: [:], directory: "/", marker: "test")
            await #expect(throws: LaunchError.zeroByte(program: "/usr/bin/env")) { try await run(cut) }
        }

        /// In a process of its own, because other tests open descriptors meanwhile.
        @Test func `a failed start leaves no descriptor open`() async throws {
            await #expect(processExitsWith: .success) {
                let missing = Command("/no/such/tool", [], environment: [:], directory: "/", marker: "test")
                _ = try await run(.script("exit 0"))
                let before = try Files.list("/proc/self/fd").count
                for _ in 0..<20 { _ = try? await run(missing) }
                #expect(try Files.list("/proc/self/fd").count == before)
            }
        }
    }
}
