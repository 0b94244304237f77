/// The text that a new spec starts with.
package enum SpecTemplate {
    /// The example's problem, by which a text that was not replaced is known.
    static let problem = "People who buy on a phone tap \"Pay\" and nothing happens. They try twice and give up."

    /// A complete example in plain language. It is a spec once its problem is replaced.
    package static func text(_ title: String) -> String {
        let line = title.split(whereSeparator: \.isNewline).joined(separator: " ")
        return """
            # \(line.isEmpty ? "What changes for the user, in one line" : line)

            <!-- Everything below is an example: replace it. A spec says what hurts and how one will see that it is finished.
            How to build it is for the plan. Keep it small: one change that can land alone. -->

            ## Problem

            \(problem)

            ## Reproduce

            1. Open the shop in Safari on an iPhone.
            2. Put any item into the basket and go to the checkout.
            3. Tap "Pay". Nothing happens. In Chrome on a desktop the order is placed.

            ## Done

            <!-- Each item is something one can see, run or measure. Mark with [human] what only a person can judge.
            Tests that have to change or go are named in the front matter: allows: ["changed-test:tests/test_pay.py"] -->

            - On an iPhone, in Safari, one item can be bought from start to end, and the order confirmation is shown.
            - A test places an order on a small screen and fails without the change.
            - The confirmation is easy to read on a phone [human]

            ## Context

            Do not change the checkout on the desktop. The payment provider stays the same.

            """
    }
}
