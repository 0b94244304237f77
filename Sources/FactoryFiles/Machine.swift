/// The machine that we run on.
package enum Machine {
    /// A name of this start of the machine: another one after each. Nil where the kernel gives none.
    package static let boot: String? = (try? Files.text("/proc/sys/kernel/random/boot_id")) ?? nil
}
