extension SwiftTests {
    package var marks: [SourceMark] { Self.allMarks }

    private static let allMarks: [SourceMark] = [
        SourceMark(.recordedSnapshots, "isRecording = true", .code),
        SourceMark(.recordedSnapshots, "record: true", .code, .tests),
        SourceMark(.recordedSnapshots, "record: .all", .code, .tests),
        SourceMark(.recordedSnapshots, "record = true", .code, .tests),
        SourceMark(.testDetection, "XCTestConfigurationFilePath", .text, .product),
        SourceMark(.testDetection, "XCTestSessionIdentifier", .text, .product),
        SourceMark(.testDetection, "XCTestBundlePath", .text, .product),
        SourceMark(.testDetection, "NSClassFromString(\"XCT", .text, .product),
        SourceMark(.testDetection, "XCTestCase", .text, .product),
        SourceMark(.testDetection, "XCTest", .text, .product),
        SourceMark(.testDetection, "isRunningTests", .code, .product),
        SourceMark(.testDetection, "isRunningUnitTests", .code, .product),
        SourceMark(.testDetection, "canImport(Testing)", .code, .product),
        SourceMark(.testDetection, "xctest", .text, .product),
        SourceMark(.suppression, "swiftlint:disable", .comment, isBlanket: true),
        SourceMark(.suppression, "swiftlint:disable:next", .comment),
        SourceMark(.suppression, "swiftlint:disable:this", .comment),
        SourceMark(.suppression, "swiftlint:disable:previous", .comment),
        SourceMark(.suppression, "swift-format-ignore", .comment, .product),
        SourceMark(.suppression, "swift-format-ignore-file", .comment, isBlanket: true),
        SourceMark(.typeEscape, "@unchecked Sendable", .code, .product),
        SourceMark(.typeEscape, "nonisolated(unsafe)", .code, .product),
        SourceMark(.typeEscape, "unsafeBitCast(", .code, .product),
        SourceMark(.retry, "XCTRetry", .code), SourceMark(.retry, "retryCount", .code, .tests),
        SourceMark(.defused, "exit(0)", .code, .tests),
        SourceMark(.defused, "continueAfterFailure = true", .code, .tests),
    ]

    private static let libraries: Set<String> = ["Foundation", "Glibc", "Musl", "Darwin"]

    /// `exit(0)` and its like, but for files with `@main`.
    package func exits(in masked: MaskedSource) -> [Int] {
        if masked.has("@main", within: 0..<masked.code.count) { return [] }
        return masked.calls(of: ["exit", "_exit", "_Exit", "quick_exit"], with: ["0", "EXIT_SUCCESS"])
            .filter { word in
                masked.byteBefore(word.lowerBound) != UInt8(ascii: ".")
                    || Self.libraries.contains(masked.receiver(of: word))
            }.map(\.lowerBound)
    }
}
