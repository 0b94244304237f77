import CCrypto
import FactoryCore

/// The word of a GitHub App: a JSON web token, signed by RS256 with the App's key (RFC 7515, RFC 7518 section 3.3).
enum AppSignature {
    /// A token for ten minutes at most, counted from a minute ago, because clocks differ. Throws `GitHubError.badKey`.
    static func token(app: String, key: String, now: Timestamp) throws(GitHubError) -> String {
        let header: JSON = .object(["alg": "RS256", "typ": "JWT"])
        let claims: JSON = .object([
            "iat": .int(now.seconds - 60), "exp": .int(now.seconds + 480), "iss": .string(app),
        ])
        let text = base64URL(header.bytes()) + "." + base64URL(claims.bytes())
        return text + "." + base64URL(try sign(Array(text.utf8), with: key))
    }

    private static func sign(_ bytes: [UInt8], with pem: String) throws(GitHubError) -> [UInt8] {
        // What reads the key keeps no copy of the text, so the text must stay where it is meanwhile.
        let signature = Array(pem.utf8).withUnsafeBytes { text in
            Result { () throws(GitHubError) in try sign(bytes, withKeyIn: text) }
        }
        return try signature.get()
    }

    private static func sign(
        _ bytes: [UInt8], withKeyIn text: UnsafeRawBufferPointer
    ) throws(GitHubError) -> [UInt8] {
        guard let source = BIO_new_mem_buf(text.baseAddress, Int32(text.count)) else { throw .badKey("no memory") }
        defer { BIO_free(source) }
        // An empty pass phrase, lest a key that is locked with one asks at the terminal.
        let key = "".withCString { PEM_read_bio_PrivateKey(source, nil, nil, UnsafeMutableRawPointer(mutating: $0)) }
        guard let key else {
            throw .badKey(
                "FACTORY_APP_KEY is no private key in PEM, as GitHub gives it for download, without pass phrase")
        }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { throw .badKey("no memory") }
        defer { EVP_MD_CTX_free(context) }
        var size = 0
        guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA,
            EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, nil, &size, bytes, bytes.count) == 1
        else { throw .badKey("it is no RSA key") }
        var signature = [UInt8](repeating: 0, count: size)
        guard EVP_DigestSign(context, &signature, &size, bytes, bytes.count) == 1 else {
            throw .badKey("it does not sign")
        }
        return Array(signature.prefix(size))
    }

    /// Base64 with the alphabet for URLs and without padding (RFC 4648 section 5).
    static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0...group.count { text.append(alphabet[bits >> (18 - 6 * index) & 63]) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
