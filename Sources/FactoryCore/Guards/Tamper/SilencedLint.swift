/// Trips on warnings that are silenced, strict switches that are turned off, and types that are evaded.
package struct SilencedLint: TamperGuard {
    package let id = "silenced-lint"
    package let summary = "silenced warnings, strict switches turned off, evaded types"

    package init() {}
}
