import CGit2
package import FactoryCore

extension Repository {
    /// The change between two trees as a unified diff for people and agents, cut at `limit` bytes.
    package func patch(from before: TreeID, to after: TreeID, limit: Int) throws(GitError) -> String {
        var text: [UInt8] = []
        for difference in try differences(from: before, to: after) {
            text += try patch(difference)
            if text.count > limit {
                return String(decoding: text.prefix(limit), as: UTF8.self) + "\n[the diff is longer; it was cut here]\n"
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func patch(_ difference: TreeDifference) throws(GitError) -> [UInt8] {
        let path = difference.path.description
        let old = try blob(difference.before)
        let new = try blob(difference.after)
        defer {
            git_blob_free(old)
            git_blob_free(new)
        }
        var patch: OpaquePointer?
        try check(git_patch_from_blobs(&patch, old, path, new, path, nil), "compare \(path)")
        defer { git_patch_free(patch) }
        var buffer = git_buf()
        try check(git_patch_to_buf(&buffer, patch), "compare \(path)")
        defer { git_buf_dispose(&buffer) }
        guard let start = buffer.ptr, buffer.size > 0 else { return Array(modeLine(difference).utf8) }
        return start.withMemoryRebound(to: UInt8.self, capacity: buffer.size) {
            Array(UnsafeBufferPointer(start: $0, count: buffer.size))
        }
    }

    /// Stands for a file whose content did not change.
    private func modeLine(_ difference: TreeDifference) -> String {
        let mode = { (file: TreeFile?) in file.map { String($0.mode, radix: 8) } ?? "none" }
        return "diff --git a/\(difference.path) b/\(difference.path)\n"
            + "mode \(mode(difference.before)) -> \(mode(difference.after))\n"
    }

    private func blob(_ file: TreeFile?) throws(GitError) -> OpaquePointer? {
        guard let file, file.kind != .submodule else { return nil }
        var id = try git_oid(file.blob)
        var blob: OpaquePointer?
        try check(git_blob_lookup(&blob, handle, &id), "read \(file.blob.short)")
        return blob
    }
}
