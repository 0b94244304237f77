/// Trips on floors of coverage that are lowered, and on code that is taken out of coverage.
package struct LoweredCoverage: TamperGuard {
    package let id = "lowered-coverage"
    package let summary = "lowered floors of coverage, and code taken out of it"

    package init() {}
}
