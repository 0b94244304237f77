/// Sizes as the configuration writes them.
enum ConfigSize {
    private static let units: [(letter: Character, bytes: Int)] = [("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)]

    /// `512M`, `8G`, `64K`, or bytes without a unit.
    static func bytes(_ text: String) -> Int? {
        guard let match = text.wholeMatch(of: /([0-9]{1,9})([KMG]?)/), let count = Int(match.1) else { return nil }
        return count * (units.first { match.2.first == $0.letter }?.bytes ?? 1)
    }

    /// The shortest way to write bytes.
    static func text(_ bytes: Int) -> String {
        guard let unit = units.first(where: { bytes >= $0.bytes && bytes % $0.bytes == 0 }) else { return "\(bytes)" }
        return "\(bytes / unit.bytes)\(unit.letter)"
    }
}
