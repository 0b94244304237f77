/// Trips on checks that can no longer fail, that run less, or that run until they pass.
package struct DefusedCheck: TamperGuard {
    package let id = "defused-check"

    package init() {}
}
