import FactoryCore

@testable import FactoryAgents

/// Output of a program in the shapes that its documents give or that were seen, and what has to be read in it.
struct Recording: Sendable, CustomStringConvertible {
    let name: String
    let format: AgentProfile.OutputFormat
    var output: String
    var errors = ""
    var end: SessionReading.End = .completed
    var answer = ""
    var usage = Usage.unknown
    /// What is wrong when the program has ended with code 1.
    var fault: AgentProfile.Fault?
    var description: String { name }
}

extension Recording {
    static let all = codex + claude + others

    private static let codex = [
        Recording(
            name: "codex at work", format: .codex,
            output: """
                {"type":"thread.started","thread_id":"01a1"}
                {"type":"item.completed","item":{"id":"item_0","type":"error","message":"Model metadata for `x` not found. 401"}}
                {"type":"turn.started"}
                {"type":"error","message":"Reconnecting... 1/5 (429 Too Many Requests)"}
                {"type":"item.started","item":{"id":"item_1","type":"command_execution","command":"ls","status":"in_progress"}}
                {"type":"item.completed","item":{"id":"item_1","type":"command_execution","aggregated_output":"429 quota","exit_code":0}}
                {"type":"item.completed","item":{"id":"item_2","type":"agent_message","text":"Done, no quota left."}}
                {"type":"turn.completed","usage":{"input_tokens":2468,"cached_input_tokens":2000,"output_tokens":112}}

                """,
            answer: "Done, no quota left.", usage: Usage(inputTokens: 2468, outputTokens: 112)),
        failedTurn("exceeded retry limit, last status: 429 Too Many Requests, request id: 401", .rateLimit),
        failedTurn("Quota exceeded. Check your plan and billing details.", .quota),
        failedTurn("You\u{2019}ve hit your usage limit. Try again later.", .quota),
        failedTurn("We\u{2019}re currently experiencing high demand, which may cause temporary errors.", .providerDown),
        failedTurn("unexpected status 401 Unauthorized: no, url: http://127.0.0.1:50341/v1", .authentication),
        failedTurn("stream disconnected before completion: stream closed before response.completed", .providerDown),
        failedTurn("The model `x` does not exist or you do not have access to it.", .modelUnknown),
        failedTurn("context_length_exceeded: your input exceeds the context window of this model", .contextOverflow),
        Recording(
            name: "codex without a network", format: .codex,
            output: """
                {"type":"turn.started"}
                {"type":"error","message":"Reconnecting... waiting for network (Connection failed: error sending request)"}

                """, end: .open, fault: .providerDown),
    ]

    private static func failedTurn(_ message: String, _ fault: AgentProfile.Fault) -> Recording {
        Recording(
            name: "codex: \(message)", format: .codex,
            output: #"{"type":"turn.failed","error":{"message":"\#(message)"}}"# + "\n", end: .failed(message),
            fault: fault)
    }

