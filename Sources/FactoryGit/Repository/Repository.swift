import CGit2
import FactoryFiles

/// A git repository, opened with libgit2.
///
/// Calls block and the handle belongs to one caller at a time: give it to an actor with a thread of its own. Several
/// handles on one repository, in one process or many, are fine.
package final class Repository {
    /// The libgit2 repository.
    let handle: OpaquePointer
    /// Reads from everywhere: loose objects, packs, alternates.
    let objects: OpaquePointer
    /// Writes loose objects and nothing else: no look through packs for each write, and syncs if durable.
    let looseObjects: OpaquePointer
    /// Whether objects and refs are on the disk when a call returns.
    package var isDurable: Bool { durability != .none }
    let durability: Durability
    /// Shared by all who move refs, in the repositories that we made; nil in those of others.
    let storeLock: StoreLock?
    /// The git directory, absolute, without a slash at the end.
    package let path: String
    /// How long to wait for a ref that another writer has locked, in seconds.
    package var lockPatience: Double = 2

    private init(
        handle: OpaquePointer, objects: OpaquePointer, looseObjects: OpaquePointer, storeLock: StoreLock?,
        durability: Durability
    ) {
        self.handle = handle
        self.storeLock = storeLock
        self.objects = objects
        self.looseObjects = looseObjects
        self.durability = durability
        path = Self.commonDirectory(handle)
    }

    deinit {
        git_odb_free(looseObjects)
        git_odb_free(objects)
        git_repository_free(handle)
    }

    /// Opens the repository at a path: bare, or a checkout's root or `.git`.
    ///
    /// With `durable`, objects and refs that are written through this handle are synced to the disk. Throws
    /// `.unsupported`, with advice, for what libgit2 cannot open, and `.notFound` where there is no repository.
    package static func open(_ path: String, durable: Bool = false) throws(GitError) -> Repository {
        GitLibrary.ready
        var handle: OpaquePointer?
        let code = git_repository_open_ext(&handle, path, UInt32(GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue), nil)
        guard code == 0, let handle else { throw openingError(code, path) }
        do throws(GitError) {
            try check(git_repository_set_ident(handle, "Factory", "factory@localhost"), "open \(path)")
            if durable { try syncEverything(handle) }
            let lock = try storeLock(of: commonDirectory(handle))
            let durability = Durability.of(commonDirectory(handle), durable: durable)
            let loose = try looseStore(handle, durable: durability == .full)
            var objects: OpaquePointer?
            let code = git_repository_odb(&objects, handle)
            guard code == 0, let objects else {
                git_odb_free(loose)
                throw GitError.last(code, "open the objects of \(path)")
            }
            return Repository(
                handle: handle, objects: objects, looseObjects: loose, storeLock: lock, durability: durability)
        } catch {
            git_repository_free(handle)
            throw error
        }
    }

    static func commonDirectory(_ handle: OpaquePointer) -> String {
        let path = String(cString: git_repository_commondir(handle))
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// Refs are synced when `core.fsyncObjectFiles` is set.
    ///
    /// The git program warns about that key, so it does not stand in the repository's own file but in one beside it,
    /// which only this handle reads.
    private static func syncEverything(_ handle: OpaquePointer) throws(GitError) {
        let path = commonDirectory(handle)
        let file = path + "/factory-durable.config"
        do throws(SystemError) {
            if !Files.exists(file) { try Files.write(Array("[core]\n\tfsyncObjectFiles = true\n".utf8), to: file) }
            try ensureFanOut(path + "/objects")
        } catch { throw GitError(error, "open \(path) durably") }
        var configuration: OpaquePointer?
        try check(git_repository_config(&configuration, handle), "open the configuration of \(path)")
        defer { git_config_free(configuration) }
        try check(
            git_config_add_file_ondisk(configuration, file, GIT_CONFIG_LEVEL_APP, handle, 1), "open \(file)")
    }

    private static func storeLock(of path: String) throws(GitError) -> StoreLock? {
        guard Files.exists(path + "/" + StoreLock.name) else { return nil }
        do throws(SystemError) { return try StoreLock(path) } catch { throw GitError(error, "open \(path)") }
    }

    private static func looseStore(_ handle: OpaquePointer, durable: Bool) throws(GitError) -> OpaquePointer {
        let path = commonDirectory(handle) + "/objects"
        var store: OpaquePointer?
        let code = git_odb_new(&store)
        guard code == 0, let store else { throw GitError.last(code, "open \(path)") }
        var backend: UnsafeMutablePointer<git_odb_backend>?
        do throws(GitError) {
            try check(git_odb_backend_loose(&backend, path, -1, durable ? 1 : 0, 0, 0), "open \(path)")
            try check(git_odb_add_backend(store, backend, 1), "open \(path)")
            return store
        } catch {
            git_odb_free(store)
            throw error
        }
    }
}

extension GitError {
    init(_ error: SystemError, _ operation: String) {
        self = error.isDiskFull ? .diskFull(operation) : .failed(operation, error.description)
    }
}
