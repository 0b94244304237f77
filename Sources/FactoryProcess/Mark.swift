import Glibc

/// The two signs by which every process of a run is recognised, whoever its parent is by now.
///
/// One is the variable `FACTORY_PROCESS`: it says whose the process is in words, also to a later process of ours, but a
/// program can clean its environment. The other is the tag, a number in the soft limit of file locks
/// (`RLIMIT_LOCKS`): the kernel has not enforced that limit since 2.4, but hands it on through every fork and exec.
struct Mark: Hashable {
    static let variable = "FACTORY_PROCESS"

    let marker: String
    let tag: UInt64

    /// `serial` tells apart the runs of one marker.
    init(marker: String, serial: UInt32) {
        self.marker = marker
        tag = UInt64(Self.hash(marker)) << 32 | UInt64(serial)
    }

    /// One entry of the variable.
    var entry: String { "\(marker)#\(String(tag, radix: 16))" }

    /// The value for a child.
    ///
    /// Where we run inside another run ourselves, its marks stay in front.
    func value(inside outer: String?) -> String { outer.map { "\($0) \(entry)" } ?? entry }

    /// The tags named in a value.
    static func tags(in value: String) -> [UInt64] {
        value.split(separator: " ").compactMap { entry in
            entry.lastIndex(of: "#").flatMap { UInt64(entry[entry.index(after: $0)...], radix: 16) }
        }
    }

    /// True when one of the marks in the value is `marker` or stands below it: `hub/12` covers `hub/12/3`.
    static func value(_ value: String, isUnder marker: String) -> Bool {
        value.split(separator: " ").contains { entry in
            let name = entry.lastIndex(of: "#").map { entry[..<$0] } ?? entry
            return name == marker || name.hasPrefix(marker + "/")
        }
    }

    /// True when the tag was made from exactly this marker.
    static func tag(_ tag: UInt64, isOf marker: String) -> Bool { tag >> 32 == UInt64(hash(marker)) }

    /// FNV-1a, cut to 31 bits: a tag must stay below "unlimited".
    private static func hash(_ marker: String) -> UInt32 {
        let full = marker.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return UInt32(truncatingIfNeeded: full >> 32) >> 1
    }
}
