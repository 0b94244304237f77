import FactoryCore

/// The merge queue, and what GitHub says of a pull request that waits in it.
extension GitHubMerge {
    /// Hands it to the merge queue, and waits for what becomes of it.
    func queue(_ request: Request, until end: Timestamp) async throws(GitHubError) -> Answer {
        var state: JSON
        do throws(GitHubError) {
            state = try await client.write("PUT", request.pull + "/merge-async", request.body)
        } catch {
            guard let pending = request.pending(error) else {
                guard let reason = Self.reason(error) else { throw error }
                return .refused(reason)
            }
            state = pending
        }
        let uuid = state["details"]?["uuid"]?.string
        var pause = Pause.first
        while true {
            if try await isMerged(request.pull) { return .merged }
            if state["status"]?.string == "failed" {
                return .refused(state["details"]?["message"]?.string ?? "the merge failed, and GitHub does not say why")
            }
            guard clock.now() < end else {
                return .refused(
                    "\(request.number) is in the merge queue, and has not come out of it in \(Int(patience)) s: take it "
                        + "out, or raise `forge: { wait: … }`")
            }
            await clock.sleep(seconds: pause)
            pause = min(pause * 2, Pause.longest)
            if state["status"]?.string == "pending", let uuid {
                state = try await client.read(request.pull + "/merge-async/" + PercentCoding.segment(uuid))
            }
        }
    }
}

extension GitHubMerge.Request {
    /// The request that is in the way, where it is this very one: its answer was lost, or a line has died since.
    fileprivate func pending(_ error: GitHubError) -> JSON? {
        guard case .conflict(_, let answer) = error, let details = answer["details"],
            details["uuid"]?.string != nil, details["expected_head_sha"]?.string == head.hex,
            details["merge_method"]?.string == body["merge_method"]?.string
        else { return nil }
        return answer
    }
}
