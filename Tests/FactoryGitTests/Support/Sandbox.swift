import FactoryCore
import FactoryFiles
import FactoryGit

/// A hub and a journal beside it, in a directory that goes with the value.
struct Sandbox {
    let directory: TemporaryDirectory
    let hub: Repository
    let journal: JournalStore

    var hubPath: String { directory.path + "/hub.git" }
    var journalPath: String { directory.path + "/journal.git" }

    init(durable: Bool = false) throws {
        directory = try TemporaryDirectory("factory-git")
        hub = try Repository.createBare(at: directory.path + "/hub.git", durable: durable)
        journal = try JournalStore.create(
            at: directory.path + "/journal.git", hub: directory.path + "/hub.git", durable: durable)
    }

    /// A second handle, as another process would have.
    func secondJournal() throws -> JournalStore { try JournalStore.open(journalPath) }
}

let noon = Timestamp(seconds: 1_795_262_400)

/// Files by path, as a tree.
func tree(_ files: [String: String], in repository: Repository) throws -> TreeID {
    var edits: [(RepoPath, TreeEdit)] = []
    for (path, content) in files {
        edits.append((RepoPath(path), .set(.file, try repository.write(blob: Array(content.utf8)))))
    }
    return try repository.updating(.empty, edits)
}

/// A commit that no ref names.
func commit(
    _ message: String, _ files: [String: String] = [:], parents: [CommitID] = [], in repository: Repository
) throws -> CommitID {
    let ann = Signature(name: "Ann", email: "ann@example.org", when: noon)
    return try repository.commit(
        CommitDraft(
            tree: try tree(files, in: repository), parents: parents, author: ann, committer: ann, message: message))
}

func draft(_ subject: String, body: String = "{}", about: CommitID? = nil) -> JournalDraft {
    JournalDraft(subject: subject, body: Array(body.utf8), about: about, at: noon)
}
