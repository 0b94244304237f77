import FactoryCore

/// What a program itself said lately, as against its model: the last lines since its last sign of progress.
///
/// Patterns are for these only. A model's words, the output of tools and files may speak of quotas and 429 as the subject
/// of the work.
struct Diagnostics {
    /// Lines that are kept, and bytes of each.
    private static let lineLimit = 200
    private static let lengthLimit = 2000

    /// As bytes: there may be many, and few are ever looked at.
    private var kept: [ArraySlice<UInt8>] = []

    var lines: [String] { kept.map { String(decoding: $0, as: UTF8.self) } }

    mutating func add(_ line: ArraySlice<UInt8>) {
        let line = line.prefix(Self.lengthLimit)
        guard line.contains(where: { $0 > 32 }) else { return }
        if kept.count == Self.lineLimit { kept.removeFirst(Self.lineLimit / 2) }
        // A copy, so that not the whole piece of output stays.
        kept.append(Array(line)[...])
    }

    mutating func add(_ line: String) { add(Array(line.utf8)[...]) }

    /// There was progress, so what was said before is settled.
    mutating func settle() { if !kept.isEmpty { kept.removeAll(keepingCapacity: true) } }

    /// What the newest line that speaks of a fault says. Some programs break lines at 80 columns in mid-word, so
    /// neighbours are looked at together as well.
    func fault(_ patterns: FaultPatterns) -> AgentFault? {
        let lines = lines
        for index in lines.indices.reversed() {
            let before = index > 0 ? lines[index - 1] : ""
            if let kind = patterns.kind(of: [lines[index], before + lines[index]]) {
                let isAlone = patterns.kind(of: [lines[index]]) != nil
                return AgentFault(kind, isAlone ? lines[index] : before + lines[index])
            }
        }
        return nil
    }
}

/// What is wrong with the provider or the program.
struct AgentFault: Hashable, Sendable {
    var kind: AgentProfile.Fault
    /// The program's own words, on one line.
    var message: String
    /// Seconds since 1970 at which it is over, when the provider says so.
    var resetsAt: Double?

    init(_ kind: AgentProfile.Fault, _ message: String, resetsAt: Double? = nil) {
        self.kind = kind
        self.message = CleanText.line(message, limit: 400)
        self.resetsAt = resetsAt
    }
}

/// Patterns of faults, in the order in which they are tried: a profile's own, then those that fit everybody.
struct FaultPatterns {
    private let patterns: [(kind: AgentProfile.Fault, pattern: Regex<AnyRegexOutput>)]

    /// A pattern that does not compile, which the configuration refuses, is left out.
    init(_ own: [AgentProfile.Fault: String] = [:]) {
        let texts = [own, Self.usual].flatMap { texts in AgentProfile.Fault.allCases.map { ($0, texts[$0]) } }
        patterns = texts.compactMap { kind, text in
            text.flatMap { try? Regex($0) }.map { (kind, $0.wordBoundaryKind(.simple)) }
        }
    }

    /// The kind of the first pattern that fits any of the texts.
    func kind(of texts: [String]) -> AgentProfile.Fault? {
        patterns.first { _, pattern in texts.contains { $0.contains(pattern) } }?.kind
    }

    /// What a text from an error of the program means.
    func fault(in text: String) -> AgentFault? { kind(of: [text]).map { AgentFault($0, text) } }

    // Texts may have typographic quotes, so no apostrophe is looked for; numbers stand alone, because URLs and ids hold
    // others.
    private static let usual: [AgentProfile.Fault: String] = [
        .quota: #"(?i)usage limit|\bquota\b|insufficient_quota|billing"#,
        .rateLimit: #"(?i)rate.?limit|\b429\b|too many requests"#,
        .authentication:
            #"(?i)\b401\b|unauthori[sz]ed|authenticat(e|ion)|(invalid|incorrect|missing|no).api.key|not logged in"#,
        .modelUnknown:
            #"(?i)model_not_found|(unknown|invalid|no such) model|model\b.{0,80}(does not exist|not found)"#,
        .contextOverflow:
            #"(?i)context_length_exceeded|context.?window|maximum context length|(prompt|input) is too long"#,
        .refusal: #"(?i)content_filter|content.?policy|\brefusal\b"#,
        .providerDown:
            #"(?i)overloaded|\b(50[0-4]|529)\b|internal ?server ?error|service ?unavailable|high demand|"#
            + #"connect(ion)? ?(error|failed|refused|attempts failed)|waiting for network|stream disconnected|"#
            + #"empty response"#,
    ]
}
