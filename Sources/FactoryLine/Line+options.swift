package import FactoryCore

extension Line {
    /// How long, and on what, the line works.
    package struct Options: Sendable {
        /// Goes on waiting for work instead of ending.
        package var watch: Bool
        /// Seconds that the line waits for a PR that was put off before it ends.
        package var patience: Double
        /// Works only this PR.
        package var only: PRNumber?
        /// Works it for one stage only.
        package var oneStage: Bool
        /// Begins a night of its own instead of going on with the one that is open.
        package var newNight = false

        package init(
            watch: Bool = false, patience: Double = 15 * 60, only: PRNumber? = nil, oneStage: Bool = false
        ) {
            self.watch = watch
            self.patience = patience
            self.only = only
            self.oneStage = oneStage
        }
    }
}
