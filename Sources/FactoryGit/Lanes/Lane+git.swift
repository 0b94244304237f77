import CGit2
package import FactoryCore
import FactoryFiles
import Glibc

extension Lane {
    /// Lays out a `.git` for the agent, so that `git log`, `git status` and `git diff main...HEAD` work: branch `spec` at
    /// `head`, branch `main` at `main`, and an index of the tree that is shown. It borrows from the history store and
    /// holds the head's own objects besides, and no more than that. Whatever was planted in it before is gone. When
    /// nothing changed it costs a look at each of its few files and directories. Throws `GitError` and `SystemError`.
    package func layOutGit(head: CommitID, main: CommitID, history: HistoryStore) throws {
        guard let tree else { throw SnapshotError.nothingShown }
        try history.update(from: hub, main: main)
        var info = stat()
        guard fstat(root.descriptor, &info) == 0 else { throw SystemError("fstat", path) }
        let excludes = caches.map { $0.pattern + "\n" }.joined()
        let refs = "# pack-refs with: peeled fully-peeled sorted \n\(main) refs/heads/main\n\(head) refs/heads/spec\n"
        let settings = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n[gc]\n\tauto = 0\n"
        let files = [
            ("HEAD", "ref: refs/heads/spec\n"), ("config", settings), ("packed-refs", refs), ("info/exclude", excludes),
            ("objects/info/alternates", history.path + "/objects\n"),
        ]
        let tracked = tracked
        try git.layOut(
            LaneGit.Plan(head: head, main: main, tree: tree), files.map { ($0, Array($1.utf8)) },
            index: (generation, { GitIndexFile.encode(tracked, owner: (info.st_uid, info.st_gid)) }),
            objects: { try self.objects(of: head, shown: tree, main, history) }, in: self)
    }

    /// What the history store lacks of the head and of the tree that is shown.
    private func objects(
        of head: CommitID, shown tree: TreeID, _ main: CommitID, _ history: HistoryStore
    ) throws(GitError) -> [git_oid] {
        let own = try hub.objects(of: head) { commit throws(GitError) in
            commit == main ? true : try history.contains(commit)
        }
        return try own.objects + hub.objects(of: tree, notIn: [hub.tree(of: head), hub.tree(of: main)])
    }
}
