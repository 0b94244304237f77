/// Trips on tests that stay and no longer count: skip marks that are new, and bodies that were emptied.
package struct SkippedTest: TamperGuard {
    package let id = "skipped-test"

    package init() {}
}
