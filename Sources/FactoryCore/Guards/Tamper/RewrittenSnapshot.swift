/// Trips on recorded results that are rewritten without a change of what they record, and on recording in place of comparing.
package struct RewrittenSnapshot: TamperGuard {
    package let id = "rewritten-snapshot"
    package let summary =
        "recorded results rewritten while the product stays as it is, and recording in place of comparing"

    package init() {}
}
