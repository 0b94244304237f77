import FactoryCore
import FactoryFiles
import Glibc
import Synchronization
import Testing

@testable import FactoryProcess

/// A lane in a directory of its own, and shell scripts behind a fence around it.
struct Yard {
    /// Why there can be no fence here; nil where there can.
    static let trouble: String? = {
        do throws(Sandbox.Trouble) {
            let tools = try Sandbox.tools(path: plainEnvironment["PATH"])
            let words = [tools.bubblewrap, "--unshare-user", "--disable-userns", "--ro-bind", "/", "/", "/bin/true"]
            return spawned(words) == 0 ? nil : "namespaces are forbidden here"
        } catch { return error.description }
    }()

    private static func spawned(_ words: [String]) -> Int32 {
        var pid: pid_t = 0
        let copies = words.map { strdup($0) } + [nil]
        defer { copies.forEach { free($0) } }
        guard posix_spawn(&pid, words[0], nil, nil, copies, environ) == 0 else { return -1 }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        return status
    }

    let base: TemporaryDirectory
    var lane: String { base.path + "/lane" }

    init() throws {
        base = try TemporaryDirectory("yard")
        try Files.makeDirectory(base.path + "/lane")
    }

    func fence(
        _ network: SandboxSetting.Network = .none, hosts: [String] = [], bounds: Bounds = Bounds()
    ) throws -> Fence {
        let view = HostView.look(path: plainEnvironment["PATH"] ?? "", home: "/nowhere/home")
        return Fence(
            tools: try Sandbox.tools(path: plainEnvironment["PATH"]),
            mounts: view.root(hiding: [], reading: [], bounds: bounds) + [.write(lane)], network: network,
            hosts: hosts.compactMap { HostRule($0) }, bounds: bounds,
            variables: ["HOME": view.home, "TMPDIR": "/tmp"], written: [lane])
    }

    func command(_ script: String, limits: ProcessLimits = ProcessLimits(wall: 30, grace: 2)) -> Command {
        Command(
            "bash", ["-c", script], environment: plainEnvironment, directory: lane, limits: limits,
            marker: "yard/\(Paths.name(of: base.path))")
    }

    func run(
        _ script: String, in fence: Fence? = nil, limits: ProcessLimits = ProcessLimits(wall: 30, grace: 2),
        refused: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> ProcessResult {
        try await ProcessRunner().run(
            command(script, limits: limits), in: fence ?? self.fence(), refused: refused)
    }
}

/// A server on this machine's loopback that says one thing to everybody and ends.
final class Greeter: Sendable {
    let port: Int
    private let listening: Descriptor

    init(_ words: String = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nwelcome\n") throws {
        let kind = Int32(SOCK_STREAM.rawValue)
        listening = try Descriptor(socket(AF_INET, kind, 0), from: "socket")
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = listening.number
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &size) == 0
            }
        }
        guard bound else { throw SystemError("bind", "127.0.0.1") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.start("greeter") { [listening] in
            while case let number = accept(listening.number, nil, nil), number >= 0 {
                var bytes = [UInt8](repeating: 0, count: 4096)
                _ = read(number, &bytes, bytes.count)
                _ = write(number, words, words.utf8.count)
                close(number)
            }
        }
    }

    deinit { shutdown(listening.number, Int32(SHUT_RDWR)) }
}
