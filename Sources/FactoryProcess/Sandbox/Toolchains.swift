import FactoryFiles

/// Where the programs of a `PATH` live that are not the system's own: what a session has to see of them, and no more.
///
/// Never a home directory itself, since keys, logins and histories are there.
struct Toolchains {
    let home: String
    /// Whether there is a directory.
    let isDirectory: (String) -> Bool

    /// What lies in a home and holds tools alone, and what belongs to it elsewhere in the home.
    private static let known: [(directory: String, shows: [String])] = [
        (".cargo", [".cargo/bin", ".rustup"]),
        (".local", [".local/bin", ".local/lib", ".local/pipx", ".local/share/pipx", ".local/share/uv"]),
        (".npm-global", [".npm-global/bin", ".npm-global/lib"]), (".nix-profile", [".nix-profile"]),
    ]

    /// Version managers, which keep nothing but programs below one directory.
    private static let managers: Set<String> = [
        ".pyenv", ".rbenv", ".nodenv", ".goenv", ".jenv", ".nvm", ".fnm", ".volta", ".asdf", ".sdkman", ".swiftly",
        ".swiftenv", ".bun", ".deno", ".opam", ".ghcup", ".juliaup", ".elan", "miniconda3", "anaconda3",
    ]

    /// The directories to show, none of them inside another one.
    func directories(of path: String) -> [String] {
        var found: [String] = []
        for entry in path.split(separator: ":").map(Self.clean) where entry.hasPrefix("/") {
            for directory in shows(entry) where isDirectory(directory) && !HostView.covers(directory, home) {
                if !found.contains(where: { HostView.covers($0, directory) }) {
                    found.removeAll { HostView.covers(directory, $0) }
                    found.append(directory)
                }
            }
        }
        return found
    }

    private func shows(_ entry: String) -> [String] {
        if HostView.system.contains(where: { HostView.covers($0, entry) }) { return [] }
        guard HostView.covers(home, entry), home != "/" else { return outside(entry) }
        let rest = entry.dropFirst(home.count).split(separator: "/").map(String.init)
        guard let first = rest.first else { return [] }
        if Self.managers.contains(first) { return ["\(home)/\(first)"] }
        if let known = Self.known.first(where: { $0.directory == first }) {
            return (known.shows + [rest.joined(separator: "/")]).map { "\(home)/\($0)" }
        }
        return [entry]
    }

    /// A `bin` with what stands beside it; below `/opt` the whole product, and the whole of a store of packages.
    private func outside(_ entry: String) -> [String] {
        let parts = entry.split(separator: "/").map(String.init)
        if parts.first == "opt", parts.count > 1 { return ["/opt/\(parts[1])"] }
        if ["nix", "gnu", "snap"].contains(parts.first) { return ["/\(parts[0])"] }
        let parent = Paths.parent(of: entry)
        return parts.last == "bin" && parts.count > 2 && !HostView.covers(parent, home) ? [parent] : [entry]
    }

    private static func clean(_ entry: Substring) -> String {
        let parts = entry.split(separator: "/").filter { $0 != "." }
        guard entry.hasPrefix("/"), !parts.isEmpty, !parts.contains("..") else { return "" }
        return "/" + parts.joined(separator: "/")
    }
}
