/// One issuer's credentials: how they begin and what they are made of.
///
/// Only shapes that hardly anything else has.
struct SecretKind: Sendable {
    /// For people, with its article.
    let name: String
    let prefix: [UInt8]
    /// The bytes behind the prefix.
    let alphabet: Alphabet
    /// How many bytes may stand behind the prefix.
    let length: ClosedRange<Int>

    enum Alphabet: Sendable {
        /// A to Z and 0 to 9.
        case upper
        /// Letters and digits.
        case alphanumeric
        /// Letters, digits and `_`.
        case word
        /// Letters, digits, `_` and `-`.
        case wordAndDash

        func contains(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "a")...UInt8(ascii: "z"): self != .upper
            case UInt8(ascii: "_"): self == .word || self == .wordAndDash
            case UInt8(ascii: "-"): self == .wordAndDash
            default: false
            }
        }
    }

    private init(_ name: String, _ prefix: String, _ alphabet: Alphabet, _ length: ClosedRange<Int>) {
        self.name = name
        self.prefix = Array(prefix.utf8)
        self.alphabet = alphabet
        self.length = length
    }

    /// A prefix that begins with another one stands before it.
    static let all: [SecretKind] = [
        SecretKind("an AWS access key id", "AKIA", .upper, 16...16),
        SecretKind("an AWS access key id", "ASIA", .upper, 16...16),
        SecretKind("a GitHub token", "ghp_", .word, 36...255),
        SecretKind("a GitHub token", "gho_", .word, 36...255),
        SecretKind("a GitHub token", "ghu_", .word, 36...255),
        SecretKind("a GitHub token", "ghs_", .word, 36...1024),
        SecretKind("a GitHub token", "ghr_", .word, 36...255),
        SecretKind("a GitHub token", "github_pat_", .word, 60...255),
        SecretKind("a GitLab token", "glpat-", .wordAndDash, 20...255),
        SecretKind("a Slack token", "xoxa-", .wordAndDash, 24...255),
        SecretKind("a Slack token", "xoxb-", .wordAndDash, 24...255),
        SecretKind("a Slack token", "xoxp-", .wordAndDash, 24...255),
        SecretKind("a Google API key", "AIza", .wordAndDash, 35...35),
        SecretKind("an Anthropic API key", "sk-ant-", .wordAndDash, 40...255),
        SecretKind("an OpenAI API key", "sk-proj-", .wordAndDash, 40...255),
        SecretKind("an OpenAI API key", "sk-svcacct-", .wordAndDash, 40...255),
        SecretKind("an OpenAI API key", "sk-", .alphanumeric, 40...255),
        SecretKind("an npm token", "npm_", .alphanumeric, 36...36),
        SecretKind("a PyPI token", "pypi-AgEI", .wordAndDash, 50...1024),
        SecretKind("a Stripe live key", "sk_live_", .alphanumeric, 24...255),
        SecretKind("a Stripe live key", "rk_live_", .alphanumeric, 24...255),
    ]

    /// For each byte, the kinds that begin with it.
    static let byFirstByte: [[SecretKind]] = (0...255).map { byte in all.filter { $0.prefix.first == UInt8(byte) } }
}
