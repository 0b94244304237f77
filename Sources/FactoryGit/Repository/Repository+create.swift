import CGit2
import FactoryFiles
import Glibc

extension Repository {
    /// Nothing is collected behind our back: journals borrow objects from the hub, and some commits are kept for the
    /// record alone.
    ///
    /// `core.fsync` is for writers through the git program.
    static let settings = """
        [core]
        	repositoryformatversion = 0
        	filemode = true
        	bare = true
        	logAllRefUpdates = false
        	fsync = committed,reference
        [gc]
        	auto = 0
        	pruneExpire = never
        	reflogExpire = never
        	reflogExpireUnreachable = never
        [maintenance]
        	auto = false
        [receive]
        	autogc = false

        """

    /// Makes a bare repository whose HEAD names `mainBranch`, borrowing objects from the git directories in
    /// `alternates`.
    ///
    /// It appears whole or not at all. Throws `.failed` when something is at the path already.
    package static func createBare(
        at path: String, mainBranch: String = "main", alternates: [String] = [], durable: Bool = false
    ) throws(GitError) -> Repository {
        GitLibrary.ready
        let operation = "create the repository \(path)"
        guard !Files.exists(path) else { throw GitError.failed(operation, "something is there already") }
        do {
            let parent = Paths.parent(of: path)
            try Files.makeDirectory(parent)
            let home = try Paths.resolve(parent)
            let draft = Paths.join(home, ".\(Paths.name(of: path)).new-\(getpid())")
            try Files.remove(draft)
            try initialize(draft, mainBranch: mainBranch)
            try lend(alternates, to: draft)
            if durable {
                try ensureFanOut(draft + "/objects")
                try syncTree(draft)
            }
            guard rename(draft, path) == 0 else { throw SystemError("rename", path) }
            if durable { try Files.syncDirectory(home) }
        } catch let error as SystemError {
            throw GitError(error, operation)
        } catch let error as GitError {
            throw error
        } catch { throw GitError.failed(operation, "\(error)") }
        return try open(path, durable: durable)
    }

    private static func initialize(_ path: String, mainBranch: String) throws {
        var options = git_repository_init_options()
        try check(
            git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)), "create \(path)")
        options.flags = GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
        var made: OpaquePointer?
        try mainBranch.withCString { branch in
            options.initial_head = branch
            try check(git_repository_init_ext(&made, path, &options), "create \(path)")
        }
        git_repository_free(made)
        try Files.write(Array(settings.utf8), to: path + "/config")
        try Files.write([], to: path + "/" + StoreLock.name)
        // Other programs look for the empty tree, which most journal entries have, among the objects.
        let repository = try open(path)
        _ = try repository.write([], as: GIT_OBJECT_TREE)
    }

    /// Paths are written relative to the new store, so that two repositories side by side can move together.
    private static func lend(_ alternates: [String], to path: String) throws {
        guard !alternates.isEmpty else { return }
        let own = try Paths.resolve(path + "/objects")
        var lines = ""
        for lender in alternates {
            lines += relative(try Paths.resolve(Paths.join(lender, "objects")), from: own) + "\n"
        }
        try Files.write(Array(lines.utf8), to: path + "/objects/info/alternates")
    }

    private static func relative(_ target: String, from base: String) -> String {
        let target = target.split(separator: "/")
        let base = base.split(separator: "/")
        let shared = zip(target, base).prefix { $0 == $1 }.count
        return ([Substring](repeating: "..", count: base.count - shared) + target[shared...]).joined(separator: "/")
    }

    /// Makes the 256 directories that loose objects are spread over.
    ///
    /// libgit2 syncs an object and its directory but not the store that a new directory was made in, so they are made,
    /// and synced, before they are needed.
    static func ensureFanOut(_ objects: String) throws(SystemError) {
        var info = stat()
        // Where directories count their links (ext4, XFS), "." and its parent's entry, the 256, info and pack.
        guard stat(objects, &info) == 0 else { throw SystemError("stat", objects) }
        guard info.st_nlink < 260 else { return }
        for byte in 0..<256 {
            let name = objects + "/" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            guard mkdir(name, 0o755) == 0 || errno == EEXIST else { throw SystemError("mkdir", name) }
        }
        try Files.syncDirectory(objects)
    }

    /// Makes all files and directories below a path durable.
    private static func syncTree(_ path: String) throws(SystemError) {
        for name in try Files.list(path) {
            let child = path + "/" + name
            if Files.isDirectory(child) {
                try syncTree(child)
            } else {
                let file = Glibc.open(child, O_RDONLY | O_CLOEXEC)
                guard file >= 0 else { throw SystemError("open", child) }
                defer { close(file) }
                guard fsync(file) == 0 else { throw SystemError("fsync", child) }
            }
        }
        try Files.syncDirectory(path)
    }
}
