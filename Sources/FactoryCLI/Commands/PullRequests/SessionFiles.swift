import FactoryCore
import FactoryFiles
import FactoryForge
import Glibc

/// The files of one session, read as they grow.
struct SessionFiles: Sendable {
    let number: PRNumber
    /// Such as `implementation-2`.
    let session: String
    private let folder: String
    /// How many bytes of each file have been read.
    private var done: [String: Int] = [:]

    init(_ home: Home, _ number: PRNumber, session: String) {
        self.number = number
        self.session = session
        folder = Self.folder(home, number, session)
    }

    /// Where the files of a session stand.
    static func folder(_ home: Home, _ number: PRNumber, _ session: String) -> String {
        "\(home.sessions)/\(number.value)/\(session)"
    }

    /// Logs in the order in which a session writes them, relative to its folder; the result comes last.
    var names: [String] {
        let result = Files.exists("\(folder)/out/result.json") ? ["out/result.json"] : []
        let runs = ["", "again/", "base-tests/", "base-tests/again/"]
        let places = ["caches/setup/", "caches/"] + runs.flatMap { ["\($0)setup/", $0] } + ["holdouts/"]
        return places.flatMap { logs(in: $0) } + result
    }

    /// The shorter name first, so that the tenth step does not stand before the second.
    private func logs(in place: String) -> [String] {
        let names = ((try? Files.list("\(folder)/\(place)")) ?? []).filter { $0.hasSuffix(".log") }
        guard place.hasSuffix("setup/") else { return names.map { place + $0 } }
        return names.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }.map { place + $0 }
    }

    /// What the checks left for people, sorted by path.
    var artifacts: [SessionArtifact] {
        var found: [SessionArtifact] = []
        for place in ["artifacts", "again/artifacts"] { gather(place, into: &found) }
        return found
    }

    private func gather(_ place: String, into found: inout [SessionArtifact]) {
        for name in (try? Files.list("\(folder)/\(place)")) ?? [] {
            let file = "\(place)/\(name)"
            var info = stat()
            guard lstat("\(folder)/\(file)", &info) == 0 else { continue }
            if info.st_mode & S_IFMT == S_IFDIR {
                gather(file, into: &found)
            } else {
                found.append(
                    SessionArtifact(
                        number: number, session: session, file: file, path: "\(folder)/\(file)",
                        bytes: Int(info.st_size)))
            }
        }
    }

    /// What was written since the last look: whole lines, and at the end (`final`) whatever is left.
    mutating func read(_ names: [String], final: Bool) throws -> [SessionLog] {
        var pieces: [SessionLog] = []
        for name in names {
            let path = "\(folder)/\(name)"
            var from = done[name, default: 0]
            guard let size = Self.size(path), final || size != from else { continue }
            if size < from { from = 0 }
            let bytes = try Files.readUntrusted(path, limit: 64 << 20)
            let end = final ? bytes.count : (bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? from)
            guard end > from else { continue }
            done[name] = end
            pieces.append(
                SessionLog(number: number, session: session, file: name, path: path, bytes: Array(bytes[from..<end])))
        }
        return pieces
    }

    /// In bytes; nil when there is no such file.
    private static func size(_ path: String) -> Int? {
        var info = stat()
        return lstat(path, &info) == 0 ? Int(info.st_size) : nil
    }
}
