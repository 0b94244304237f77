/// Trips on recorded results that are rewritten without a change of what they record, and on recording in place of comparing.
package struct RewrittenSnapshot: TamperGuard {
    package let id = "rewritten-snapshot"

    package init() {}
}
