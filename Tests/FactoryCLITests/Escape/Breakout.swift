import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// A world with things around it that are worth stealing, and a user who runs its line.
struct Breakout {
    /// Who runs the line.
    enum User: String, CaseIterable, Sendable {
        /// Whoever runs the tests.
        case current
        /// An ordinary user, who has a number and no name. Takes root to become.
        case ordinary
    }

    /// Whether an ordinary user can be become, and then reaches the program. By way of a shell: what is started first
    /// still has root's rights while its path is looked up.
    static let canBecomeOrdinary =
        getuid() == 0 && spawned(becoming + ["/bin/sh", "-c", "exec \"$0\" --version", World.program]) == 0
    /// Not so inside a sandbox, or where namespaces are forbidden.
    static let hasSandbox =
        spawned(["/usr/bin/bwrap", "--unshare-user", "--disable-userns", "--ro-bind", "/", "/", "/bin/true"]) == 0
    private static let number = "12345"
    private static let becoming = [
        "/usr/bin/setpriv", "--reuid", number, "--regid", number, "--clear-groups",
    ]

    let world: World
    let user: User
    let door: HostDoor
    var outside: String { world.base.path + "/outside" }
    var treasure: [String] {
        [
            "\(world.base.path)/.ssh/id_ed25519", "\(world.home)/lanes/99/tree/secret", "\(world.home)/holdout/secret",
        ]
    }

    /// A world with one spec, submitted, whose agents, setup step and check try to break out.
    init(_ user: User, agent: String = Attempts.agent, configuration: String = "") async throws {
        let base = try TemporaryDirectory("escape")
        self.user = user
        world = try World(in: base, behind: user == .ordinary ? Self.becoming : [])
        door = try HostDoor(in: base.path)
        try Files.makeDirectory(outside)
        try world.place(agent, at: "tools/agent.sh")
        try world.place("true\n", at: "tools/attempts.sh")
        try world.place("empty\n", at: "lib/shared.txt")
        try handOver()
        try await world.found(Self.configuration + configuration)
        for file in treasure {
            try Files.makeDirectory(Paths.parent(of: file))
            try Files.write("treasure\n", to: file)
        }
        try Files.write("treasure\n", to: outside + "/kept")
        try await placeAttempts()
        let spec = Play.spec(1)
        try world.place(spec.text, at: spec.path)
        try handOver()
        try await world.factory(["submit", spec.path])
    }

    private static let configuration = """
        version: 1
        agents:
          default: { command: [bash, tools/agent.sh], hosts: [named.example.com] }
        setup: [{ run: bash tools/attempts.sh < /dev/null }]
        checks:
          - { name: test, run: bash tools/attempts.sh < /dev/null }
        retries: { stage: 0 }

        """

    /// The attempts know the places, so they are put on the main branch once there are some.
    private func placeAttempts() async throws {
        try Files.write("hidden\n", to: outside + "/hidden")
        let hidden = try await world.git("hash-object", "-w", outside + "/hidden", in: world.hub)
        let places = [
            "HOME": world.base.path, "FACTORY": world.home, "APP": world.app, "OUTSIDE": outside, "HIDDEN": hidden,
            "PORT": String(door.port), "ABSTRACT": door.abstract, "SOCKET": door.path,
        ]
        let script = places.reduce(Attempts.script) { $0.replacing("@\($1.key)@", with: $1.value) }
        try world.place(script + "\n", at: "tools/attempts.sh")
        try handOver()
        try await world.git("add", "-A")
        try await world.git("commit", "-q", "-m", "Attempts")
        try await world.git("push", "-q", "factory", "main")
    }

    /// What the tests have written belongs to the user from now on.
    private func handOver() throws {
        guard user == .ordinary else { return }
        let words = ["chown", "-R", "--no-dereference", "\(Self.number):\(Self.number)", world.base.path]
        guard Self.spawned(words) == 0 else { throw Failure("chown failed") }
    }

    private static func spawned(_ words: [String]) -> Int32 {
        var pid: pid_t = 0
        let copies = words.map { strdup($0) } + [nil]
        defer { copies.forEach { free($0) } }
        guard posix_spawnp(&pid, words[0], nil, nil, copies, environ) == 0 else { return -1 }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        return status
    }

    /// A file of a session's folder.
    func left(_ name: String, in session: String) throws -> String {
        try world.left(name, in: session) ?? ""
    }

    /// Nothing outside has changed, and nothing is left that runs.
    func expectUntouched(_ place: SourceLocation = #_sourceLocation) throws {
        for file in treasure + [outside + "/kept"] {
            #expect(try Files.text(file) == "treasure\n", "\(file)", sourceLocation: place)
        }
        #expect(try Files.list(outside) == ["hidden", "kept"], sourceLocation: place)
        #expect(try !(Files.text(world.app + "/.factory/config.yml") ?? "").hasSuffix("x\n"), sourceLocation: place)
        #expect(Self.running("sleep\u{0}31415") == [], sourceLocation: place)
        #expect(!door.wasOpened, sourceLocation: place)
    }

    /// The processes whose command line begins so.
    static func running(_ words: String) -> [Int32] {
        ((try? Files.list("/proc")) ?? []).compactMap { Int32($0) }.filter { pid in
            let line = (try? Files.read("/proc/\(pid)/cmdline")) ?? []
            return String(decoding: line, as: UTF8.self).hasPrefix(words)
        }
    }
}

/// Sockets of the machine that nobody inside may reach: on its loopback, in the abstract name space, and in a directory.
final class HostDoor: Sendable {
    let port: Int
    let abstract = "factory-escape-\(UInt32.random(in: 0 ... .max))"
    let path: String
    private let sockets: [Int32]

    init(in directory: String) throws {
        path = directory + "/door"
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let internet = socket(AF_INET, kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(internet, $0, size) == 0 && getsockname(internet, $0, &size) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        let named = socket(AF_UNIX, kind, 0)
        let nameless = socket(AF_UNIX, kind, 0)
        sockets = [internet, named, nameless]
        guard isBound, Self.bind(named, Array(path.utf8)), Self.bind(nameless, [0] + Array(abstract.utf8)),
            sockets.allSatisfy({ listen($0, 8) == 0 })
        else { throw SystemError("bind", path) }
    }

    deinit { for socket in sockets { close(socket) } }

    /// Whether anybody has come in.
    var wasOpened: Bool {
        sockets.contains { socket in
            var event = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            return poll(&event, 1, 0) > 0
        }
    }

    private static func bind(_ socket: Int32, _ name: [UInt8]) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard name.count < 100 else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(socket, $0, size) == 0 }
        }
    }
}
