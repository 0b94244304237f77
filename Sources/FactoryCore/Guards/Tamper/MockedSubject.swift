/// Test files that put a mock in place of the very module whose name they bear.
enum MockedSubject {
    private static let calls = ["jest.mock(\"", "vi.mock(\"", "mock.module(\""]

    static func findings(in file: ChangedSources.TestFile) -> [Weakening] {
        guard file.language == "JavaScript", let stem = file.path.name.split(separator: ".").first else { return [] }
        let mocked = { (side: ChangedSources.Side) -> Set<String> in
            let text = side.source.squeezed(0..<side.source.text.count)
            return Set(
                calls.flatMap { call in
                    text.split(separator: call).dropFirst(text.hasPrefix(call) ? 0 : 1).map { piece in
                        String(piece.prefix { $0 != "\"" })
                    }
                })
        }
        guard file.after.source.text.containsAnchor(Array(".mock(".utf8)) else { return [] }
        return mocked(file.after).subtracting(mocked(file.before)).sorted().compactMap { module in
            let name = module.split(separator: "/").last?.split(separator: ".").first
            guard module.hasPrefix("."), name == stem else { return nil }
            return Weakening(
                signal: .vacuousAssertion, message: "\(file.path) mocks `\(module)`, which it tests", path: file.path)
        }
    }
}
