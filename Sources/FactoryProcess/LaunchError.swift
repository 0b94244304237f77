package import FactoryFiles
import Glibc

/// Why a program could not be started.
///
/// Whatever happens once it runs is in its `ProcessResult`.
package enum LaunchError: Error, Hashable, CustomStringConvertible {
    /// No such program.
    ///
    /// `searched` is the `PATH` that was looked through, nil for a path.
    case programNotFound(String, searched: String?)
    /// The file is there, but it may not be executed or is no program.
    case notExecutable(String)
    /// The file is a script or program whose interpreter, named in its first line, is not there.
    case interpreterMissing(String)
    case directoryMissing(String)
    /// Arguments and environment are larger than the system takes.
    case argumentsTooLong(program: String, bytes: Int)
    /// An argument or variable holds a zero byte, which would cut it short.
    case zeroByte(program: String)
    /// The system has no processes, descriptors or memory left.
    case exhausted(program: String, SystemError)
    /// There is no such program inside the fence, whatever the host has.
    case notInFence(String)
    /// The fence could not be made; what was said about it.
    case fenceFailed(String)
    /// Anything else that the system said.
    case failed(program: String, SystemError)

    package var description: String {
        switch self {
        case .programNotFound(let name, let path?):
            "cannot run \(name): no such program in PATH (\(path)). Install it, or name it by its full path."
        case .programNotFound(let path, nil):
            "cannot run \(path): no such file. Check the path; a relative one starts at the working directory."
        case .notExecutable(let path):
            "cannot run \(path): it is not executable. Make it so with chmod +x, or run it through its interpreter."
        case .interpreterMissing(let path):
            "cannot run \(path): the interpreter it needs is missing. Check its first line, or install the interpreter."
        case .directoryMissing(let path):
            "cannot run anything in \(path): no such directory. Create it, or name another working directory."
        case .argumentsTooLong(let program, let bytes):
            "cannot run \(program): its arguments and environment are too long (\(bytes) bytes). "
                + "Pass long text on standard input or in a file."
        case .zeroByte(let program):
            "cannot run \(program): an argument or environment variable contains a zero byte. Remove it."
        case .exhausted(let program, let cause):
            "cannot run \(program): the system has run out of something (\(cause)). "
                + "Raise the limits (ulimit -n, ulimit -u), or run fewer things at once."
        case .notInFence(let name):
            "cannot run \(name): the sandbox has no such program. Install it below /usr, put its directory into PATH, or "
                + "name its directory under `sandbox: { read: […] }`."
        case .fenceFailed(let words):
            "the sandbox could not be made: \(words.isEmpty ? "bubblewrap said nothing" : words)\nRun `factory doctor`."
        case .failed(let program, let cause):
            "cannot run \(program): \(cause). Check that the program and its working directory can be used."
        }
    }
}

extension LaunchError {
    /// Finds out what the error of `posix_spawn` was about: it returns one number for every step of the child.
    init(code: Int32, path: String, command: Command) {
        let file = Paths.join(command.directory, path)
        let failure = SystemError("posix_spawn", path, code: code)
        self =
            switch code {
            case _ where !Files.isDirectory(command.directory): .directoryMissing(command.directory)
            case ENOENT where Files.exists(file): .interpreterMissing(file)
            case ENOENT, ENOTDIR: .programNotFound(file, searched: nil)
            case EACCES, ENOEXEC, EISDIR: .notExecutable(file)
            case E2BIG: .argumentsTooLong(program: path, bytes: command.textBytes)
            case EAGAIN, ENOMEM, EMFILE, ENFILE: .exhausted(program: path, failure)
            default: .failed(program: path, failure)
            }
    }
}

extension Command {
    fileprivate var textBytes: Int {
        arguments.reduce(0) { $0 + $1.utf8.count + 1 }
            + environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 }
    }
}
