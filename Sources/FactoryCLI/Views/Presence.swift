import FactoryCore
import FactoryFiles
import Glibc

/// Which PRs are worked at the moment, by the locks that the kernel lists. Only looks: to try a lock would be to take it.
struct Presence: Sendable {
    /// Where the lock files are.
    private let directory: String
    private let locked: Set<UInt64>

    /// `table` is the kernel's list; where there is none, nobody can be seen to work.
    init(locks directory: String, table: String = "/proc/locks") {
        self.directory = directory
        let lines = ((try? Files.text(table)) ?? nil ?? "").split(separator: "\n")
        locked = Set(lines.compactMap(Self.inode))
    }

    /// `1: FLOCK  ADVISORY  WRITE 4711 08:01:123456 0 EOF`: the file's number is the last part of the sixth word.
    private static func inode(_ line: Substring) -> UInt64? {
        let words = line.split(separator: " ")
        guard words.count > 5, words[1] == "FLOCK" else { return nil }
        return words[5].split(separator: ":").last.flatMap { UInt64($0) }
    }

    /// Whether somebody holds the lease of a PR.
    func works(_ number: PRNumber) -> Bool {
        var info = stat()
        return stat("\(directory)/pr-\(number.value)", &info) == 0 && locked.contains(UInt64(info.st_ino))
    }
}
