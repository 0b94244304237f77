import FactoryFiles
import Glibc

/// Moves the bytes of one run without ever blocking.
///
/// Belongs to the reactor's thread.
final class Streams {
    private(set) var output: CapturedOutput
    private(set) var errors: CapturedOutput
    /// Monotonic seconds of the last byte, or of the start.
    private(set) var lastOutput = monotonicSeconds()
    private let request: Run.Request
    private var readers: [OutputChunk.Source: Descriptor]
    private var writer: Descriptor?
    private var unwritten: ArraySlice<UInt8>
    private let loop: EventLoop

    init(_ spawned: Spawned, _ request: Run.Request, _ loop: EventLoop) {
        output = CapturedOutput(limit: request.command.limits.outputBytes)
        errors = CapturedOutput(limit: request.command.limits.outputBytes)
        self.request = request
        self.loop = loop
        readers = [.output: spawned.output]
        readers[.errors] = spawned.errors
        writer = spawned.input
        unwritten = request.command.input[...]
    }

    func open() throws(SystemError) {
        for (source, descriptor) in readers {
            try loop.add(descriptor) { [self] in read(source) }
        }
        if let writer { try loop.add(writer, .writing) { [self] in write() } }
    }

    /// Takes what is in the pipes now.
    func drain() { for source in Array(readers.keys) { read(source) } }

    func close() {
        readers.values.forEach(loop.remove)
        readers = [:]
        closeWriter()
    }

    /// Until the pipe is empty or at its end; but a program that writes faster than we read must not hold up the
    /// others, so at most a megabyte at a time.
    ///
    /// The loop calls again for the rest.
    private func read(_ source: OutputChunk.Source) {
        for _ in 0..<16 {
            guard let descriptor = readers[source] else { return }
            let count = Glibc.read(descriptor.number, &loop.scratch, loop.scratch.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN { return }
            guard count > 0 else {
                loop.remove(descriptor)
                readers[source] = nil
                return
            }
            take(loop.scratch[..<count], from: source)
        }
    }

    private func take(_ bytes: ArraySlice<UInt8>, from source: OutputChunk.Source) {
        lastOutput = monotonicSeconds()
        switch source {
        case .output: output.append(bytes)
        case .errors: errors.append(bytes)
        }
        request.onOutput?(OutputChunk(source: source, bytes: Array(bytes)))
    }

    private func write() {
        guard let writer else { return }
        while !unwritten.isEmpty {
            let count = unwritten.withUnsafeBytes { Glibc.write(writer.number, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN { return }
            // EPIPE: the program does not want the rest.
            guard count >= 0 else { break }
            unwritten = unwritten.dropFirst(count)
        }
        closeWriter()
    }

    private func closeWriter() {
        writer.map(loop.remove)
        writer = nil
        unwritten = []
    }
}
