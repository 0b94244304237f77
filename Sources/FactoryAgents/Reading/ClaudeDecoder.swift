import FactoryCore

/// The lines of Claude Code and of programs that print the same: Qwen Code, Amp, Cursor.
enum ClaudeDecoder {
    static func read(_ event: JSONObject, _ reading: inout SessionReading) -> Bool {
        switch event["type"]?.string {
        case "assistant":
            let text = event["message"]?["content"]?.messageText ?? ""
            if let error = event["error"]?.string {
                reading.fault = fault(named: error, text) ?? reading.fault
                return false
            }
            reading.progress()
            reading.say(text)
            return true
        case "user", "stream_event", "tool_call":
            reading.progress()
            return true
        case "rate_limit_event":
            let info = event["rate_limit_info"]
            if info?["status"]?.string == "rejected" {
                let what = info?["rateLimitType"]?.string ?? "usage"
                reading.fault = AgentFault(
                    .quota, "the \(what) limit is reached", resetsAt: info?["resetsAt"]?.number)
            }
            return false
        case "result":
            end(event, &reading)
            return true
        case .some, nil: return false
        }
    }

    /// A failure of the provider comes as a success with `is_error`.
    private static func end(_ event: JSONObject, _ reading: inout SessionReading) {
        let usage = event["usage"]
        let input = Figure.sum(
            usage?["input_tokens"], usage?["cache_creation_input_tokens"], usage?["cache_read_input_tokens"])
        reading.usage = Usage(
            inputTokens: input, outputTokens: Figure.tokens(usage?["output_tokens"]),
            costUSD: Figure.cost(event["total_cost_usd"]))
        let text = event["result"]?.string ?? ""
        let subtype = event["subtype"]?.string ?? ""
        guard event["is_error"]?.bool == true || subtype.hasPrefix("error") else {
            reading.complete()
            reading.structured = event["structured_output"]?.object
            reading.say(text)
            if event["stop_reason"]?.string == "refusal" { reading.fail(text, AgentFault(.refusal, text)) }
            return
        }
        let errors = (event["errors"]?.array ?? []).compactMap(\.string)
        let message = ([text.isEmpty ? subtype : text] + errors).joined(separator: "; ")
        reading.fail(message, fault(event, subtype, message, reading.fault))
    }

    private static func fault(
        _ event: JSONObject, _ subtype: String, _ message: String, _ before: AgentFault?
    ) -> AgentFault? {
        if subtype == "error_max_turns" || subtype == "error_max_budget_usd" { return AgentFault(.limit, message) }
        switch event["api_error_status"]?.int {
        // A limit that was announced with its end says more.
        case 429: return before?.kind == .quota ? before : FaultPatterns().fault(in: message + " (429)")
        case 401, 403: return AgentFault(.authentication, message)
        case 404: return AgentFault(.modelUnknown, message)
        case .some(500...): return AgentFault(.providerDown, message)
        case .some, nil: return before
        }
    }

    private static func fault(named name: String, _ text: String) -> AgentFault? {
        let message = text.isEmpty ? name : text
        switch name {
        case "authentication_failed": return AgentFault(.authentication, message)
        case "billing_error": return AgentFault(.quota, message)
        case "rate_limit": return AgentFault(.rateLimit, message)
        case "server_error": return AgentFault(.providerDown, message)
        default: return nil
        }
    }
}
