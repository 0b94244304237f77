import FactoryFiles
import FactoryGit

/// `init`: makes hub and journal, adds the remote, writes the first files. Doing it twice does nothing the second time.
package struct Founding: Sendable {
    package let checkout: Checkout
    package let home: Home

    package init(checkout: Checkout, home: Home) {
        self.checkout = checkout
        self.home = home
    }

    /// What was done.
    package struct Result: Sendable {
        package var branch: String
        package var madeHub: Bool
        /// Files that were written now, relative to the root.
        package var written: [String]
        /// Files that were there already and were left alone.
        package var kept: [String]
    }

    /// `files` are the texts to write, by path.
    package func perform(files: [(path: String, text: String)]) async throws -> Result {
        let branch = try await checkout.currentBranch()
        try await checkout.requireWhole()
        let madeHub = try await makeHub(branch)
        try await addRemote()
        var result = Result(branch: branch, madeHub: madeHub, written: [], kept: [])
        for file in files {
            let target = Paths.join(checkout.root, file.path)
            if Files.exists(target) {
                result.kept.append(file.path)
            } else {
                try Files.makeDirectory(Paths.parent(of: target))
                try Files.write(file.text, to: target)
                result.written.append(file.path)
            }
        }
        return result
    }

    /// The journal is made last: a home with a journal is complete.
    private func makeHub(_ branch: String) async throws -> Bool {
        try Files.makeDirectory(home.path)
        guard !Files.exists(home.journal) else { return false }
        if !Files.exists(home.hub) {
            _ = try Repository.createBare(at: home.hub, mainBranch: branch, durable: true)
        }
        try await checkout.git.run(["push", "-q", "--no-verify", home.hub, "HEAD:refs/heads/\(branch)"])
        _ = try JournalStore.create(at: home.journal, hub: home.hub, durable: true)
        try home.prepare()
        return true
    }

    private func addRemote() async throws {
        switch try checkout.clone.value(of: "remote.factory.url") {
        case home.hub?: break
        case let other?: throw ForgeError.remoteTaken(url: other)
        case nil: try await checkout.git.run(["remote", "add", "factory", home.hub])
        }
    }
}
