/// Trips on tests that stay and no longer count: skip marks that are new, and bodies that were emptied.
package struct SkippedTest: TamperGuard {
    package let id = "skipped-test"
    package let summary = "new marks that skip tests, and bodies that were emptied"

    package init() {}
}
