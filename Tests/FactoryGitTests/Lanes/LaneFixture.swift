import FactoryCore
import FactoryFiles
import Glibc

@testable import FactoryGit

/// A hub and a lane in a directory of their own.
final class LaneFixture {
    let home: TemporaryDirectory
    let hub: Repository
    var lane: FactoryGit.Lane

    init(keep: [String] = [], limits: LaneLimits = LaneLimits()) throws {
        home = try TemporaryDirectory("lane")
        hub = try Repository.createBare(at: home.path + "/hub.git")
        lane = try FactoryGit.Lane.open(at: home.path + "/lane", hub: hub, keep: keep.map { Glob($0) })
        lane.limits = limits
    }

    /// A tree of plain files.
    func tree(_ files: [String: String], links: [String: String] = [:], on base: TreeID = .empty) throws -> TreeID {
        var edits: [(RepoPath, TreeEdit)] = []
        for (path, text) in files {
            let mode: FileVersion.Mode = path.hasSuffix(".sh") ? .executable : .file
            edits.append((RepoPath(path), .set(mode, try hub.write(blob: Array(text.utf8)))))
        }
        for (path, target) in links {
            edits.append((RepoPath(path), .set(.symlink, try hub.write(blob: Array(target.utf8)))))
        }
        return try hub.updating(base, edits)
    }

    /// Shows a tree and hands the lane out, as before a stage.
    @discardableResult
    func lend(_ files: [String: String], links: [String: String] = [:]) throws -> TreeID {
        let tree = try tree(files, links: links)
        try lane.show(tree)
        lane.lend()
        return tree
    }

    /// Lends the lane and runs a script in it, as an agent would.
    @discardableResult
    func agent(_ script: String) throws -> String {
        lane.lend()
        return try shell(script, in: lane.path)
    }

    /// Every name below a directory with kind, permissions and content, `.git` at the root left out.
    func listing(_ path: String? = nil) throws -> String {
        try shell(
            """
            find . -path ./.git -prune -o -mindepth 1 -printf '%y %m %p %l\\n' | LC_ALL=C sort
            find . -path ./.git -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha1sum
            """, in: path ?? lane.path)
    }

    /// The files of a tree, freshly written by another lane.
    func reference(_ tree: TreeID) throws -> String {
        let path = home.path + "/reference-\(UInt32.random(in: 0...UInt32.max))"
        let other = try FactoryGit.Lane.open(at: path, hub: hub)
        try other.show(tree)
        return try listing(other.path)
    }

    /// The tree that git itself makes of the lane's files.
    func treeByGit(startingFrom tree: TreeID) throws -> TreeID {
        let git = "git --git-dir=\(home.path)/hub.git --work-tree=. -c core.excludesFile=/dev/null"
        let index = home.path + "/reference-index"
        let script = """
            export GIT_INDEX_FILE=\(index) GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
            rm -f $GIT_INDEX_FILE
            \(git) read-tree \(tree.hex) && \(git) add -A && \(git) write-tree
            """
        return TreeID(String(try shell(script, in: lane.path).prefix(40)))
    }
}

struct ShellFailed: Error {
    let status: Int32
    let output: String
}

/// Runs a script with `sh` and returns what it printed; throws when it fails.
@discardableResult
func shell(_ script: String, in directory: String) throws -> String {
    let log = try TemporaryDirectory("shell")
    let out = log.path + "/out"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let texts = ["/bin/sh", "-c", "cd \"$0\" || exit\nset -e\n\(script)", directory]
    let words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    let spawned = posix_spawn(&child, "/bin/sh", &actions, nil, words, environ)
    guard spawned == 0 else { throw SystemError("posix_spawn", "/bin/sh", code: spawned) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    let output = try Files.text(out) ?? ""
    guard status == 0 else { throw ShellFailed(status: status, output: output) }
    return output
}
