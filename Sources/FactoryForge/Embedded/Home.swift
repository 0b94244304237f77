import FactoryFiles
package import FactoryGit

/// Where one factory keeps its things: hub, journal, lanes, logs and locks, all in one directory outside the clone.
package struct Home: Hashable, Sendable {
    /// Absolute.
    package let path: String

    package init(path: String) { self.path = path }

    package var hub: String { path + "/hub.git" }
    package var journal: String { path + "/journal.git" }
    package var lanes: String { path + "/lanes" }
    package var locks: String { path + "/locks" }
    /// Prompts, results, transcripts and logs, one folder a session.
    package var sessions: String { path + "/sessions" }
    /// Files of holdouts, while they run.
    package var holdouts: String { path + "/holdouts" }
    /// Files of the main branch that agents' commands name.
    package var floor: String { path + "/floor" }
    /// Written whenever a command has changed the journal, so that a running line looks at once.
    package var doorbell: String { path + "/doorbell" }

    /// The home that a clone's remote `factory` leads to. Throws `ForgeError` when there is none.
    package static func of(_ clone: Clone) throws -> Home {
        guard let home = try named(by: clone) else { throw ForgeError.notInitialized }
        try home.requireWhole()
        return home
    }

    /// The home that a clone's remote `factory` names, whether it is there or not; nil without such a remote. Throws
    /// `ForgeError.remoteTaken` when the remote is somebody else's.
    package static func named(by clone: Clone) throws -> Home? {
        guard let url = try clone.value(of: "remote.factory.url") else { return nil }
        let home = Home(path: Paths.parent(of: url))
        guard url.hasPrefix("/"), url == home.hub else { throw ForgeError.remoteTaken(url: url) }
        return home
    }

    /// Throws `ForgeError` when hub or journal is missing.
    package func requireWhole() throws {
        guard Files.exists(hub + "/HEAD") else { throw ForgeError.hubMissing(hub) }
        guard Files.exists(journal + "/HEAD") else { throw ForgeError.journalMissing(journal) }
    }

    /// Tells a running line to look at the journal.
    package func ring() { try? Files.write("\n", to: doorbell) }

    /// Makes the directories that the line works in.
    package func prepare() throws {
        for directory in [locks, floor] { try Files.makeDirectory(directory) }
        // What agents leave, a program that runs as its owner among it, is for no other user of the machine.
        for directory in [lanes, sessions, holdouts] { try Files.makeDirectory(directory, mode: 0o700) }
    }
}
