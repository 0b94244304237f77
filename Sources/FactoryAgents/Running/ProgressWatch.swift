import FactoryFiles
import Glibc

/// Looks whether anything below some directories has changed lately: a sign of life of programs that print nothing.
struct ProgressWatch: Sendable {
    /// Files and directories; a component may be `*`.
    var paths: [String]

    /// Entries that are looked at. Beyond them nothing is seen, which only makes a program look quieter than it is.
    private static let limit = 200_000

    /// Seconds since the newest change, or infinity. `enough`: any change younger than that will do.
    ///
    /// What counts is when a file's entry changed, which no program can set.
    func quiet(enough: Double) -> Double {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var search = Search(now: Self.seconds(now), enough: enough, room: Self.limit)
        for path in paths.flatMap(PathPattern.expand) where !search.isDone { search.visit(path, depth: 0) }
        return search.youngest
    }

    fileprivate static func seconds(_ time: timespec) -> Double { Double(time.tv_sec) + Double(time.tv_nsec) / 1e9 }

    private struct Search {
        let now: Double
        let enough: Double
        var room: Int
        var youngest = Double.infinity
        var isDone: Bool { youngest <= enough || room <= 0 }

        mutating func visit(_ path: String, depth: Int) {
            var info = stat()
            guard lstat(path, &info) == 0 else { return }
            room -= 1
            let age = now - ProgressWatch.seconds(info.st_ctim)
            // A clock that was set back must not make a program look alive for ever.
            if age > -5 { youngest = min(youngest, max(0, age)) }
            guard info.st_mode & S_IFMT == S_IFDIR, depth < 64, !isDone else { return }
            for name in (try? Files.list(path)) ?? [] where !isDone { visit(Paths.join(path, name), depth: depth + 1) }
        }
    }
}

/// Paths in which a whole component may be `*`.
enum PathPattern {
    /// Matches that are looked at.
    private static let limit = 100

    /// The paths that are there, newest name last; a pattern without `*` stands for itself.
    static func expand(_ pattern: String) -> [String] {
        var found = [pattern.hasPrefix("/") ? "/" : "."]
        for part in pattern.split(separator: "/") {
            guard part == "*" else {
                found = found.map { Paths.join($0, String(part)) }
                continue
            }
            found = found.flatMap { directory in
                ((try? Files.list(directory)) ?? []).prefix(limit).map { Paths.join(directory, $0) }
            }
            found = Array(found.prefix(limit))
        }
        return pattern.contains("*") ? found.filter { Files.exists($0) } : found
    }
}
