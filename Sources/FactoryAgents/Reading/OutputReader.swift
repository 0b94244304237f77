import FactoryCore
import FactoryProcess

/// Reads what a program prints, line by line, in the shape that its profile names. No line makes it fail.
struct OutputReader {
    private(set) var reading = SessionReading()
    private let format: AgentProfile.OutputFormat
    private let notices: Regex<AnyRegexOutput>?
    private var output = LineSplitter()
    private var errors = LineSplitter()
    /// The last lines of a program that prints text.
    private var lastLines: [String] = []
    private var lastSize = 0

    /// Bytes of text that are kept as the answer of a program that prints text.
    private static let textLimit = 256 << 10

    init(_ profile: AgentProfile) {
        format = profile.output
        notices = profile.notices.flatMap { try? Regex($0) }
    }

    /// Takes in the next piece. Returns whether it shows progress.
    mutating func take(_ chunk: OutputChunk) -> Bool {
        var lines: [(ArraySlice<UInt8>, Bool)] = []
        switch chunk.source {
        case .output: output.take(chunk.bytes) { lines.append(($0, $1)) }
        case .errors: errors.take(chunk.bytes) { lines.append(($0, $1)) }
        }
        return read(lines, from: chunk.source)
    }

    /// Output is missing before what comes next.
    mutating func skip() {
        output.skip()
        errors.skip()
    }

    /// Takes in lines that never ended. Nothing comes behind them.
    mutating func finish() {
        var lines: [(ArraySlice<UInt8>, Bool)] = []
        output.finish { lines.append(($0, $1)) }
        _ = read(lines, from: .output)
        lines = []
        errors.finish { lines.append(($0, $1)) }
        _ = read(lines, from: .errors)
        if format == .text { reading.say(lastLines.joined(separator: "\n")) }
    }

    private mutating func read(_ lines: [(ArraySlice<UInt8>, Bool)], from source: OutputChunk.Source) -> Bool {
        var progressed = false
        for (line, isCut) in lines {
            switch source {
            case .errors: reading.diagnostics.add(line)
            case .output: if read(line, isCut: isCut) { progressed = true }
            }
        }
        return progressed
    }

    private mutating func read(_ line: ArraySlice<UInt8>, isCut: Bool) -> Bool {
        if format == .text || format == .mini { return readText(line) }
        // A line that was cut is no whole object, but only a program at work prints so much.
        if isCut, line.first == UInt8(ascii: "{") { return true }
        let start = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let last = start.last { $0 > 32 }
        guard start.first == UInt8(ascii: "{"), last == UInt8(ascii: "}"),
            let object = (try? JSON(parsing: start))?.object
        else {
            if isNotice(line) ?? true { reading.diagnostics.add(line) }
            return false
        }
        return format.decoder(object, &reading)
    }

    /// Text that is not the program's own is the model's: it shows progress.
    private mutating func readText(_ line: ArraySlice<UInt8>) -> Bool {
        guard !line.isEmpty else { return false }
        if isNotice(line) ?? false {
            reading.diagnostics.add(line)
            return false
        }
        reading.progress()
        if format == .text { keep(line) }
        return true
    }

    private mutating func keep(_ line: ArraySlice<UInt8>) {
        lastLines.append(String(decoding: line.prefix(Self.textLimit), as: UTF8.self))
        lastSize += lastLines[lastLines.count - 1].utf8.count
        guard lastSize > 2 * Self.textLimit else { return }
        // Many at once, so that short lines do not move all the others each time.
        var dropped = 0
        while lastSize > Self.textLimit, dropped < lastLines.count - 1 {
            lastSize -= lastLines[dropped].utf8.count
            dropped += 1
        }
        lastLines.removeFirst(dropped)
    }

    /// Whether the line is the program's own; nil when the profile does not tell them apart.
    private func isNotice(_ line: ArraySlice<UInt8>) -> Bool? {
        notices.map { String(decoding: line.prefix(2000), as: UTF8.self).contains($0) }
    }
}

extension AgentProfile.OutputFormat {
    /// Reads one JSON object of the output. Returns whether it shows progress.
    fileprivate var decoder: (JSONObject, inout SessionReading) -> Bool {
        switch self {
        case .codex: CodexDecoder.read
        case .claude: ClaudeDecoder.read
        case .gemini: GeminiDecoder.read
        case .opencode: OpencodeDecoder.read
        case .goose: GooseDecoder.read
        case .messages: MessagesDecoder.read
        case .openhands: OpenHandsDecoder.read
        case .vibe: VibeDecoder.read
        case .mini, .text: { _, _ in true }
        }
    }
}
