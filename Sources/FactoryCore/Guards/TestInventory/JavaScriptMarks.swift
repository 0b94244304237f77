extension JavaScriptTests {
    package var marks: [SourceMark] { Self.allMarks }

    private static let allMarks: [SourceMark] = [
        SourceMark(.testDetection, "JEST_WORKER_ID", .text, .product),
        SourceMark(.testDetection, "env.VITEST", .text, .product),
        SourceMark(.testDetection, "VITEST_WORKER_ID", .text, .product),
        SourceMark(.testDetection, "NODE_ENV === \"test\"", .text, .product),
        SourceMark(.testDetection, "NODE_ENV == \"test\"", .text, .product),
        SourceMark(.testDetection, "NODE_ENV !== \"test\"", .text, .product),
        SourceMark(.testDetection, "NODE_ENV != \"test\"", .text, .product),
        SourceMark(.testDetection, "\"test\" === process.env.NODE_ENV", .text, .product),
        SourceMark(.testDetection, "NODE_ENV\"] === \"test\"", .text, .product),
        SourceMark(.testDetection, "NODE_TEST_CONTEXT", .text, .product),
        SourceMark(.testDetection, "typeof jest", .code, .product),
        SourceMark(.testDetection, "typeof vi ", .code, .product),
        SourceMark(.testDetection, "typeof describe", .code, .product),
        SourceMark(.testDetection, "typeof it ", .code, .product),
        SourceMark(.testDetection, "__vitest_worker__", .text, .product),
        SourceMark(.testDetection, "npm_lifecycle_event", .text, .product),
        SourceMark(.coverage, "istanbul ignore", .comment), SourceMark(.coverage, "c8 ignore", .comment),
        SourceMark(.coverage, "v8 ignore", .comment), SourceMark(.coverage, "node:coverage disable", .comment),
        SourceMark(.coverage, "node:coverage ignore", .comment),
        SourceMark(.suppression, "eslint-disable", .comment, isBlanket: true),
        SourceMark(.suppression, "eslint-disable-next-line", .comment),
        SourceMark(.suppression, "eslint-disable-line", .comment),
        SourceMark(.suppression, "@ts-ignore", .comment),
        SourceMark(.suppression, "@ts-nocheck", .comment, isBlanket: true),
        SourceMark(.suppression, "@ts-expect-error", .comment, .product),
        SourceMark(.suppression, "biome-ignore", .comment),
        SourceMark(.suppression, "tslint:disable", .comment), SourceMark(.suppression, "oxlint-disable", .comment),
        SourceMark(.typeEscape, "as any", .code, .product), SourceMark(.typeEscape, "<any>", .code, .product),
        SourceMark(.typeEscape, "as unknown as", .code, .product), SourceMark(.typeEscape, "as never", .code, .product),
        SourceMark(.retry, "retryTimes(", .code), SourceMark(.retry, "this.retries(", .code),
        SourceMark(.retry, ").retries(", .code, .tests), SourceMark(.retry, "test.retry(", .code, .tests),
        SourceMark(.retry, "{ retry:", .code, .tests), SourceMark(.retry, "configure({ retries", .code, .tests),
        SourceMark(.defused, "process.exit(0)", .code, .tests), SourceMark(.defused, "exitCode = 0", .code, .tests),
        SourceMark(.defused, "on(\"unhandledRejection\"", .text, .tests),
        SourceMark(.recordedSnapshots, "updateSnapshot: \"all\"", .text),
    ]

    /// `process.exit(0)` and `process.exitCode = 0`, but for handlers of signals and what only the started file does.
    package func exits(in masked: MaskedSource) -> [Int] {
        if masked.has("require.main", within: 0..<masked.code.count) { return [] }
        let handlers = signalHandlers(in: masked)
        let calls = masked.calls(of: ["exit", "reallyExit"], with: ["", "0"])
            .filter { masked.has("process.", at: $0.lowerBound - 8) }
        var found = calls.map(\.lowerBound).filter { index in !handlers.contains { $0.contains(index) } }
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard word.count == 8, masked.has("process.exitCode", at: word.lowerBound - 8) else { continue }
            let end = masked.code[index...].firstIndex { ";\n}".utf8.contains($0) } ?? masked.code.count
            if masked.compact(index..<end) == "=0" { found.append(word.lowerBound) }
        }
        return found.sorted()
    }

    /// What stands in `process.on('SIGTERM', …)`, and in the functions that are named there.
    private func signalHandlers(in masked: MaskedSource) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var named: Set<String> = []
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard ["on", "once"].contains(masked.codeText(word)), masked.has("(", at: index) else { continue }
            let start = masked.skipSpace(index + 1)
            guard start < masked.text.count, masked.text[(start + 1)...].starts(with: "SIG".utf8) else { continue }
            let end = max(index, min(masked.closing(index), masked.code.count))
            found.append(index..<end)
            let handler = masked.compact((masked.near(UInt8(ascii: ","), from: start) ?? end)..<end).dropFirst()
            if !handler.isEmpty, handler.utf8.allSatisfy(MaskedSource.isWord) { named.insert(String(handler)) }
        }
        return named.isEmpty ? found : found + declarations(of: named, in: masked)
    }

    /// From the names of functions to the ends of their declarations.
    private func declarations(of names: Set<String>, in masked: MaskedSource) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard ["const", "let", "function"].contains(masked.codeText(word)), let name = masked.word(from: index),
                names.contains(masked.codeText(name))
            else { continue }
            var end = name.upperBound
            while end < masked.code.count, !";\n".utf8.contains(masked.code[end]) {
                let opens = "([{".utf8.contains(masked.code[end])
                end = opens ? max(end, masked.closing(end)) + 1 : end + 1
            }
            found.append(name.upperBound..<max(name.upperBound, min(end, masked.code.count)))
        }
        return found
    }
}
