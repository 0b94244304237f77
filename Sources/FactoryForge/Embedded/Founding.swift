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

    /// `files` are the texts to write, by path. Whatever can be known to be in the way is looked for before anything is
    /// made.
    package func perform(files: [(path: String, text: String)]) async throws -> Result {
        try await checkout.requireWhole()
        try requirePlaces(files.map(\.path))
        let isKnown = try Home.named(by: checkout.clone) == home
        var result: Result
        if isKnown {
            try home.requireWhole()
            result = Result(branch: try mainBranch(), madeHub: false, written: [], kept: [])
        } else {
            let made = try await makeOrJoin(try await checkout.currentBranch())
            try await checkout.git.run(["remote", "add", "factory", home.hub])
            result = Result(branch: try mainBranch(), madeHub: made, written: [], kept: [])
        }
        for file in files {
            let target = Paths.join(checkout.root, file.path)
            if Files.isTaken(target) {
                result.kept.append(file.path)
            } else {
                try Files.makeDirectory(Paths.parent(of: target))
                try Files.write(file.text, to: target)
                result.written.append(file.path)
            }
        }
        return result
    }

    /// Throws when a file of the person's stands where a directory has to be.
    private func requirePlaces(_ paths: [String]) throws {
        for path in paths {
            var place = Paths.parent(of: path)
            while place != "." {
                let full = Paths.join(checkout.root, place)
                if Files.isTaken(full), !Files.isDirectory(full) { throw ForgeError.inTheWay(place, of: path) }
                place = Paths.parent(of: place)
            }
        }
    }

    /// True: a factory was made. False: one of this repository was there, as with a second clone.
    private func makeOrJoin(_ branch: String) async throws -> Bool {
        if Files.exists(home.hub) || Files.exists(home.journal) {
            guard Files.exists(home.hub + "/HEAD") else { throw ForgeError.placeTaken(home.path) }
            try await requireOwn()
        } else if Files.exists(home.path) {
            let found = (try? Files.list(home.path)) ?? [home.path]
            // A file system of its own brings this directory along.
            guard found.allSatisfy({ $0 == "lost+found" }) else { throw ForgeError.placeTaken(home.path) }
        }
        return try await makeHub(branch)
    }

    /// Throws unless the hub's main branch, where there is one, has a history in common with the checkout.
    private func requireOwn() async throws {
        let main = "refs/heads/" + (try mainBranch())
        let fetched = try await checkout.git.ask(["fetch", "-q", "--no-tags", home.hub, main])
        // Without a main branch it was never filled: init was interrupted.
        guard fetched.code == 0 else { return }
        let base = try await checkout.git.ask(["merge-base", "HEAD", "FETCH_HEAD"])
        guard base.code == 0 else { throw ForgeError.foreignHome(home.path) }
    }

    /// The branch that the hub's HEAD names.
    private func mainBranch() throws -> String {
        let head = try Files.text(home.hub + "/HEAD", limit: 4096) ?? ""
        guard let line = head.split(separator: "\n").first, line.hasPrefix("ref: refs/heads/") else {
            throw ForgeError.hubMissing(home.hub)
        }
        return String(line.dropFirst("ref: refs/heads/".count))
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
}
