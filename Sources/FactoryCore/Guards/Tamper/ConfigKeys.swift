/// What a file is that tools read their settings or commands from.
enum ConfigKind {
    /// Settings, perhaps with commands among them.
    case settings
    /// Commands: scripts and pipelines.
    case commands

    init?(of path: RepoPath) {
        let name = path.name.lowercased()
        let ending = name.split(separator: ".").last.map(String.init) ?? name
        let parts = name.split(separator: ".").map(String.init)
        if path.parts.contains("node_modules") || name == "package-lock.json" { return nil }
        let isTool = name.hasPrefix(".") && parts.contains { $0.hasSuffix("rc") || $0 == "flake8" }
        let isConfig = parts.dropLast().contains { $0 == "config" || $0 == "workspace" }
        if name.hasSuffix("makefile") || ["mk", "sh", "bash"].contains(ending) || Self.scripts.contains(name)
            || Self.isPipeline(path)
        {
            self = .commands
        } else if Self.endings.contains(ending) || isTool || isConfig {
            self = .settings
        } else {
            return nil
        }
    }

    private static let scripts: Set<String> = ["justfile", "jenkinsfile", "dockerfile", "noxfile.py"]
    private static let endings: Set<String> = [
        "toml", "cfg", "ini", "json", "yml", "yaml", "xctestplan", "jsonc",
    ]

    static func isPipeline(_ path: RepoPath) -> Bool {
        let text = path.text.lowercased()
        return (text.hasSuffix(".yml") || text.hasSuffix(".yaml"))
            && (text.contains("workflows/") || text.contains("ci") || text.contains("pipeline")
                || text.contains("taskfile"))
            && !text.contains("codecov")
    }

    static func isLinter(_ path: RepoPath) -> Bool {
        ["eslint", "biome", "swiftlint", "tslint", "stylelint", "swift-format", "package.json"].contains {
            path.name.contains($0)
        }
    }
}

/// The settings that decide what is checked, by the names that tools give them.
enum ConfigKeys {
    /// Settings whose number must not fall.
    static func floors(_ path: RepoPath) -> [String] {
        let name = path.name.lowercased()
        if name.contains("codecov") { return ["target"] }
        return [
            "fail_under", "branches", "functions", "lines", "statements", "minimum_coverage", "minimumCoverage",
            "coverage_threshold", "fail-under",
        ]
    }

    static let retries: Set<String> = [
        "retries", "retry", "reruns", "maxRetries", "retryTimes", "maximumTestRepetitions",
    ]

    static let strict: Set<String> = [
        "strict", "noImplicitAny", "strictNullChecks", "strictFunctionTypes", "strictBindCallApply",
        "strictPropertyInitialization", "noImplicitThis", "useUnknownInCatchVariables", "noUncheckedIndexedAccess",
        "noUnusedLocals", "noUnusedParameters", "noImplicitReturns", "noFallthroughCasesInSwitch", "noImplicitOverride",
        "exactOptionalPropertyTypes", "checkJs", "alwaysStrict", "disallow_untyped_defs", "disallow_any_generics",
        "disallow_incomplete_defs", "disallow_untyped_calls", "disallow_subclassing_any", "disallow_untyped_decorators",
        "check_untyped_defs", "warn_return_any", "warn_unused_ignores", "warn_unreachable", "no_implicit_optional",
        "no_implicit_reexport", "strict_optional", "strict_equality", "xfail_strict", "treatWarningsAsErrors",
        "forbidOnly", "failOnWarnings", "showUncoveredLines",
    ]

    /// Settings that loosen by having a value.
    static let switches: [(Set<String>, String, Signal)] = [
        (
            [
                "ignore_errors", "ignore_missing_imports", "skipLibCheck", "suppressImplicitAnyIndexErrors",
                "allow_untyped_defs", "allow_untyped_globals", "noEmitOnError",
            ], "true", .suppression
        ),
        (["follow_imports"], "skip", .suppression), (["typeCheckingMode"], "off", .suppression),
        (
            ["passWithNoTests", "continue-on-error", "allow_failure", "continueOnError", "ignoreFailures"], "true",
            .defused
        ),
        (["fail_ci_if_error", "check-coverage", "codeCoverage", "collectCoverage"], "false", .coverage),
        (["enabled", "if"], "false", .deselected), (["if"], "${{ false }}", .deselected),
        (["testRepetitionMode"], "retryonfailure", .retry),
        (["updateSnapshots", "updateSnapshot"], "all", .recordedSnapshots),
        (["update"], "true", .recordedSnapshots), (["dangerouslyIgnoreUnhandledErrors"], "true", .defused),
    ]

    /// Lists that say where tests are; what goes from them is no longer run.
    static func isSearched(_ item: ConfigItems.Item, _ path: RepoPath) -> Bool {
        searched.contains(item.key)
            || item.key == "include" && isRunner(item, path) && !item.path.contains("coverage")
    }

    private static let searched: Set<String> = [
        "testpaths", "testMatch", "testRegex", "python_files", "python_functions", "python_classes", "selectedTests",
        "spec",
    ]

    /// What it means that an item arrived in a list.
    static func listing(_ item: ConfigItems.Item, _ path: RepoPath) -> Signal? {
        let name = path.name.lowercased()
        let around = (item.path + [item.key]).joined(separator: ".").lowercased()
        let isCoverage =
            around.contains("coverage") || name.contains("cov") || name.contains("nyc") || name.contains("c8rc")
        switch item.key {
        case "omit", "exclude_lines", "exclude_also", "coveragePathIgnorePatterns", "partial_branches",
            "exclude_patterns":
            return .coverage
        case "collectCoverageFrom" where item.value.hasPrefix("!"): return .coverage
        case "exclude" where isCoverage, "ignore" where isCoverage,
            "report" where isCoverage && around.contains("exclude"):
            return .coverage
        case "testPathIgnorePatterns", "modulePathIgnorePatterns", "norecursedirs", "skippedTests", "collect_ignore",
            "collect_ignore_glob", "testIgnore":
            return .deselected
        case "exclude" where isRunner(item, path), "ignore" where isRunner(item, path): return .deselected
        case "exclude" where around.contains("mypy") || around.contains("ruff") || name.contains("flake8"):
            return .suppression
        case "ignore", "extend-ignore", "disable", "disabled_rules", "disable_error_code", "per-file-ignores",
            "extend-per-file-ignores", "ignorePatterns", "excluded":
            return .suppression
        default:
            if around.contains("per-file-ignores") { return .suppression }
            return nil
        }
    }

    private static let runners = ["jest", "vitest", "mocharc", "playwright", "ava"]

    /// Whether a runner of tests reads a setting: it stands in a file of one, or in its part of a shared file.
    static func isRunner(_ item: ConfigItems.Item, _ path: RepoPath) -> Bool {
        let name = path.name.lowercased()
        if runners.contains(where: { name.contains($0) }) { return true }
        if name.hasPrefix("vite.config.") { return item.path.contains("test") }
        return name == "package.json" && item.path.contains { runners.contains($0) || $0 == "mocha" }
    }
}
