import FactoryFiles
import Glibc

extension ProcessRunner {
    /// Runs a program inside a fence, to its end. Nothing of it is left afterwards, inside or out.
    ///
    /// - Parameters:
    /// - refused: Told a sentence for each host that the program asked the proxy for and did not get.
    /// - Returns: How it went.
    /// - Throws: `LaunchError` when the fence could not be made, or the program not be started in it.
    package func run(
        _ command: Command, in fence: Fence, onStart: (@Sendable (ProcessIdentity) -> Void)? = nil,
        onOutput: (@Sendable (OutputChunk) -> Void)? = nil, quiet: (@Sendable () -> Double)? = nil,
        refused: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws(LaunchError) -> ProcessResult {
        let door: Door
        do throws(SystemError) {
            door = try Door(fence, refused: refused)
            try door.open()
        } catch { throw .exhausted(program: command.executable, error) }
        let ended: ProcessResult
        do throws(LaunchError) {
            ended = try await run(
                fence.command(command), door: door.inside, onStart: onStart, onOutput: onOutput, quiet: quiet)
        } catch {
            _ = door.close()
            throw error
        }
        let gate = door.close()
        switch gate.failure {
        case .program(let code): throw LaunchError(code: code, inside: command)
        case .gate(let code): throw .fenceFailed("factory-fence: \(String(cString: strerror(code)))")
        case nil: break
        }
        guard gate.stands || ended.stopped != nil else {
            throw .fenceFailed(ended.output.text + ended.errors.text)
        }
        return ended
    }
}

extension LaunchError {
    /// What the error of `execvp` inside a fence was about.
    fileprivate init(code: Int32, inside command: Command) {
        let name = command.executable
        self =
            switch code {
            case ENOENT, ENOTDIR: .notInFence(name)
            case EACCES, ENOEXEC, EISDIR: .notExecutable(name)
            default: .failed(program: name, SystemError("exec", name, code: code))
            }
    }
}
