/// Trips on checks that can no longer fail, that run less, or that run until they pass.
package struct DefusedCheck: TamperGuard {
    package let id = "defused-check"
    package let summary = "checks that cannot fail any more, run less, or run until they pass"

    package init() {}
}
