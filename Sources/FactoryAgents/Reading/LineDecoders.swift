import FactoryCore

/// The lines of Gemini CLI.
enum GeminiDecoder {
    static func read(_ event: JSONObject, _ reading: inout SessionReading) -> Bool {
        switch event["type"]?.string {
        case "message":
            guard event["role"]?.string != "user" else { return false }
            reading.progress()
            let text = event["content"]?.messageText ?? ""
            if event["delta"]?.bool == true { reading.append(text) } else { reading.say(text) }
            return true
        case "tool_use", "tool_result":
            reading.progress()
            // What is said after a tool was used is another answer.
            reading.startAnswer()
            return true
        case "error":
            reading.diagnostics.add(event["message"]?.string ?? "")
            return false
        case "result":
            let stats = event["stats"]
            reading.usage = Usage(
                inputTokens: Figure.tokens(stats?["input_tokens"]), outputTokens: Figure.tokens(stats?["output_tokens"])
            )
            if event["status"]?.string == "error" {
                let error = event["error"]
                let words = [error?["type"]?.string, error?["message"]?.string].compactMap(\.self)
                reading.fail(words.joined(separator: ": "))
            } else {
                reading.complete()
            }
            return true
        case .some, nil: return false
        }
    }
}

/// The lines of opencode.
enum OpencodeDecoder {
    static func read(_ event: JSONObject, _ reading: inout SessionReading) -> Bool {
        let part = event["part"]
        switch event["type"]?.string {
        case "text":
            reading.progress()
            reading.say(part?["text"]?.string ?? "")
            return true
        case "step_start", "tool_use", "reasoning":
            reading.progress()
            return true
        case "step_finish":
            reading.progress()
            let tokens = part?["tokens"]
            let cache = tokens?["cache"]
            reading.usage =
                reading.usage
                + Usage(
                    inputTokens: Figure.sum(tokens?["input"], cache?["read"], cache?["write"]),
                    outputTokens: Figure.sum(tokens?["output"], tokens?["reasoning"]),
                    costUSD: Figure.cost(part?["cost"]))
            return true
        case "error":
            let error = event["error"]
            let words = [error?["name"]?.string, error?["data"]?["message"]?.string].compactMap(\.self)
            reading.fail(words.isEmpty ? "an error without words" : words.joined(separator: ": "))
            return false
        case "done":
            reading.complete()
            return true
        case .some, nil: return false
        }
    }
}

/// The lines of goose.
enum GooseDecoder {
    static func read(_ event: JSONObject, _ reading: inout SessionReading) -> Bool {
        switch event["type"]?.string {
        case "message":
            reading.progress()
            if event["message"]?["role"]?.string == "assistant" {
                reading.say(event["message"]?["content"]?.messageText ?? "")
            }
            return true
        case "notification":
            reading.progress()
            return true
        case "error":
            reading.fail(event["error"]?.string ?? "an error without words")
            return false
        case "complete":
            reading.usage = Usage(
                inputTokens: Figure.tokens(event["input_tokens"]), outputTokens: Figure.tokens(event["output_tokens"]),
                costUSD: Figure.cost(event["cost_usd"]))
            // It comes behind an error as well.
            if case .failed = reading.end { return false }
            reading.complete()
            return true
        case .some, nil: return false
        }
    }
}

/// OpenAI-style messages, one a line, as Kimi CLI prints them: no usage, no end.
enum MessagesDecoder {
    static func read(_ message: JSONObject, _ reading: inout SessionReading) -> Bool {
        switch message["role"]?.string {
        case "assistant":
            reading.progress()
            reading.say(message["content"]?.messageText ?? "")
            return true
        case "tool":
            reading.progress()
            return true
        case .some, nil: return false
        }
    }
}

/// The events of OpenHands.
enum OpenHandsDecoder {
    static func read(_ event: JSONObject, _ reading: inout SessionReading) -> Bool {
        switch event["kind"]?.string {
        case "MessageEvent":
            guard event["source"]?.string == "agent" else { return false }
            reading.progress()
            reading.say(event["llm_message"]?["content"]?.messageText ?? "")
            return true
        case "ActionEvent":
            reading.progress()
            guard event["action"]?["kind"]?.string == "FinishAction" else { return true }
            reading.say(event["action"]?["message"]?.string ?? "")
            reading.complete()
            return true
        case "ObservationEvent":
            // The answer to the last action may come behind it.
            if reading.end == .open { reading.progress() }
            return true
        case "ConversationErrorEvent":
            let words = [event["code"]?.string, event["detail"]?.string].compactMap(\.self)
            reading.fail(words.joined(separator: ": "))
            return false
        case .some, nil: return false
        }
    }
}

/// The lines of Mistral Vibe. How it ended says its export.
enum VibeDecoder {
    static func read(_ event: JSONObject, _ reading: inout SessionReading) -> Bool {
        switch event["type"]?.string {
        case "message":
            guard event["role"]?.string == "assistant" else { return false }
            reading.progress()
            reading.say(event["content"]?.messageText ?? "")
            return true
        case "effect", "callback":
            reading.progress()
            return true
        case .some, nil: return false
        }
    }
}
