import CGit2

/// A three-way merge of text.
enum TextMerge {
    /// The merged text; conflicts stand between markers, with the common ancestor in the middle.
    static func marked(
        ancestor: [UInt8], ours: [UInt8], theirs: [UInt8], labels: (ours: String, theirs: String)
    ) throws(GitError) -> [UInt8] {
        var options = git_merge_file_options()
        try check(git_merge_file_options_init(&options, UInt32(GIT_MERGE_FILE_OPTIONS_VERSION)), "merge a text")
        options.flags = GIT_MERGE_FILE_STYLE_DIFF3.rawValue
        var result = git_merge_file_result()
        defer { git_merge_file_result_free(&result) }
        let code = labels.ours.withCString { oursLabel in
            labels.theirs.withCString { theirsLabel in
                "base".withCString { baseLabel in
                    options.our_label = oursLabel
                    options.their_label = theirsLabel
                    options.ancestor_label = baseLabel
                    return withInput(ancestor) { base in
                        withInput(ours) { ours in
                            withInput(theirs) { theirs in git_merge_file(&result, base, ours, theirs, &options) }
                        }
                    }
                }
            }
        }
        try check(code, "merge a text")
        return Array(UnsafeRawBufferPointer(start: result.ptr, count: result.len))
    }

    private static func withInput(_ text: [UInt8], _ body: (UnsafePointer<git_merge_file_input>) -> Int32) -> Int32 {
        text.withUnsafeBytes { bytes in
            var input = git_merge_file_input()
            git_merge_file_input_init(&input, UInt32(GIT_MERGE_FILE_INPUT_VERSION))
            input.ptr = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            input.size = bytes.count
            return body(&input)
        }
    }
}
