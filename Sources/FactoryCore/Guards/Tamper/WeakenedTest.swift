/// Trips on tests that claim less: fewer assertions, weaker ones, looser tolerances, and such as cannot fail.
package struct WeakenedTest: TamperGuard {
    package let id = "weakened-test"
    package let summary =
        "tests that claim less: fewer or weaker assertions, looser tolerances, claims that cannot fail"

    package init() {}
}
