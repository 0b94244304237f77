import FactoryCore
import FactoryFiles
import Glibc

/// The file that holds many refs at once, `packed-refs`, locked for a change the way git does it.
///
/// libgit2 can pack and remove refs too, but gives up when another writer holds one of them, and writes the whole file
/// anew for each ref it removes.
final class PackedRefs {
    private let path: String
    private let lock: String
    private let isDurable: Bool
    private var descriptor: Int32
    private var lines: [Line] = []

    /// A ref as it stands in the file: the line that names it, and what it peels to on the next.
    private struct Line {
        let name: ArraySlice<UInt8>
        let text: ArraySlice<UInt8>
    }

    /// Takes the file's lock, as patiently as the repository is, and reads it.
    init(_ repository: Repository) throws(GitError) {
        path = repository.path + "/packed-refs"
        lock = path + ".lock"
        isDurable = repository.isDurable
        descriptor = try Self.take(lock, patience: repository.lockPatience)
        do throws(SystemError) { lines = Self.parse(try Files.read(path, limit: 1 << 30)) } catch {
            if !error.isMissing { throw GitError(error, "read \(path)") }
        }
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
            unlink(lock)
        }
    }

    private static func take(_ lock: String, patience: Double) throws(GitError) -> Int32 {
        let deadline = Clock.now() + patience
        while true {
            let file = open(lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            if file >= 0 { return file }
            guard errno == EEXIST else { throw GitError(SystemError("open", lock), "lock refs") }
            guard Clock.now() < deadline else { throw GitError.locked("packed-refs") }
            usleep(UInt32.random(in: 500...2000))
        }
    }

    /// Comments are left out; a line that begins with `^` belongs to the one before.
    private static func parse(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if line.first == UInt8(ascii: "^"), let last = lines.popLast() {
                lines.append(Line(name: last.name, text: bytes[last.text.startIndex..<line.endIndex]))
            } else if line.first != UInt8(ascii: "#"), line.count > 41 {
                lines.append(Line(name: line.dropFirst(41), text: line))
            }
        }
        return lines
    }

    /// Puts refs that point to commits in, in place of what stands there under their names.
    func set(_ refs: [Ref]) {
        remove(Set(refs.map(\.name)))
        for ref in refs {
            let text = Array("\(ref.target.hex) \(ref.name)".utf8)
            lines.append(Line(name: text.dropFirst(41), text: text[...]))
        }
    }

    /// Takes refs out; returns whether there were any.
    @discardableResult
    func remove(_ names: Set<String>) -> Bool {
        let names = Set(names.map { Array($0.utf8)[...] })
        let before = lines.count
        lines.removeAll { names.contains($0.name) }
        return lines.count < before
    }

    /// Writes the file, durably if the repository is, and lets go of its lock.
    func commit() throws(GitError) {
        var bytes = Array("# pack-refs with: peeled fully-peeled sorted \n".utf8)
        for line in lines.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            bytes += line.text
            bytes.append(UInt8(ascii: "\n"))
        }
        do throws(SystemError) {
            try Files.append(bytes, to: descriptor, named: lock)
            guard !isDurable || fsync(descriptor) == 0 else { throw SystemError("fsync", lock) }
            guard rename(lock, path) == 0 else { throw SystemError("rename", lock) }
            close(descriptor)
            descriptor = -1
            if isDurable { try Files.syncDirectory(Paths.parent(of: path)) }
        } catch { throw GitError(error, "write \(path)") }
    }
}
