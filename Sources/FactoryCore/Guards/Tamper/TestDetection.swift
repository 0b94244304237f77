/// Trips on a product that asks whether it is being tested.
package struct TestDetection: TamperGuard {
    package let id = "test-detection"
    package let summary = "a product that asks whether it is being tested"

    package init() {}
}
