/// Trips on tests that exist before the change and nowhere after it.
package struct DeletedTest: TamperGuard {
    package let id = "deleted-test"
    package let summary = "tests that are gone: Swift, Python, JavaScript, TypeScript"

    package init() {}
}
