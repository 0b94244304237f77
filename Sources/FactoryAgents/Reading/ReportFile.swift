import FactoryCore
import FactoryFiles

/// What a program writes into a file of its own about the run: how it ended, and what it used.
struct ReportFile {
    let profile: AgentProfile
    /// The file's path, in which a component may be `*`.
    let path: String

    /// Bytes that are read of it.
    private static let limit = 32 << 20

    /// Adds what the file says. A file that is missing or cannot be read says nothing.
    func read(into reading: inout SessionReading) {
        for path in PathPattern.expand(path) {
            guard let bytes = try? Files.readUntrusted(path, limit: Self.limit) else { continue }
            if profile.output == .messages {
                wire(bytes, &reading)
            } else if let object = (try? JSON(parsing: bytes))?.object {
                switch profile.output {
                case .mini: trajectory(object, &reading)
                case .vibe: export(object, &reading)
                case .openhands: metrics(object, &reading)
                case .codex, .claude, .gemini, .opencode, .goose, .messages, .text: break
                }
            }
        }
    }

    /// mini-swe-agent's trajectory.
    private func trajectory(_ object: JSONObject, _ reading: inout SessionReading) {
        let messages = object["messages"]?.array ?? []
        for message in messages where message["role"]?.string == "assistant" {
            let usage = message["extra"]?["response"]?["usage"]
            reading.usage =
                reading.usage
                + Usage(
                    inputTokens: Figure.tokens(usage?["prompt_tokens"]),
                    outputTokens: Figure.tokens(usage?["completion_tokens"]),
                    costUSD: Figure.cost(message["extra"]?["cost"]))
        }
        // It cannot price models it does not know, and says 0 then.
        if reading.usage.costUSD == 0 { reading.usage.costUSD = nil }
        let status = object["info"]?["exit_status"]?.string ?? ""
        reading.say(object["info"]?["submission"]?.string ?? "")
        switch status {
        case "": break
        case "Submitted": reading.complete()
        case "LimitsExceeded", "TimeExceeded": reading.fail(status, AgentFault(.limit, status))
        default:
            let last = messages.last?["extra"]
            let words = [last?["exception_str"]?.string, messages.last?["content"]?.string].compactMap(\.self)
            let message = "\(status): \(words.first { !$0.isEmpty } ?? "it gave up")"
            let named: AgentProfile.Fault? =
                switch status {
                case "NotFoundError": .modelUnknown
                case "PermissionDeniedError": .authentication
                case "Timeout", "APIError": .providerDown
                default: nil
                }
            reading.fail(message, named.map { AgentFault($0, message) })
        }
    }

    /// Mistral Vibe's export.
    private func export(_ object: JSONObject, _ reading: inout SessionReading) {
        let usage = object["usage"]
        reading.usage = Usage(
            inputTokens: Figure.tokens(usage?["input_tokens"]), outputTokens: Figure.tokens(usage?["output_tokens"]),
            costUSD: Figure.cost(object["cost_usd"]))
        let outcome = object["outcome"]?.string ?? ""
        let error = object["error"]
        let words = [error?["code"]?.string, error?["message"]?.string].compactMap(\.self)
        let message = ([outcome] + words).joined(separator: ": ")
        let kind: AgentProfile.Fault?
        switch outcome {
        case "", "terminated": return
        case "finished": return reading.complete()
        case "turn_limit", "token_limit", "price_limit", "deadline": kind = .limit
        case "length": kind = .contextOverflow
        case "refusal": kind = .refusal
        case "config_error" where words.first == "invalid_api_key": kind = .authentication
        case "infrastructure_failure": kind = FaultPatterns(profile.errors).kind(of: [message]) ?? .providerDown
        default: kind = nil
        }
        reading.fail(message, kind.map { AgentFault($0, message) })
    }

    /// Kimi CLI's wire log: what each step used.
    private func wire(_ bytes: [UInt8], _ reading: inout SessionReading) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let message = (try? JSON(parsing: line))?["message"], message["type"]?.string == "StatusUpdate",
                let used = message["payload"]?["token_usage"]
            else { continue }
            reading.usage =
                reading.usage
                + Usage(
                    inputTokens: Figure.sum(
                        used["input_other"], used["input_cache_read"], used["input_cache_creation"]),
                    outputTokens: Figure.tokens(used["output"]))
        }
    }

    /// OpenHands' state: what it used.
    private func metrics(_ object: JSONObject, _ reading: inout SessionReading) {
        for member in object["stats"]?["usage_to_metrics"]?.object?.members ?? [] {
            let used = member.value["accumulated_token_usage"]
            reading.usage =
                reading.usage
                + Usage(
                    inputTokens: Figure.tokens(used?["prompt_tokens"]),
                    outputTokens: Figure.tokens(used?["completion_tokens"]),
                    costUSD: Figure.cost(member.value["accumulated_cost"]))
        }
    }
}
