/// The names that a lock file pins, dependencies of dependencies included.
enum LockFile {
    /// Nil when the path is no lock file that can be read.
    static func names(in path: RepoPath, _ content: [UInt8]?) -> Set<String>? {
        guard let read = reader(of: path.lowerName) else { return nil }
        return content.map { Set(read(String(decoding: $0, as: UTF8.self))) } ?? []
    }

    private static func reader(of name: String) -> ((String) -> [String])? {
        switch name {
        case "package-lock.json", "npm-shrinkwrap.json": node
        case "package.resolved": swift
        case "composer.lock": php
        case "cargo.lock", "poetry.lock", "uv.lock", "pdm.lock": toml
        case "yarn.lock": yarn
        case "gemfile.lock": gems
        case "go.sum": { lines($0).compactMap { $0.split(separator: " ").first.map(String.init) } }
        default: nil
        }
    }

    private static func node(_ text: String) -> [String] {
        guard let document = try? JSON(parsing: text) else { return [] }
        let packages = (document["packages"]?.object?.members ?? []).compactMap { member -> String? in
            guard let folder = member.key.ranges(of: "node_modules/").last else { return nil }
            return String(member.key[folder.upperBound...])
        }
        return packages + (document["dependencies"]?.object?.members.map(\.key) ?? [])
    }

    private static func swift(_ text: String) -> [String] {
        guard let document = try? JSON(parsing: text) else { return [] }
        let pins = document["pins"]?.array ?? document["object"]?["pins"]?.array ?? []
        return pins.compactMap { $0["identity"]?.string ?? $0["package"]?.string?.lowercased() }
    }

    private static func php(_ text: String) -> [String] {
        guard let document = try? JSON(parsing: text) else { return [] }
        return ["packages", "packages-dev"].flatMap { document[$0]?.array ?? [] }.compactMap { $0["name"]?.string }
    }

    private static func toml(_ text: String) -> [String] {
        TOMLEntry.all(in: text).filter { $0.section == "package" && $0.key == "name" }.flatMap(\.strings)
    }

    private static func yarn(_ text: String) -> [String] {
        lines(text).compactMap { line -> String? in
            guard line.hasSuffix(":"), !line.hasPrefix(" "), !line.hasPrefix("#"), !line.hasPrefix("__") else {
                return nil
            }
            let first = line.filter { $0 != "\"" }.prefix { $0 != "," && $0 != ":" }
            return first.dropFirst().lastIndex(of: "@").map { String(first[..<$0]) }
        }
    }

    private static func gems(_ text: String) -> [String] {
        lines(text).compactMap { line -> String? in
            guard line.hasPrefix("    "), !line.hasPrefix("     ") else { return nil }
            return line.split(separator: " ").first.map(String.init)
        }
    }

    private static func lines(_ text: String) -> [Substring] { text.split(whereSeparator: \.isNewline) }
}
