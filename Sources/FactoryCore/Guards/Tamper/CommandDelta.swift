/// Commands that stop failing, run less, or write what they should compare.
enum CommandDelta {
    private struct Escape {
        var signal: Signal
        var text: String
        /// It is one only on a line that names a tool of testing or linting.
        var needsTool = true
    }

    private static let escapes: [Escape] = [
        Escape(signal: .defused, text: "|| true"), Escape(signal: .defused, text: "|| :"),
        Escape(signal: .defused, text: "|| exit 0"), Escape(signal: .defused, text: "; true"),
        Escape(signal: .defused, text: "; exit 0"), Escape(signal: .defused, text: "|| echo"),
        Escape(signal: .defused, text: "|| /bin/true"),
        Escape(signal: .defused, text: "--passWithNoTests", needsTool: false),
        Escape(signal: .defused, text: "--pass-with-no-tests", needsTool: false),
        Escape(signal: .defused, text: "--exit-zero", needsTool: false),
        Escape(signal: .defused, text: "set +e", needsTool: false),
        Escape(signal: .defused, text: "--suppress-no-test-exit-code", needsTool: false),
        Escape(signal: .defused, text: "--collect-only"), Escape(signal: .defused, text: "--listTests"),
        Escape(signal: .defused, text: "--no-fail-on-empty-test-suite"),
        Escape(signal: .defused, text: ".IGNORE", needsTool: false),
        Escape(signal: .coverage, text: "--no-cov", needsTool: false),
        Escape(signal: .coverage, text: "--coverage=false"),
        Escape(signal: .coverage, text: "--cov-fail-under=0"),
        Escape(signal: .deselected, text: "--deselect", needsTool: false),
        Escape(signal: .deselected, text: "--ignore"),
        Escape(signal: .deselected, text: "--ignore-glob"), Escape(signal: .deselected, text: "--skip"),
        Escape(signal: .deselected, text: "-skip-testing", needsTool: false),
        Escape(signal: .deselected, text: "--testPathIgnorePatterns", needsTool: false),
        Escape(signal: .deselected, text: "-k \"not"), Escape(signal: .deselected, text: "-m \"not"),
        Escape(signal: .deselected, text: "-k not"), Escape(signal: .deselected, text: "--exclude"),
        Escape(signal: .deselected, text: "--grep-invert"), Escape(signal: .deselected, text: "--test-skip-pattern"),
        Escape(signal: .deselected, text: "--invert"), Escape(signal: .deselected, text: "-p no:"),
        Escape(signal: .deselected, text: "--onlyChanged"), Escape(signal: .deselected, text: "--changed"),
        Escape(signal: .retry, text: "--reruns", needsTool: false), Escape(signal: .retry, text: "--retries"),
        Escape(signal: .retry, text: "--retry"), Escape(signal: .retry, text: "--force-flaky", needsTool: false),
        Escape(signal: .retry, text: "-retry-tests-on-failure", needsTool: false),
        Escape(signal: .retry, text: "--flake-finder"),
        Escape(signal: .recordedSnapshots, text: "--updateSnapshot", needsTool: false),
        Escape(signal: .recordedSnapshots, text: "--update-snapshots", needsTool: false),
        Escape(signal: .recordedSnapshots, text: "--snapshot-update", needsTool: false),
        Escape(signal: .recordedSnapshots, text: "jest -u"), Escape(signal: .recordedSnapshots, text: "vitest -u"),
        Escape(signal: .recordedSnapshots, text: "run -u"), Escape(signal: .recordedSnapshots, text: "--ci=false"),
        Escape(signal: .recordedSnapshots, text: "RECORD_SNAPSHOTS", needsTool: false),
        Escape(signal: .recordedSnapshots, text: "SNAPSHOT_TESTING_RECORD", needsTool: false),
    ]

    private static let runners = [
        "pytest", "unittest", "jest", "vitest", "mocha", "playwright", "cypress", "swift test", "xcodebuild", "--test",
        "tox", "nox", "ctest", "karma", "ava", "npm test", "npm run test", "yarn test", "pnpm test", "make test",
        "make check", "swift build --build-tests", "bun test", "deno test", "nose2", "tap ",
    ]
    private static let linters = [
        "eslint", "ruff", "flake8", "mypy", "pyright", "pylint", "tsc", "swiftlint", "swift format", "swift-format",
        "lint", "coverage", "check", "bandit", "biome", "test", "typecheck",
    ]

