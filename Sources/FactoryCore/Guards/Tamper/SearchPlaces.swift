/// Settings by which a runner of tests looks in fewer places than without them.
///
/// Where such a setting was there before, each of its values that goes is told by `ConfigKeys.isSearched`. Here it is new.
enum SearchPlaces {
    /// The settings that are new and keep tests from being found. `known` are those of all files before the change.
    static func narrowed(
        _ before: ConfigItems, _ after: ConfigItems, _ path: RepoPath, known: Set<String>
    ) -> [ConfigItems.Item] {
        let old = Set(before.items.map(\.key))
        var seen: Set<String> = []
        return after.items.filter { item in
            guard limits(item, path) else { return false }
            if item.key == "addopts" {
                return !before.items.contains { $0.key == "addopts" && selects($0.value) } && selects(item.value)
            }
            guard !old.contains(item.key), seen.insert(item.key).inserted else { return false }
            let values = after.items.filter { $0.key == item.key && $0.path == item.path }.map(\.value)
            return !values.allSatisfy { known.contains(name(item.key, $0)) }
                && !values.contains { isWide($0, for: item.key) }
        }
    }

    /// How a setting is known in another file.
    static func name(_ key: String, _ value: String) -> String { "\(key)=\(value)" }

    private static let keys: Set<String> = [
        "testpaths", "python_files", "python_functions", "python_classes", "testMatch", "testRegex", "selectedTests",
        "addopts",
    ]

    private static func limits(_ item: ConfigItems.Item, _ path: RepoPath) -> Bool {
        keys.contains(item.key)
            || ["include", "spec", "roots"].contains(item.key) && ConfigKeys.isRunner(item, path)
                && !item.path.contains("coverage")
    }

    /// Whether options of pytest choose among the tests by their names or marks.
    private static func selects(_ options: String) -> Bool {
        let words = options.split { $0.isWhitespace || "\"'".contains($0) }
        return words.contains { $0 == "-k" || $0 == "-m" }
    }

    private static let directories: Set<String> = [
        "", ".", "*", "**", "src", "lib", "app", "test", "tests", "spec", "__tests__", "<rootDir>", "packages",
    ]

    /// Whether a runner finds as much by it as by what it does without: the usual names, below the usual directories.
    private static func isWide(_ value: String, for key: String) -> Bool {
        let words = value.split(whereSeparator: \.isWhitespace).map(String.init)
        switch key {
        case "testpaths", "roots": return words.contains { word in top(of: word).allSatisfy(directories.contains) }
        case "python_files": return !Set(words).isDisjoint(with: ["test_*.py", "test*.py", "*.py", "test*", "*"])
        case "python_functions", "python_classes":
            return words.contains { ["test", "test_", ""].contains(String($0.prefix { $0 != "*" }).lowercased()) }
        case "testRegex": return value.hasPrefix("\\.") || value.hasPrefix("(") || value.contains(".*")
        case "selectedTests": return false
        default:
            let rest = value.split(separator: "/").last ?? ""
            return rest.contains("*") && top(of: value).allSatisfy(directories.contains)
        }
    }

    /// The directories of a pattern, up to the first that stands for all.
    private static func top(of pattern: String) -> [String] {
        let parts = pattern.split(separator: "/").map(String.init)
        let fixed = parts.prefix { $0 != "**" }
        return Array(
            fixed.count == parts.count && parts.count > 1 && parts.last?.contains("*") == true
                ? fixed.dropLast() : fixed)
    }
}
