package import FactoryCore
import FactoryFiles

/// A bare repository that holds the main branch's history and nothing else.
///
/// Lanes borrow from it. Whoever can read an object store can list everything in it, so the hub, where every pull
/// request lives, is not for lanes to see. All of it can be made again from the hub.
package final class HistoryStore {
    /// The git directory, absolute.
    package let path: String
    private static let branch = "refs/heads/main"
    /// More objects than this are kept in a pack.
    private static let manyObjects = 5000
    /// Names the start of the machine in which the store was made.
    private static let mark = "/factory-boot"
    private let boot: String?
    private var store: Repository
    /// Kept by whoever writes: lanes of several processes share the store.
    private let lock: String

    /// Opens the store at a path, or makes it. One that a crash damaged is made anew, and so is one of an earlier start of
    /// the machine, which `boot` names: nothing here is synced. Throws `GitError` and `SystemError`.
    package init(at path: String, boot: String? = Machine.boot) throws {
        self.path = path
        try Files.makeDirectory(Paths.parent(of: path))
        lock = path + ".lock"
        let mine = try FileLock(locking: lock)
        defer { withExtendedLifetime(mine) {} }
        if Files.exists(path), try Files.text(path + Self.mark) == boot, let whole = try? Self.openWhole(path) {
            store = whole
        } else {
            store = try Self.begun(at: path, boot)
        }
        self.boot = boot
    }

    private static func begun(at path: String, _ boot: String?) throws -> Repository {
        try Files.remove(path)
        let store = try Repository.createBare(at: path)
        if let boot { try Files.write(boot, to: path + mark) }
        return store
    }

    private static func openWhole(_ path: String) throws -> Repository {
        let store = try Repository.open(path)
        guard let main = try store.resolve(branch) else { return store }
        _ = try store.entries(of: store.tree(of: main))
        if isCrowded(path) { try join(store, main) }
        return store
    }

    /// Objects are spread evenly over 256 directories, so that one tells of all.
    private static func isCrowded(_ path: String) -> Bool {
        let sample = try? Files.list(path + "/objects/17")
        return (sample?.count ?? 0) * 256 > manyObjects
    }

    /// Makes one pack of all that the main branch needs, and drops the rest.
    private static func join(_ store: Repository, _ main: CommitID) throws {
        let objects = store.path + "/objects"
        let everything = try store.objects(of: main) { _ in false }.objects
        guard let pack = try PackFile.write(everything, of: store, to: objects + "/pack") else { return }
        for name in try Files.list(objects) where name.utf8.count == 2 { try Files.remove("\(objects)/\(name)") }
        for name in try Files.list(objects + "/pack") where !name.hasPrefix(pack) {
            try Files.remove("\(objects)/pack/\(name)")
        }
    }

    /// The newest commit that it holds; nil when it is empty.
    package func main() throws(GitError) -> CommitID? { try store.resolve(Self.branch) }

    /// Whether it holds a commit, and so all that the commit needs.
    func contains(_ commit: CommitID) throws(GitError) -> Bool { try store.contains(commit) }

    /// Takes over what the main branch gained. Costs a look at one ref when it did not move, else what is new; a
    /// rewritten branch makes the store anew, since nothing of the old one may stay. `hub` is only read. Throws
    /// `GitError` and `SystemError`.
    package func update(from hub: Repository, main: CommitID) throws {
        if try self.main() == main { return }
        let mine = try FileLock(locking: lock)
        defer { withExtendedLifetime(mine) {} }
        try take(main, from: hub)
    }

    private func take(_ main: CommitID, from hub: Repository) throws {
        let held = try self.main()
        let store = store
        let gained = try hub.objects(of: main) { commit throws(GitError) in
            held == nil ? false : try store.contains(commit)
        }
        // What rests on the commit that is held goes on from it; that is nearly always so and costs nothing to find out.
        if let held, !gained.known.contains(held) {
            let isKnown = try hub.contains(held)
            // Another lane may be ahead: what it took over is the main branch's history as well.
            if isKnown, try hub.isAncestor(main, of: held) { return }
            if try !isKnown || !hub.isAncestor(held, of: main) { return try begin(with: main, from: hub) }
        }
        let objects = path + "/objects"
        if held == nil || gained.objects.count > Self.manyObjects {
            try PackFile.write(gained.objects, of: hub, to: objects + "/pack")
        } else {
            for id in gained.objects { try LooseObject.copy(id, of: hub, to: objects) }
        }
        try store.move(Self.branch, from: held, to: main)
    }

    private func begin(with main: CommitID, from hub: Repository) throws {
        store = try Self.begun(at: path, boot)
        try take(main, from: hub)
    }
}
