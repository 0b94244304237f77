import FactoryCore
import FactoryFiles

/// A change that is written down: how the fixtures and the corpus are read.
///
/// A file holds several changes. Each begins with `####` and a name, in fixtures with `trip` or `pass` in front. `@@ path`
/// opens a file of the change; below it a line that begins with a blank is there on both sides, one with `-` before the
/// change, one with `+` after it. A file all of whose lines have one sign is new or gone.
struct TamperCase: Sendable, CustomStringConvertible {
    var name: String
    /// Where it is written, such as `python/T7.txt`.
    var place: String
    var change: Change

    var description: String { "\(place): \(name)" }

    /// What the guards against tampering say about the change.
    var violations: [Violation] { Tampering(of: change).violations }

    /// The changes of all files below a folder beside this source, by file.
    static func all(in folder: String) throws -> [TamperCase] {
        let root = String(#filePath.dropLast("TamperCases.swift".count)) + folder
        return try files(below: root).sorted().flatMap { path in
            let bytes = try Files.read("\(root)/\(path)")
            return read(String(decoding: bytes, as: UTF8.self), from: path)
        }
    }

    private static func files(below root: String) throws -> [String] {
        try Files.list(root).flatMap { name in
            name.hasSuffix(".txt") ? [name] : try files(below: "\(root)/\(name)").map { "\(name)/\($0)" }
        }
    }

    private static func read(_ text: String, from place: String) -> [TamperCase] {
        text.split(separator: "#### ", omittingEmptySubsequences: true).map { entry in
            let lines = entry.split(separator: "\n", omittingEmptySubsequences: false)
            return TamperCase(name: String(lines[0]), place: place, change: change(Array(lines.dropFirst())))
        }
    }

    private static func change(_ lines: [Substring]) -> Change {
        var files: [FileChange] = []
        var path: Substring?
        var sides: (before: [Substring], after: [Substring]) = ([], [])
        var signs: Set<Character> = []
        func close() {
            guard let path else { return }
            let text = { (lines: [Substring]) in lines.joined(separator: "\n") + "\n" }
            files.append(
                file(
                    String(path), signs == ["+"] ? nil : text(sides.before), signs == ["-"] ? nil : text(sides.after)))
        }
        for line in lines {
            if line.hasPrefix("@@ ") {
                close()
                (path, sides, signs) = (line.dropFirst(3), ([], []), [])
                continue
            }
            let sign = line.first ?? " "
            let content = line.dropFirst()
            if sign != "+" { sides.before.append(content) }
            if sign != "-" { sides.after.append(content) }
            if !line.isEmpty { signs.insert(sign) }
        }
        close()
        return Change(files: files.sorted { $0.path < $1.path })
    }
}
