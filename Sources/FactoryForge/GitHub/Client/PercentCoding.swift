/// Texts as parts of a URL.
enum PercentCoding {
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

    /// One segment of a path, or a name or value of a query: all but letters, digits and `-._~` is escaped.
    static func segment(_ text: String) -> String { encode(text, keeping: []) }

    /// Several segments: slashes stay.
    static func path(_ text: String) -> String { encode(text, keeping: [UInt8(ascii: "/")]) }

    /// `?a=b&c=d`, or nothing.
    static func query(_ items: [(String, String)]) -> String {
        items.isEmpty ? "" : "?" + items.map { "\(segment($0))=\(segment($1))" }.joined(separator: "&")
    }

    private static func encode(_ text: String, keeping kept: Set<UInt8>) -> String {
        text.utf8.map { byte in
            if plain.contains(byte) || kept.contains(byte) { return String(UnicodeScalar(byte)) }
            let hex = String(byte, radix: 16, uppercase: true)
            return hex.count == 1 ? "%0\(hex)" : "%\(hex)"
        }.joined()
    }
}
