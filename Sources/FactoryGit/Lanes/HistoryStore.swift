import CGit2
package import FactoryCore
import FactoryFiles
import Glibc

/// A bare repository that holds the main branch's history and nothing else.
///
/// Lanes borrow from it. Whoever can read an object store can list everything in it, so the hub, where every pull
/// request lives, is not for lanes to see. All of it can be made again from the hub.
package final class HistoryStore {
    /// The git directory, absolute.
    package let path: String
    private static let branch = "refs/heads/main"
    /// The main branch as it was when small packs were last joined into one.
    private static let joined = "refs/factory/joined"
    /// More small packs than this are joined: each one is looked into for each object that git reads.
    private static let manyPacks = 50
    private var store: Repository
    /// Kept by whoever writes: lanes of several processes share the store.
    private let lock: String

    /// Opens the store at a path, or makes it. One that a crash damaged is made anew. Throws `GitError` and
    /// `SystemError`.
    package init(at path: String) throws {
        self.path = path
        try Files.makeDirectory(Paths.parent(of: path))
        lock = path + ".lock"
        let mine = try FileLock(locking: lock)
        defer { withExtendedLifetime(mine) {} }
        let isWhole = Files.exists(path) && (try? Self.isWhole(path)) == true
        if !isWhole { try Files.remove(path) }
        store = try isWhole ? Repository.open(path) : Repository.createBare(at: path)
    }

    private static func isWhole(_ path: String) throws -> Bool {
        let store = try Repository.open(path)
        guard let main = try store.resolve(branch) else { return true }
        return try store.contains(store.info(main).tree)
    }

    /// The newest commit that it holds; nil when it is empty.
    package func main() throws(GitError) -> CommitID? { try store.resolve(Self.branch) }

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
        // Another lane may be ahead: what it took over is the main branch's history as well.
        if let held, try hub.contains(held) && hub.isAncestor(main, of: held) { return }
        if let held, try !hub.contains(held) || !hub.isAncestor(held, of: main) {
            try Files.remove(path)
            store = try Repository.createBare(at: path)
            return try take(main, from: hub)
        }
        try PackFile.write(hub.objects(of: main, notIn: held), of: hub, to: packs)
        try store.move(Self.branch, from: held, to: main)
        if held == nil { return try keepPacks(main) }
        if try smallPacks().count > Self.manyPacks { try join(hub, main) }
    }

    private var packs: String { path + "/objects/pack" }

    /// Packs without the mark that git itself knows for those that stay.
    private func smallPacks() throws(SystemError) -> [String] {
        let names = Set(try Files.list(packs))
        return names.filter { $0.hasSuffix(".pack") }.map { String($0.dropLast(5)) }.filter {
            !names.contains($0 + ".keep")
        }
    }

    private func keepPacks(_ main: CommitID) throws {
        for name in try smallPacks() { try Files.write("", to: "\(packs)/\(name).keep") }
        try store.move(Self.joined, from: store.resolve(Self.joined), to: main)
    }

    private func join(_ hub: Repository, _ main: CommitID) throws {
        let small = try smallPacks()
        let name = try PackFile.write(hub.objects(of: main, notIn: store.resolve(Self.joined)), of: hub, to: packs)
        try keepPacks(main)
        for old in small where old != name {
            for ending in ["keep", "pack", "idx"] { try Files.remove("\(packs)/\(old).\(ending)") }
        }
    }
}

extension Repository {
    /// The objects that one history has and another may lack: commits, and what their trees changed. Costs what
    /// changed; some of them may be in the other history as well.
    func objects(of commit: CommitID, notIn base: CommitID?) throws(GitError) -> [git_oid] {
        var found: [git_oid] = []
        for id in try log(from: commit, notIn: base.map { [$0] } ?? []) {
            let info = try info(id)
            found.append(try git_oid(id))
            let parent = try info.parents.first.map { parent throws(GitError) in try self.info(parent).tree }
            try collect(git_oid(info.tree), since: parent.map { tree throws(GitError) in try git_oid(tree) }, &found)
        }
        return found
    }

    /// The objects that a tree has and another lacks.
    func objects(of tree: TreeID, notIn base: TreeID) throws(GitError) -> [git_oid] {
        var found: [git_oid] = []
        try collect(git_oid(tree), since: git_oid(base), &found)
        return found
    }

    private func collect(_ tree: git_oid, since old: git_oid?, _ found: inout [git_oid]) throws(GitError) {
        if let old, old == tree { return }
        found.append(tree)
        var before: [[UInt8]: RawTree.Entry] = [:]
        if let old { for entry in try rawTree(old).entries { before[Array(entry.name)] = entry } }
        for entry in try rawTree(tree).entries {
            let earlier = before[Array(entry.name)]
            if let earlier, earlier.id == entry.id { continue }
            if entry.isTree {
                try collect(entry.id, since: earlier.flatMap { $0.isTree ? $0.id : nil }, &found)
            } else if entry.mode != RawTree.submodule {
                found.append(entry.id)
            }
        }
    }
}

/// A pack: many objects in one file, which is far cheaper to make than a file for each.
enum PackFile {
    /// Writes a pack and its index into a directory; the name they have without ending, nil for no objects.
    @discardableResult
    static func write(_ objects: [git_oid], of source: Repository, to directory: String) throws(GitError) -> String? {
        guard !objects.isEmpty else { return nil }
        var builder: OpaquePointer?
        try check(git_packbuilder_new(&builder, source.handle), "begin a pack")
        defer { git_packbuilder_free(builder) }
        // Starting threads costs more than a small pack.
        if objects.count > 5000 { git_packbuilder_set_threads(builder, 0) }
        for var id in objects { try check(git_packbuilder_insert(builder, &id, nil), "pack \(id.hex)") }
        try check(git_packbuilder_write(builder, directory, 0o444, nil, nil), "write a pack to \(directory)")
        return git_packbuilder_hash(builder).map { "pack-\($0.pointee.hex)" }
    }
}
