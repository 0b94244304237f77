import FactoryCore

/// A small tree as the tests know it, without any of the line's code: every line of every file is a tag that no other
/// line has, so that it can be told of each line whose it is and whether it still is there.
struct TaggedFiles: Hashable {
    struct File: Hashable {
        var lines: [String]
        var isExecutable = false
    }

    var files: [String: File] = [:]

    /// The tags that stand anywhere; a file that moves takes its own along.
    var tags: Set<String> { Set(files.values.flatMap(\.lines)) }

    /// A change of one place. Numbers are taken modulo whatever there is, so that a change fits every tree, and a
    /// scenario stays one when others are left out of it.
    enum Edit: Hashable, CustomStringConvertible {
        case insert(file: Int, line: Int, count: Int)
        case delete(file: Int, line: Int, count: Int)
        case replace(file: Int, line: Int, count: Int)
        case move(file: Int, directory: Int)
        case moveAndInsert(file: Int, directory: Int, line: Int)
        case remove(file: Int)
        case mode(file: Int)
        case add(directory: Int, count: Int)

        var description: String {
            switch self {
            case .insert(let file, let line, let count): "insert \(count) at \(line) in \(file)"
            case .delete(let file, let line, let count): "delete \(count) at \(line) in \(file)"
            case .replace(let file, let line, let count): "replace \(count) at \(line) in \(file)"
            case .move(let file, let directory): "move \(file) to \(directory)"
            case .moveAndInsert(let file, let directory, let line): "move \(file) to \(directory), insert at \(line)"
            case .remove(let file): "remove \(file)"
            case .mode(let file): "mode of \(file)"
            case .add(let directory, let count): "add \(count) lines in \(directory)"
            }
        }
    }

    private static let directories = ["", "a/", "a/b/", "a.b/", "c/"]

    /// Gives out tags and names that were never given out before.
    struct Source {
        private var count = 0

        mutating func tags(_ number: Int) -> [String] {
            (0..<number).map { _ in
                count += 1
                return "line \(count) of the tests"
            }
        }
        mutating func name() -> String {
            count += 1
            return "f\(count)"
        }
    }

    mutating func add(directory: Int, count: Int, _ source: inout Source) {
        let path = Self.directories[directory % Self.directories.count] + source.name()
        files[path] = File(lines: source.tags(count))
    }

    /// Makes the change. Specs and plans are not touched.
    mutating func apply(_ edit: Edit, _ source: inout Source) {
        switch edit {
        case .add(let directory, let count): add(directory: directory, count: count, &source)
        case .insert(let file, let line, let count): change(file) { $0.insert(source.tags(count), at: line) }
        case .delete(let file, let line, let count): change(file) { $0.replace(line, count, by: []) }
        case .replace(let file, let line, let count):
            change(file) { $0.replace(line, count, by: source.tags(count)) }
        case .move(let file, let directory): move(file, to: directory, &source)
        case .moveAndInsert(let file, let directory, let line):
            guard let path = move(file, to: directory, &source) else { return }
            files[path]?.insert(source.tags(1), at: line)
        case .remove(let file): if let path = path(file) { files[path] = nil }
        case .mode(let file): change(file) { $0.isExecutable.toggle() }
        }
    }

    private func path(_ number: Int) -> String? {
        let paths = files.keys.filter { !$0.hasPrefix("specs/") }.sorted()
        return paths.isEmpty ? nil : paths[number % paths.count]
    }

    private mutating func change(_ file: Int, _ body: (inout File) -> Void) {
        guard let path = path(file), var content = files[path] else { return }
        body(&content)
        files[path] = content
    }

    @discardableResult
    private mutating func move(_ file: Int, to directory: Int, _ source: inout Source) -> String? {
        guard let old = path(file), let content = files.removeValue(forKey: old) else { return nil }
        let new = Self.directories[directory % Self.directories.count] + source.name()
        files[new] = content
        return new
    }
}

extension TaggedFiles.File {
    mutating func insert(_ new: [String], at line: Int) {
        lines.insert(contentsOf: new, at: line % (lines.count + 1))
    }

    mutating func replace(_ line: Int, _ count: Int, by new: [String]) {
        guard !lines.isEmpty else { return }
        let first = line % lines.count
        lines.replaceSubrange(first..<min(lines.count, first + count), with: new)
    }
}
