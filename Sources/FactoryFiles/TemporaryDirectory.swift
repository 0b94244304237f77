import Glibc

/// A directory that is removed with everything in it when the last reference goes.
package final class TemporaryDirectory: Sendable {
    /// Absolute, links resolved.
    package let path: String

    /// Makes a directory of its own under `place`, else under `TMPDIR`, or `/tmp` without it.
    package init(_ prefix: String = "factory", in place: String? = nil) throws(SystemError) {
        let base = place ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array(Paths.join(base, "\(prefix)-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp", base) }
        path = try Paths.resolve(String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    deinit { try? Files.remove(path) }
}
