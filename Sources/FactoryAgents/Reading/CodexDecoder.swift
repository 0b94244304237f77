import FactoryCore

/// The events of `codex exec --json`.
enum CodexDecoder {
    static func read(_ event: JSONObject, _ reading: inout SessionReading) -> Bool {
        switch event["type"]?.string {
        case "item.started", "item.updated", "item.completed":
            guard let item = event["item"]?.object else { return false }
            // Such an item is a remark: an unknown model name gives one in a run that goes well.
            if item["type"]?.string == "error" { return false }
            reading.progress()
            if item["type"]?.string == "agent_message" { reading.say(item["text"]?.string ?? "") }
            return true
        case "turn.completed":
            let usage = event["usage"]
            reading.usage =
                reading.usage
                + Usage(
                    inputTokens: Figure.tokens(usage?["input_tokens"]),
                    outputTokens: Figure.tokens(usage?["output_tokens"]))
            reading.complete()
            return true
        case "turn.failed":
            reading.fail(event["error"]?["message"]?.string ?? "the turn failed")
            return false
        case "error":
            // It goes on trying: `Reconnecting... 4/5`.
            reading.diagnostics.add(event["message"]?.string ?? "")
            return false
        case .some, nil: return false
        }
    }
}