    private static let claude = [
        Recording(
            name: "claude at work", format: .claude,
            output: """
                {"type":"system","subtype":"init","session_id":"s","tools":[]}
                {"type":"rate_limit_event","rate_limit_info":{"status":"allowed_warning","resetsAt":1,"rateLimitType":"five_hour"}}
                {"type":"assistant","message":{"content":[{"type":"text","text":"Looking at the 429."},{"type":"tool_use"}]}}
                {"type":"user","message":{"content":[{"type":"tool_result","content":"quota"}]}}
                {"type":"result","subtype":"success","is_error":false,"result":"Done.","total_cost_usd":0.5,"usage":
                {"type":"result","subtype":"success","is_error":false,"result":"Done.","total_cost_usd":0.5,"usage":{"input_tokens":1,"cache_read_input_tokens":2,"cache_creation_input_tokens":3,"output_tokens":4}}

                """,
            answer: "Done.", usage: Usage(inputTokens: 6, outputTokens: 4, costUSD: 0.5)),
        result(
            #""is_error":true,"subtype":"success","api_error_status":529,"result":"Overloaded""#, "Overloaded",
            .providerDown),
        result(
            #""is_error":true,"subtype":"success","api_error_status":429,"result":"Slow down""#, "Slow down", .rateLimit
        ),
        result(#""is_error":true,"subtype":"success","api_error_status":401,"result":"No""#, "No", .authentication),
        result(#""is_error":true,"subtype":"error_max_turns""#, "error_max_turns", .limit),
        Recording(
            name: "claude at its limit", format: .claude,
            output: """
                {"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1000900,"rateLimitType":"five_hour"}}
                {"type":"result","subtype":"success","is_error":true,"api_error_status":429,"result":"Limit reached"}

                """, end: .failed("Limit reached"), fault: .quota),
    ]

    private static func result(_ members: String, _ message: String, _ fault: AgentProfile.Fault) -> Recording {
        Recording(
            name: "claude: \(members)", format: .claude, output: #"{"type":"result",\#(members)}"# + "\n",
            end: .failed(message), fault: fault)
    }

    private static let others = [
        Recording(
            name: "gemini at work", format: .gemini,
            output: """
                {"type":"init","session_id":"s","model":"m"}
                {"type":"message","role":"user","content":"401"}
                {"type":"message","role":"assistant","content":"Let me see.","delta":true}
                {"type":"tool_use","tool_name":"shell","tool_id":"1","parameters":{}}
                {"type":"tool_result","tool_id":"1","status":"success","output":"x"}
                {"type":"message","role":"assistant","content":"All ","delta":true}
                {"type":"message","role":"assistant","content":"done.","delta":true}
                {"type":"result","status":"success","stats":{"total_tokens":15,"input_tokens":10,"output_tokens":5}}

                """, answer: "All done.", usage: Usage(inputTokens: 10, outputTokens: 5)),
        Recording(
            name: "gemini without quota", format: .gemini,
            output: #"{"type":"result","status":"error","error":{"type":"ApiError","message":"Quota: spent"}}"# + "\n",
            end: .failed("ApiError: Quota: spent"), fault: .quota),
        Recording(
            name: "opencode at work", format: .opencode,
            output: """
                {"type":"step_start","timestamp":1,"sessionID":"s","part":{}}
                {"type":"text","part":{"text":"First."}}
                {"type":"step_finish","part":{"reason":"tool-calls","cost":0.1,"tokens":{"input":1,"output":2,"reasoning":1,"cache":{"read":3,"write":4}}}}
                {"type":"text","part":{"text":"Last."}}
                {"type":"step_finish","part":{"reason":"stop","cost":0.15,"tokens":{"input":1,"output":2}}}
                {"type":"done","reason":"idle","rejected":[]}

                """, answer: "Last.", usage: Usage(inputTokens: 9, outputTokens: 5, costUSD: 0.25)),
        Recording(
            name: "opencode refused", format: .opencode,
            output: #"{"type":"error","error":{"name":"APIError","data":{"message":"Unauthorized"}}}"# + "\n",
            end: .failed("APIError: Unauthorized"), fault: .authentication),
        Recording(
            name: "goose at work", format: .goose,
            output: """
                {"type":"message","message":{"role":"user","content":[{"type":"text","text":"x"}]}}
                {"type":"message","message":{"role":"assistant","content":[{"type":"text","text":"Done."}]}}
                {"type":"complete","total_tokens":15,"input_tokens":10,"output_tokens":5,"cost_usd":0.25}

                """, answer: "Done.", usage: Usage(inputTokens: 10, outputTokens: 5, costUSD: 0.25)),
        Recording(
            name: "goose throttled", format: .goose,
            output: #"{"type":"error","error":"Rate limit exceeded: retry after 20 seconds"}"# + "\n",
            end: .failed("Rate limit exceeded: retry after 20 seconds"), fault: .rateLimit),
        Recording(
            name: "kimi at work", format: .messages,
            output: """
                {"role":"assistant","content":"Running.","tool_calls":[{"type":"function","id":"call_1"}]}
                {"role":"tool","content":"Error code: 429","tool_call_id":"call_1"}
                {"role":"assistant","content":[{"type":"think","think":"hm"},{"type":"text","text":"Created."}]}

                """, end: .open, answer: "Created."),
        Recording(
            name: "kimi throttled", format: .messages,
            output: "Error code: 42\n9 - {'error': {'message': 'x', 'type': 'rate_limit_er\nror'}}\n", end: .open,
            fault: .rateLimit),
        Recording(
            name: "kimi offline", format: .messages, output: "Connection error.\n", end: .open, fault: .providerDown),
        Recording(
            name: "kimi at a wall", format: .messages, output: "The API returned an empty response.\n", end: .open,
            fault: .providerDown),
        Recording(
            name: "openhands at work", format: .openhands,
            output: """
                OpenHands CLI 1.16.0, error 500
                {"kind":"MessageEvent","source":"user","llm_message":{"role":"user","content":[{"type":"text","text":"x"}]}}
                {"kind":"ActionEvent","source":"agent","tool_name":"terminal","action":{"kind":"TerminalAction"}}
                {"kind":"ObservationEvent","tool_name":"terminal","observation":{"exit_code":0}}
                {"kind":"ActionEvent","tool_name":"finish","action":{"kind":"FinishAction","message":"Created."}}
                {"kind":"ObservationEvent","tool_name":"finish"}
                +----- summary -----+

                """, errors: "fatal: unable to access, connection failed\n", answer: "Created."),
        Recording(
            name: "openhands refused", format: .openhands,
            output: #"{"kind":"ConversationErrorEvent","code":"AuthenticationError","detail":"litellm: no"}"# + "\n",
            end: .failed("AuthenticationError: litellm: no"), fault: .authentication),
        Recording(
            name: "vibe at work", format: .vibe,
            output: """
                {"id":"1","type":"message","role":"user","content":[{"type":"text","text":"x"}]}
                {"id":"2","type":"effect","title":"bash","state":{"status":"completed","outputText":""}}
                {"id":"3","type":"message","role":"assistant","content":[{"type":"text","text":"Created."}]}

                """, end: .open, answer: "Created."),
        Recording(
            name: "mini throttled", format: .mini, output: "System:\nquota and 401 are the work\n",
            errors:
                "Warning: Input is not a terminal (fd=0).\nRetrying <unknown> in 4 seconds as it raised RateLimitError: x\n",
            end: .open, fault: .rateLimit),
        Recording(
            name: "mini offline", format: .mini, output: "System:\n",
            errors: "as it raised InternalServerError: OpenAIException - Connection error..\n", end: .open,
            fault: .providerDown),
        Recording(
            name: "text", format: .text, output: "Tokens: 1.2k sent, 56 received.\nApplied edit to X\n", end: .open,
            answer: "Tokens: 1.2k sent, 56 received.\nApplied edit to X"),
    ]
}
