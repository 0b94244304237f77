extension PythonTests {
    package var marks: [SourceMark] { Self.allMarks }

    private static let allMarks: [SourceMark] = [
        SourceMark(.recordedSnapshots, "snapshot_update=True", .code),
        SourceMark(.recordedSnapshots, "\"--snapshot-update\"", .text),
        SourceMark(.recordedSnapshots, "force_regen = True", .code),
        SourceMark(.testDetection, "PYTEST_CURRENT_TEST", .text, .product),
        SourceMark(.testDetection, "PYTEST_VERSION", .text, .product),
        SourceMark(.testDetection, "\"pytest\" in sys", .text, .product),
        SourceMark(.testDetection, "\"unittest\" in sys", .text, .product),
        SourceMark(.testDetection, "modules.get(\"pytest", .text, .product),
        SourceMark(.testDetection, "\"pytest\" in", .text, .product),
        SourceMark(.testDetection, "_called_from_test", .text, .product),
        SourceMark(.testDetection, "import pytest", .code, .product),
        SourceMark(.coverage, "pragma: no cover", .comment), SourceMark(.coverage, "pragma: no branch", .comment),
        SourceMark(.coverage, "pragma: nocover", .comment), SourceMark(.coverage, "pragma:no cover", .comment),
        SourceMark(.suppression, "noqa", .comment), SourceMark(.suppression, "type: ignore", .comment),
        SourceMark(.suppression, "flake8: noqa", .comment, isBlanket: true),
        SourceMark(.suppression, "ruff: noqa", .comment, isBlanket: true),
        SourceMark(.suppression, "mypy: ignore-errors", .comment, isBlanket: true),
        SourceMark(.suppression, "mypy: disable-error-code", .comment, isBlanket: true),
        SourceMark(.suppression, "pylint: disable", .comment), SourceMark(.suppression, "pyright: ignore", .comment),
        SourceMark(.suppression, "pyright: basic", .comment, isBlanket: true),
        SourceMark(.suppression, "pylint: skip-file", .comment, isBlanket: true),
        SourceMark(.suppression, "nosec", .comment), SourceMark(.suppression, "@no_type_check", .code),
        SourceMark(.suppression, "ty: ignore", .comment), SourceMark(.suppression, "@typing.no_type_check", .code),
        SourceMark(.typeEscape, "cast(Any", .code, .product), SourceMark(.typeEscape, "cast(\"Any", .text, .product),
        SourceMark(.typeEscape, "cast(typing.Any", .code, .product),
        SourceMark(.retry, "mark.flaky", .code), SourceMark(.retry, "@flaky", .code),
        SourceMark(.retry, "rerunfailures", .text),
        SourceMark(.retry, "reruns=", .code), SourceMark(.retry, "@retry", .code, .tests),
        SourceMark(.retry, "retry(", .code, .tests),
        SourceMark(.deselected, "collect_ignore", .code), SourceMark(.deselected, "collect_ignore_glob", .code),
        SourceMark(.deselected, "items[:] =", .code, .tests), SourceMark(.deselected, "items.clear()", .code, .tests),
        SourceMark(.deselected, "pytest_deselected", .code), SourceMark(.deselected, "pytest_ignore_collect", .code),
        SourceMark(.defused, "exitstatus = 0", .code), SourceMark(.defused, "_exit(0)", .code, .tests),
        SourceMark(.defused, "sys.exit(0)", .code, .tests), SourceMark(.defused, "outcome = \"passed\"", .text, .tests),
        SourceMark(.defused, "outcome = \"skipped\"", .text, .tests),
        SourceMark(.defused, "AssertionError = ", .code, .tests),
    ]

    /// What ends the process wherever it is called, and what does as soon as the module is loaded.
    package func exits(in masked: MaskedSource) -> [Int] {
        let lines = PythonLine.all(in: masked)
        // A child that was forked ends itself and nobody else.
        let forks = masked.has("os.fork()", within: 0..<masked.code.count)
        let hard = forks ? [] : masked.calls(of: ["_exit"], with: ["0", "os.EX_OK"]).map(\.lowerBound)
        var found: [Int] = []
        var outer: [(indent: Int, isFunction: Bool, isMain: Bool)] = []
        for line in lines {
            while let last = outer.last, last.indent >= line.indent { outer.removeLast() }
            let text = masked.compact(line.range)
            if !outer.contains(where: \.isMain) {
                found += hard.filter { line.range.contains($0) }
                let ends = Self.endings.contains(text) && !outer.contains(where: \.isFunction)
                if ends || text.hasPrefix("atexit.register(os._exit,") { found.append(line.start) }
            }
            outer.append(
                (line.indent, line.name(after: "def", in: masked) != nil, text.hasPrefix("if__name__==")))
        }
        return found
    }

    private static let endings: Set<String> = Set(
        ["sys.exit", "exit", "quit", "raiseSystemExit"].flatMap { name in ["()", "(0)", "(None)"].map { name + $0 } }
            + ["raiseSystemExit"])
}
