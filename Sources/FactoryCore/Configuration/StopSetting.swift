/// When the line stops on its own, beside what always stops it.
package struct StopSetting: Hashable, Sendable {
    /// Pull requests that the line parks in a row while none lands; 0: however many. The default is 5.
    package var parks = 5

    package init() {}
}
