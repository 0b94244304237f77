import Glibc

/// Path arithmetic without touching the disk, and the few questions that need it.
package enum Paths {
    /// Joins two paths; an absolute second one stands for itself.
    package static func join(_ base: String, _ rest: String) -> String {
        if rest.hasPrefix("/") || base.isEmpty { return rest }
        return base.hasSuffix("/") ? base + rest : base + "/" + rest
    }

    /// What stands before the last slash: `.` for a bare name, `/` at the root.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What stands behind the last slash.
    package static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// The path from the root, with links resolved; throws when nothing is there.
    package static func resolve(_ path: String) throws(SystemError) -> String {
        guard let resolved = realpath(path, nil) else { throw SystemError("realpath", path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The directory the process was started in.
    package static func current() throws(SystemError) -> String { try resolve(".") }
}
