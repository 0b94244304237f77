/// One thing that is put into the empty root of a fence.
package enum Mount: Hashable, Sendable {
    /// A file or directory of the host, to be read, at another path if one is given.
    case read(String, at: String? = nil)
    /// The same, left out where the host has none.
    case readIfThere(String)
    /// A file or directory of the host, to be read and written.
    case write(String)
    /// A link with its target.
    case link(String, to: String)
    /// An empty directory in memory, of at most so many bytes.
    case empty(String, bytes: Int)
    /// The processes inside the fence.
    case processes
    /// The harmless devices.
    case devices
    /// Nothing more can be made at the top of what is mounted there.
    case seal(String)

    /// As bubblewrap is told.
    var arguments: [String] {
        switch self {
        case .read(let path, let place): ["--ro-bind", path, place ?? path]
        case .readIfThere(let path): ["--ro-bind-try", path, path]
        case .write(let path): ["--bind", path, path]
        case .link(let path, let target): ["--symlink", target, path]
        case .empty(let path, let bytes): ["--perms", "0700", "--size", String(bytes), "--tmpfs", path]
        case .processes: ["--proc", "/proc"]
        case .devices: ["--dev", "/dev"]
        case .seal(let path): ["--remount-ro", path]
        }
    }

    /// The directory or file of the host that it shows; nil when it shows none.
    var source: String? {
        switch self {
        case .read(let path, _), .readIfThere(let path), .write(let path): path
        case .link, .empty, .processes, .devices, .seal: nil
        }
    }
}
