import FactoryFiles
import Glibc

/// What `/proc` says about processes.
///
/// A process that is gone, or that may not be read, gives nil or nothing.
enum ProcessTable {
    struct Entry {
        let parent: Int32
        let isZombie: Bool
        let startTime: UInt64
    }

    static func entry(of pid: Int32) -> Entry? {
        // The name, in parentheses, may hold anything; the fields behind the last parenthesis are state, parent, …
        guard let text = text("/proc/\(pid)/stat"), let name = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: name)...].split(separator: " ")
        guard fields.count > 19, let parent = Int32(fields[1]), let start = UInt64(fields[19]) else { return nil }
        return Entry(parent: parent, isZombie: "ZX".contains(fields[0]), startTime: start)
    }

    /// How many threads a process has, and how many bytes of memory for itself.
    static func use(of pid: Int32) -> (threads: Int, memory: Int)? {
        guard let status = text("/proc/\(pid)/stat"), let name = status.lastIndex(of: ")"),
            let memory = text("/proc/\(pid)/statm")?.split(separator: " "), memory.count > 2,
            let resident = Int(memory[1]), let shared = Int(memory[2])
        else { return nil }
        let fields = status[status.index(after: name)...].split(separator: " ")
        return (fields.count > 17 ? Int(fields[17]) ?? 1 : 1, (resident - shared) * Int(getpagesize()))
    }

    /// The threads that there are on the machine.
    static func threadsOfAll() -> Int {
        let running = text("/proc/loadavg")?.split(separator: " ").dropFirst(3).first?.split(separator: "/")
        return running?.last.flatMap { Int($0) } ?? 0
    }

    /// The children of all threads of a process.
    static func children(of pid: Int32) -> [Int32] {
        names(in: "/proc/\(pid)/task").flatMap { numbers(in: text("/proc/\(pid)/task/\($0)/children")) }
    }

    /// All processes that can be seen.
    static func all() -> [Int32] { names(in: "/proc") }

    /// The value of a variable in the environment that the process was started with.
    static func variable(_ name: String, of pid: Int32) -> String? {
        guard let bytes = try? Files.read("/proc/\(pid)/environ") else { return nil }
        let prefix = Array("\(name)=".utf8)
        return bytes.split(separator: 0).first { $0.starts(with: prefix) }
            .map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }
    }

    /// The soft limit of file locks, where `Mark` puts its tag; nil when unlimited.
    ///
    /// Everyone may read it, and it is there until the process has been reaped.
    static func tag(of pid: Int32) -> UInt64? {
        let line = text("/proc/\(pid)/limits")?.split(separator: "\n").first { $0.hasPrefix("Max file locks") }
        return line?.split(separator: " ").dropFirst(3).first.flatMap { UInt64($0) }
    }

    static func numbers(in text: String?) -> [Int32] {
        (text ?? "").split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
    }

    private static func names(in directory: String) -> [Int32] {
        ((try? Files.list(directory)) ?? []).compactMap { Int32($0) }
    }

    private static func text(_ path: String) -> String? {
        (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) }
    }
}
