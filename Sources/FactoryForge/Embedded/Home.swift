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
    /// Files of the main branch that agents' commands name.
    package var floor: String { path + "/floor" }
    /// Written whenever a command has changed the journal, so that a running line looks at once.
    package var doorbell: String { path + "/doorbell" }

    /// The home that a clone's remote `factory` leads to. Throws `ForgeError` when there is none.
    package static func of(_ clone: Clone) throws -> Home {
        guard let url = try clone.value(of: "remote.factory.url") else { throw ForgeError.notInitialized }
        guard Files.isDirectory(url), Files.isDirectory(Paths.parent(of: url) + "/journal.git") else {
            throw url.hasSuffix("/hub.git") ? ForgeError.hubMissing(url) : ForgeError.remoteTaken(url: url)
        }
        return Home(path: Paths.parent(of: url))
    }

    /// Tells a running line to look at the journal.
    package func ring() { try? Files.write("\n", to: doorbell) }

    /// Makes the directories that the line works in.
    package func prepare() throws {
        for directory in [lanes, locks, sessions, floor] { try Files.makeDirectory(directory) }
    }
}
