import CGit2
package import FactoryCore
package import FactoryFiles

/// What can go wrong in a git repository: what happened, on what, and what to do next.
package enum GitError: Error, Hashable, CustomStringConvertible {
    /// Nothing of that name or id is there.
    case notFound(String)
    /// The ref is not where the caller read it; nothing was written.
    ///
    /// Read again and decide again.
    case lostSwap(ref: String, actual: CommitID?)
    /// Another writer held the ref's lock for longer than we wait, or a killed one left its lock behind.
    case locked(String)
    /// The repository uses something that libgit2 cannot open; `advice` is a sentence for a person.
    case unsupported(String, advice: String)
    /// A file is larger than the reader was told to accept, in bytes.
    case tooLarge(String, size: Int, limit: Int)
    /// The disk, or the user's share of it, is full.
    case diskFull(String)
    /// Anything else, with libgit2's own words and its error class (`git_error_t`).
    case failed(String, message: String, kind: Int32)

    package var description: String {
        switch self {
        case .notFound(let what): "\(what): not found in the repository"
        case .lostSwap(let ref, let actual):
            "\(ref) was moved by someone else and is now at \(actual?.short ?? "nothing"): read it again"
        case .locked(let ref):
            "\(ref) stays locked: another program is writing, or one was killed; maintenance clears leftover locks"
        case .unsupported(let what, let advice): "\(what) is not supported: \(advice)"
        case .tooLarge(let what, let size, let limit): "\(what) has \(size) bytes, more than the \(limit) allowed"
        case .diskFull(let operation): "\(operation): the disk is full; free some space and try again"
        case .failed(let operation, let message, _): "\(operation): \(message)"
        }
    }
}

extension GitError: HostError {
    package var isDiskFull: Bool { if case .diskFull = self { true } else { false } }
}

extension SystemError: HostError {}

extension GitError {
    /// The error behind a code that libgit2 returned on this thread just now.
    static func last(_ code: Int32, _ operation: String) -> GitError {
        let last = git_error_last()?.pointee
        let message = last?.message.map { String(cString: $0) } ?? "error \(code)"
        if message.contains("No space left on device") || message.contains("Disk quota exceeded") {
            return .diskFull(operation)
        }
        if code == GIT_ENOTFOUND.rawValue { return .notFound(operation) }
        if code == GIT_ELOCKED.rawValue { return .locked(operation) }
        return .failed(operation, message: message, kind: last?.klass ?? 0)
    }

    /// A failure that we found ourselves, without libgit2.
    static func failed(_ operation: String, _ message: String) -> GitError {
        .failed(operation, message: message, kind: 0)
    }
}

/// Throws unless libgit2's answer is a success.
func check(_ code: Int32, _ operation: @autoclosure () -> String) throws(GitError) {
    guard code < 0 else { return }
    throw GitError.last(code, operation())
}