    /// What a file's commands lost between two versions.
    static func findings(_ before: [UInt8], _ after: [UInt8], _ path: RepoPath, isGone: Bool) -> [Weakening] {
        let (old, new) = (lines(before), lines(after))
        var known: [String: Int] = [:]
        for line in old { known[line.text, default: 0] += 1 }
        let arrived = new.filter { line in
            guard let count = known[line.text], count > 0 else { return true }
            known[line.text] = count - 1
            return false
        }
        var findings: [Weakening] = []
        for escape in escapes {
            let excess = new.count { holds(escape, $0.text) } - old.count { holds(escape, $0.text) }
            guard excess > 0 else { continue }
            for line in arrived.filter({ holds(escape, $0.text) }).suffix(excess) {
                let shown = line.text.count > 100 ? line.text.prefix(100) + "…" : line.text
                findings.append(
                    Weakening(
                        signal: escape.signal, message: "\(path) has a new `\(escape.text)`: `\(shown)`", path: path,
                        line: line.number))
            }
        }
        findings += floors(old, new, path)
        if !isGone, ignored(new) > ignored(old), let line = arrived.first(where: isIgnored) {
            findings.append(
                Weakening(
                    signal: .defused, message: "\(path) ignores whether `\(line.text)` fails", path: path,
                    line: line.number))
        }
        return findings + stopped(old, new, path)
    }

    private static func lines(_ bytes: [UInt8]) -> [(text: String, number: Int)] {
        bytes.prefix(400_000).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
            .compactMap { number, line in
                let isRecipe = line.first == 9
                let text = String(decoding: line.prefix(1000), as: UTF8.self).split(whereSeparator: \.isWhitespace)
                    .joined(separator: " ").replacing("'", with: "\"").replacing("\\\"", with: "\"")
                return text.isEmpty || text.hasPrefix("# ") || text.hasPrefix("//")
                    ? nil : ((isRecipe ? "\t" : "") + text, number + 1)
            }
    }

    private static func holds(_ escape: Escape, _ line: String) -> Bool {
        guard let range = line.firstRange(of: escape.text) else { return false }
        let next = line[range.upperBound...].first ?? " "
        if escape.text.last?.isLetter == true, next.isLetter || next == "-" { return false }
        return !escape.needsTool || namesTool(line)
    }

    private static func namesTool(_ line: String) -> Bool {
        runners.contains { line.contains($0) } || linters.contains { line.contains($0) } || line.contains("addopts")
    }

    /// A recipe of make whose failure is not heard.
    private static func isIgnored(_ line: (text: String, number: Int)) -> Bool {
        (line.text.hasPrefix("\t-") || line.text.hasPrefix("\t@-")) && namesTool(line.text)
    }

    private static func ignored(_ lines: [(text: String, number: Int)]) -> Int { lines.count(where: isIgnored) }

    /// Floors of coverage among the options of commands.
    private static func floors(
        _ old: [(text: String, number: Int)], _ new: [(text: String, number: Int)], _ path: RepoPath
    ) -> [Weakening] {
        let before = old.compactMap { floor(in: $0.text) }
        let after = new.compactMap { line in floor(in: line.text).map { (line.number, $0) } }
        var findings: [Weakening] = []
        for (was, now) in zip(before, after) where now.1 < was {
            findings.append(
                Weakening(
                    signal: .coverage, message: "\(path) lowers the floor of coverage from \(was) to \(now.1)",
                    path: path, line: now.0))
        }
        for was in before.dropFirst(after.count) {
            findings.append(
                Weakening(signal: .coverage, message: "\(path) no longer asks for coverage of \(was)", path: path))
        }
        return findings
    }

    private static func floor(in line: String) -> Double? {
        for option in ["fail-under=", "fail-under ", "--lines ", "--lines=", "--branches ", "--threshold "] {
            guard let range = line.firstRange(of: option) else { continue }
            return Double(line[range.upperBound...].prefix { $0.isNumber || $0 == "." })
        }
        return nil
    }

    /// A file that ran tests and runs none any more.
    private static func stopped(
        _ old: [(text: String, number: Int)], _ new: [(text: String, number: Int)], _ path: RepoPath
    ) -> [Weakening] {
        let runs = { (lines: [(text: String, number: Int)]) in
            lines.filter { line in
                runners.contains { line.text.contains($0) } && !line.text.contains("\": \"^")
                    && !line.text.contains("\": \"~")
            }
        }
        guard let last = runs(old).first, runs(new).isEmpty, !new.isEmpty else { return [] }
        let shown = last.text.trimmed
        return [
            Weakening(
                signal: .defused,
                message: "\(path) no longer runs `\(shown.count > 100 ? shown.prefix(100) + "…" : shown)`",
                path: path)
        ]
    }
}
