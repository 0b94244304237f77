import CGit2
import FactoryCore
import FactoryFiles

extension Repository {
    /// The objects that a history has beyond the commits that are known: commits, and what their trees changed. Parents
    /// come before children, and a commit after all that it needs, so that whoever takes them over in this order and has
    /// a commit has the whole of it. `known` are the commits it rests on. Some objects may come twice.
    func objects(
        of tip: CommitID, until isKnown: (CommitID) throws(GitError) -> Bool
    ) throws(GitError) -> (objects: [git_oid], known: Set<CommitID>) {
        var found: [git_oid] = []
        var known: Set<CommitID> = []
        var seen: Set<CommitID> = []
        var waiting: [(commit: CommitID, followsParents: Bool)] = [(tip, false)]
        while let (commit, followsParents) = waiting.popLast() {
            if followsParents {
                let parents = try parents(of: commit)
                let before = try parents.map { parent throws(GitError) in try git_oid(tree(of: parent)) }
                try collect(git_oid(tree(of: commit)), since: before, &found)
                found.append(try git_oid(commit))
            } else if seen.insert(commit).inserted {
                if try isKnown(commit) {
                    known.insert(commit)
                } else {
                    waiting.append((commit, true))
                    waiting += try parents(of: commit).map { ($0, false) }
                }
            }
        }
        return (found, known)
    }

    private func parents(of commit: CommitID) throws(GitError) -> [CommitID] {
        let handle = try lookup(commit)
        defer { git_commit_free(handle) }
        return (0..<git_commit_parentcount(handle)).compactMap { index in
            git_commit_parent_id(handle, index).map { CommitID($0.pointee) }
        }
    }

    /// The objects that a tree has and others lack in the same places. Costs what changed.
    func objects(of tree: TreeID, notIn others: [TreeID]) throws(GitError) -> [git_oid] {
        var found: [git_oid] = []
        let others = try others.map { tree throws(GitError) in try git_oid(tree) }
        try collect(git_oid(tree), since: others, &found)
        return found
    }

    private func collect(_ tree: git_oid, since others: [git_oid], _ found: inout [git_oid]) throws(GitError) {
        if others.contains(where: { $0 == tree }) { return }
        found.append(tree)
        // All are in git's order, so one pass over each is enough.
        var before = try others.map { tree throws(GitError) in try rawTree(tree).entries[...] }
        for entry in try rawTree(tree).entries {
            var earlier: [git_oid] = []
            for index in before.indices {
                before[index] = before[index].drop { RawTree.Entry.precedes($0, entry) }
                if let same = before[index].first, RawTree.Entry.compare(same, entry) == 0 { earlier.append(same.id) }
            }
            if earlier.contains(where: { $0 == entry.id }) { continue }
            if entry.isTree {
                try collect(entry.id, since: earlier, &found)
            } else if entry.mode != RawTree.submodule {
                found.append(entry.id)
            }
        }
    }
}

/// Objects as files of their own. For the few that one commit brings that is far cheaper than a pack.
enum LooseObject {
    /// The directory and the name that an object has in a store.
    static func place(_ id: git_oid) -> (directory: String, name: String) {
        let hex = id.hex
        return (String(hex.prefix(2)), String(hex.dropFirst(2)))
    }

    /// The file of an object as it lies in the source; nil when it has none, since it is in a pack.
    static func file(_ id: git_oid, of source: Repository) throws(SystemError) -> [UInt8]? {
        let (directory, name) = place(id)
        do throws(SystemError) {
            return try Files.read("\(source.path)/objects/\(directory)/\(name)", limit: .max)
        } catch {
            guard error.isMissing else { throw error }
            return nil
        }
    }

    /// Makes a file in an object directory of whatever form the source has the object in.
    static func write(_ id: git_oid, of source: Repository, to objects: String) throws(GitError) {
        var store: OpaquePointer?
        try check(git_odb_new(&store), "open \(objects)")
        defer { git_odb_free(store) }
        var backend: UnsafeMutablePointer<git_odb_backend>?
        try check(git_odb_backend_loose(&backend, objects, -1, 0, 0, 0), "open \(objects)")
        try check(git_odb_add_backend(store, backend, 1), "open \(objects)")
        var id = id
        var object: OpaquePointer?
        try check(git_odb_read(&object, source.objects, &id), "the object \(id.hex)")
        defer { git_odb_object_free(object) }
        var written = git_oid()
        let code = git_odb_write(
            &written, store, git_odb_object_data(object), git_odb_object_size(object), git_odb_object_type(object))
        try check(code, "write an object to \(objects)")
    }

    /// Copies an object into a store that others may read meanwhile: it appears whole or not at all.
    static func copy(_ id: git_oid, of source: Repository, to objects: String) throws {
        let (directory, name) = place(id)
        let path = "\(objects)/\(directory)/\(name)"
        if Files.exists(path) { return }
        guard let bytes = try file(id, of: source) else { return try write(id, of: source, to: objects) }
        do throws(SystemError) {
            try Files.write(bytes, to: path, mode: 0o444)
        } catch {
            guard error.isMissing else { throw error }
            try Files.makeDirectory("\(objects)/\(directory)")
            try Files.write(bytes, to: path, mode: 0o444)
        }
    }
}

/// Many objects in one file.
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
