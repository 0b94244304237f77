package import FactoryCore
import FactoryFiles
import Glibc

/// What a fence shows of the machine: the system, the toolchains, and nothing that is anybody's.
package struct HostView: Hashable, Sendable {
    /// What every fence begins with, read-only.
    package let mounts: [Mount]
    /// The directory that is the session's own home, at the path of the real one.
    package let home: String

    static let system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]

    /// Short, because a machine's `/etc` holds keys and names of the machine's own, and because each costs a fence a
    /// quarter of a millisecond.
    private static let settings = [
        "alternatives", "group", "hosts", "java-17-openjdk", "java-21-openjdk", "ld.so.cache", "localtime",
        "nsswitch.conf", "passwd", "resolv.conf", "ssl/certs", "ssl/openssl.cnf",
    ]

    /// Looks at the machine. `path` and `home` are what the session will have as `PATH` and `HOME`.
    package static func look(path: String, home: String) -> HostView {
        let place = canBePrivate(home) ? home : "/agent"
        let links = system.compactMap { path -> Mount? in
            if let target = target(of: path) { return .link(path, to: target) }
            return Files.isDirectory(path) ? .read(path) : nil
        }
        let settings = settings.map { "/etc/\($0)" }.filter(Files.exists).map { path -> Mount in
            // A link into what is shown anyway costs nothing.
            guard let target = target(of: path), target.hasPrefix("/usr/") else { return .read(path) }
            return .link(path, to: target)
        }
        let tools = Toolchains(home: place, isDirectory: Files.isDirectory).directories(of: path)
        let release = Mount.link("/etc/os-release", to: "/usr/lib/os-release")
        return HostView(mounts: links + settings + [release], tools: tools.map { .read($0) }, home: place)
    }

    private let tools: [Mount]

    private init(mounts: [Mount], tools: [Mount], home: String) {
        self.mounts = mounts
        self.tools = tools
        self.home = home
    }

    /// The whole root before what belongs to one session. `hidden` is not to be seen, whatever it lies in; `read` is
    /// shown beside what was found.
    package func root(hiding hidden: [String], reading read: [String], bounds: Bounds) -> [Mount] {
        let shown = tools + read.map { Mount.readIfThere($0) }
        let masks = hidden.filter { path in
            Files.isDirectory(path) && (mounts + shown).contains { $0.source.map { Self.covers($0, path) } ?? false }
        }
        return mounts
            + [
                // Bubblewrap leaves the kernel's own settings, below /proc/sys, open to root.
                .processes, .seal("/proc"), .devices, .empty("/dev/shm", bytes: bounds.scratch), .seal("/dev"),
                .empty("/tmp", bytes: bounds.scratch), .link("/var/tmp", to: "/tmp"),
                .empty(home, bytes: bounds.scratch),
            ] + shown + masks.map { .empty($0, bytes: 1 << 16) }
    }

    /// Whether a directory is, or holds, a path.
    package static func covers(_ directory: String, _ path: String) -> Bool {
        directory == path || path.hasPrefix(directory.hasSuffix("/") ? directory : directory + "/")
    }

    /// A home that is the system's own directory, or holds one, cannot be covered up.
    private static func canBePrivate(_ home: String) -> Bool {
        let apart = system + ["/etc", "/proc", "/sys"]
        return home.hasPrefix("/") && home != "/" && !home.contains("/../") && !home.hasSuffix("/")
            && !(apart + ["/dev", "/run", "/tmp", "/var"]).contains { covers(home, $0) }
            && !apart.contains { covers($0, home) }
    }

    private static func target(of path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        return count <= 0 ? nil : String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
