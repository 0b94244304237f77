import FactoryCore
import FactoryFiles
import FactoryProcess
import Testing

@testable import FactoryForge

/// A key that is made anew in each run of the tests: one that is stored would look like somebody's secret.
enum TestKey {
    private static let made = Task { try await openssl(["genpkey", "-algorithm", "RSA"]) }

    static var pem: String { get async throws { try await made.value } }

    /// What the program `openssl` prints.
    static func openssl(_ arguments: [String], input: [UInt8] = []) async throws -> String {
        let command = Command(
            "openssl", arguments, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], directory: "/",
            input: input, capture: .apart, marker: "openssl")
        return try await ProcessRunner().run(command).output.text
    }
}

@Suite struct AppSignatureTests {
    @Test func `another program finds the signature good`() async throws {
        let directory = try TemporaryDirectory()
        let now = Timestamp(seconds: 1_800_000_000)
        let key = try await TestKey.pem
        let parts = try AppSignature.token(app: "42", key: key, now: now).split(separator: ".")
        #expect(parts.count == 3)
        let path = { (name: String) in directory.path + "/" + name }
        try Files.write(key, to: path("key.pem"))
        try Files.write(try await TestKey.openssl(["pkey", "-in", path("key.pem"), "-pubout"]), to: path("public.pem"))
        try Files.write(decode(parts[2]), to: path("signature"))
        let said = try await TestKey.openssl(
            ["dgst", "-sha256", "-verify", path("public.pem"), "-signature", path("signature")],
            input: Array("\(parts[0]).\(parts[1])".utf8))
        #expect(said.contains("Verified OK"))
        let claims = try JSON(parsing: decode(parts[1]))
        #expect(claims["iss"]?.string == "42")
        #expect(claims["iat"]?.int == 1_799_999_940)
        #expect((claims["exp"]?.int ?? 0) - 1_800_000_000 <= 600)
    }

    @Test(arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("\u{3}??", "Az8_")])
    func `base64 for URLs`(text: String, expected: String) {
        #expect(AppSignature.base64URL(Array(text.utf8)) == expected)
    }

    private func decode(_ text: Substring) -> [UInt8] {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        let values = Dictionary(uniqueKeysWithValues: zip(alphabet.utf8, 0...))
        var bytes: [UInt8] = []
        var (bits, count) = (0, 0)
        for digit in text.utf8 {
            (bits, count) = ((bits << 6 | (values[digit] ?? 0)) & 0xffff, count + 6)
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(bits >> count & 0xff))
            }
        }
        return bytes
    }
}
