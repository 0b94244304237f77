/// Trips on tests that claim less: fewer assertions, weaker ones, looser tolerances, and such as cannot fail.
package struct WeakenedTest: TamperGuard {
    package let id = "weakened-test"

    package init() {}
}
