import Glibc

/// A system call that failed: which, on what, and why.
package struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The call, such as `open`.
    package let call: String
    /// The path or thing it was about.
    package let subject: String
    /// The value of `errno`.
    package let code: Int32

    package init(_ call: String, _ subject: String, code: Int32 = errno) {
        self.call = call
        self.subject = subject
        self.code = code
    }

    package var description: String { "\(call) \(subject): \(String(cString: strerror(code)))" }
    package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
}
