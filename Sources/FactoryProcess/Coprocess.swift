import CSystem
package import FactoryFiles
import Glibc
import Synchronization

/// A program beside ours that answers lines with lines, for as long as it is needed.
///
/// It talks over a socket that it finds as descriptor 3. One line is asked at a time; whoever comes meanwhile waits. Ends
/// with `end`, with its last owner, or by itself, and nothing of it is left.
package final class Coprocess: Sendable {
    private struct Conversation {
        /// What has come and belongs to the next answer.
        var rest: [UInt8] = []
        var isBroken = false
    }

    private let socket: Descriptor
    private let conversation = Mutex(Conversation())
    private let life: Task<Void, Never>

    /// Why there is no answer.
    package enum Silence: Error, Hashable, CustomStringConvertible {
        /// The line never left.
        case notAsked(String)
        /// The line left, and no answer came.
        case notAnswered(String)

        package var description: String {
            switch self {
            case .notAsked(let why), .notAnswered(let why): why
            }
        }
    }

    /// Starts the program. `ended` is told how it ended, a `LaunchError` included.
    ///
    /// Throws `SystemError` when there is no socket.
    package init(
        _ command: Command, by runner: ProcessRunner,
        ended: @escaping @Sendable (Result<ProcessResult, LaunchError>) -> Void = { _ in }
    ) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw SystemError("socketpair", "")
        }
        let (ours, theirs) = (try Descriptor(ends[0], from: "socketpair"), try Descriptor(ends[1], from: "socketpair"))
        socket = ours
        life = Task { [weak ours] in
            let result: Result<ProcessResult, LaunchError>
            do throws(LaunchError) {
                result = .success(
                    try await runner.run(command, door: theirs, onStart: nil, onOutput: nil, quiet: nil))
            } catch { result = .failure(error) }
            // Whoever waits for an answer would wait for ever otherwise: our copy of the other end is still open.
            if let ours { shutdown(ours.number, Int32(SHUT_RDWR)) }
            ended(result)
        }
    }

    deinit { life.cancel() }

    /// Ends the program, and returns when nothing of it is left.
    package func end() async {
        life.cancel()
        await life.value
    }

    /// Sends one line, given without its end, and gives the line that comes back.
    ///
    /// After a silence the program is of no more use: what it says next may belong to the line before.
    /// - Throws: `Silence` when the program is gone, or has not answered after so many seconds.
    package func ask(_ line: [UInt8], seconds: Double) async throws(Silence) -> [UInt8] {
        // A thread of its own, because waiting would hold one that others need.
        let answer: Result<[UInt8], Silence> = await withCheckedContinuation { continuation in
            let started = Thread.start("factory.ask") { [self] in
                continuation.resume(returning: conversation.withLock { exchange(line, seconds, &$0) })
            }
            if !started { continuation.resume(returning: .failure(.notAsked("there are no more threads"))) }
        }
        return try answer.get()
    }

    private func exchange(
        _ line: [UInt8], _ seconds: Double, _ conversation: inout Conversation
    ) -> Result<[UInt8], Silence> {
        guard !conversation.isBroken else { return .failure(.notAsked("the program has ended")) }
        let deadline = monotonicSeconds() + seconds
        do throws(Silence) {
            try send(line + [UInt8(ascii: "\n")], until: deadline)
            return .success(try receive(&conversation.rest, until: deadline))
        } catch {
            conversation.isBroken = true
            return .failure(error)
        }
    }

    private func send(_ bytes: [UInt8], until deadline: Double) throws(Silence) {
        var sent = 0
        while sent < bytes.count {
            try wait(for: POLLOUT, until: deadline, sent == 0)
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            // Half a line is none: it is acted upon only when its end has come.
            guard count > 0 else { throw .notAsked("the program has ended") }
            sent += count
        }
    }

    private func receive(_ rest: inout [UInt8], until deadline: Double) throws(Silence) -> [UInt8] {
        var seen = 0
        while true {
            if let end = rest[seen...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(rest[..<end])
                rest.removeSubrange(...end)
                return line
            }
            seen = rest.count
            try wait(for: POLLIN, until: deadline, false)
            var chunk = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(socket.number, &chunk, chunk.count, Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw .notAnswered("the program ended before it answered") }
            rest += chunk[..<count]
        }
    }

    private func wait(for events: Int32, until deadline: Double, _ isFirst: Bool) throws(Silence) {
        var event = pollfd(fd: socket.number, events: Int16(events), revents: 0)
        while true {
            let left = deadline - monotonicSeconds()
            guard left > 0 else {
                throw isFirst ? .notAsked("it took too long") : .notAnswered("no answer came in time")
            }
            let ready = poll(&event, 1, Int32(min(left * 1000 + 1, 3_600_000)))
            if ready > 0 { return }
        }
    }
}
