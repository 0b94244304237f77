import Dispatch
import FactoryCore
import FactoryFiles
import FactoryProcess
import Glibc

/// The file that holds what a program prints, while it prints it, for whoever follows. Whole lines, without credentials,
/// and bounded: what is beyond the first half of the limit waits until the end of the program is known.
///
/// It is written on a queue of its own, so that whoever hands the output in is never held up by a disk.
final class LiveLog: Sendable {
    private let writer: Writer
    private let queue = DispatchQueue(label: "factory.live-log")

    init(at path: String, limit: Int, redaction: Redaction) {
        writer = Writer(path: path, limit: limit, redaction: redaction)
    }

    /// Takes in the next piece.
    func take(_ bytes: [UInt8]) {
        queue.async { [writer] in writer.take(bytes) }
    }

    /// Ends the file: what was printed in all is `output`, its credentials taken out already, and the line's own words
    /// come behind it. Nil, or why the file could not be kept.
    func finish(with output: CapturedOutput, adding words: String = "") async -> SystemError? {
        await withCheckedContinuation { continuation in
            queue.async { [writer] in continuation.resume(returning: writer.finish(with: output, Array(words.utf8))) }
        }
    }

    /// Belongs to the queue.
    private final class Writer: @unchecked Sendable {
        private let path: String
        private let limit: Int
        private let redaction: Redaction
        private var file: Int32 = -1
        private var waiting: [UInt8] = []
        private var room: Int
        private var isBroken = false
        /// A private key is taken out as a whole, so its lines wait for the last of them.
        private static let keyBegin = Array("-----BEGIN ".utf8)
        private static let keyEnd = Array("-----END ".utf8)
        private static let longestWait = 64 << 10

        init(path: String, limit: Int, redaction: Redaction) {
            self.path = path
            self.limit = limit
            self.redaction = redaction
            room = limit / 2
        }

        deinit { if file >= 0 { close(file) } }

        func take(_ bytes: [UInt8]) {
            guard room > 0, !isBroken else { return }
            waiting += bytes
            guard let end = waiting.lastIndex(of: UInt8(ascii: "\n")) else {
                return waiting.count > Self.longestWait ? write(&waiting) : ()
            }
            var lines = Array(waiting[...end])
            if let key = Self.last(Self.keyBegin, in: lines), Self.last(Self.keyEnd, in: Array(lines[key...])) == nil,
                waiting.count < Self.longestWait
            {
                lines = Array(lines[..<key])
            }
            waiting.removeFirst(lines.count)
            write(&lines)
        }

        private static func last(_ text: [UInt8], in bytes: [UInt8]) -> Int? {
            guard bytes.count >= text.count else { return nil }
            return (0...bytes.count - text.count).last { bytes[$0] == text[0] && bytes[$0...].starts(with: text) }
        }

        private func write(_ lines: inout [UInt8]) {
            let clean = redaction.clean(lines).prefix(room)
            lines = []
            guard !clean.isEmpty else { return }
            do throws(SystemError) {
                if file < 0 { try open() }
                try Files.append(Array(clean), to: file, named: path)
                room -= clean.count
            } catch {
                // What is lost here is written at the end, or told there.
                isBroken = true
            }
        }

        private func open() throws(SystemError) {
            try Files.makeDirectory(Paths.parent(of: path))
            try Files.remove(path)
            file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            guard file >= 0 else { throw SystemError("open", path) }
        }

        func finish(with output: CapturedOutput, _ words: [UInt8]) -> SystemError? {
            guard output.total > 0 || !words.isEmpty else { return nil }
            var rest = waiting
            write(&rest)
            do throws(SystemError) {
                if room > 0 && !isBroken {
                    if file < 0 { try open() }
                    try Files.append(words, to: file, named: path)
                } else {
                    try Files.makeDirectory(Paths.parent(of: path))
                    try Files.write(output.bounded(to: limit) + words, to: path)
                }
                return nil
            } catch {
                return error
            }
        }
    }
}
