/// How one check ended on one tree.
package struct CheckResult: Hashable, Sendable {
    /// One run of a check.
    package struct Run: Hashable, Sendable {
        /// The exit code, 128 + n for signal n, or nil when it ran into its time limit.
        package var exit: Int?
        package var seconds: Double
        package init(exit: Int?, seconds: Double) {
            self.exit = exit
            self.seconds = seconds
        }
    }

    package var name: String
    /// As in `Run`; of the run that counts, the last one.
    package var exit: Int?
    package var seconds: Double
    /// The run before on the same tree, which was red; nil when there was one run only.
    package var first: Run?
    /// The last day of its quarantine; nil when its answer counted.
    package var quarantine: Day?

    package init(name: String, exit: Int?, seconds: Double) {
        self.name = name
        self.exit = exit
        self.seconds = seconds
    }

    package var isGreen: Bool { exit == 0 }

    /// Whether it gave two answers to one question.
    package var isFlaky: Bool { first != nil && isGreen }

    /// Whether it lets the tree be called green.
    package var passes: Bool { isGreen || quarantine != nil }

    /// Whether it still lets the tree be called green on a day: a quarantine ends.
    package func passes(on day: Day) -> Bool { isGreen || quarantine.map { day <= $0 } == true }
}
