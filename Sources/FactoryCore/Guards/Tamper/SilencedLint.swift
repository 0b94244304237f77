/// Trips on warnings that are silenced, strict switches that are turned off, and types that are evaded.
package struct SilencedLint: TamperGuard {
    package let id = "silenced-lint"

    package init() {}
}
