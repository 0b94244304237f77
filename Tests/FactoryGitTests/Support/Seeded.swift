/// Random numbers that are the same in every run.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Below `bound`.
    mutating func next(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    /// Different paths, up to three deep, from a small set of names that sort badly.
    mutating func paths(_ count: Int) -> [String] {
        let names = ["a", "a.b", "a-b", "b", "ab"]
        var paths: Set<String> = []
        while paths.count < count {
            let depth = 1 + next(3)
            paths.insert((0..<depth).map { _ in names[next(names.count)] }.joined(separator: "/"))
        }
        return paths.sorted()
    }
}
