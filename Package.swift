// swift-tools-version: 6.2
import PackageDescription

// Each upcoming feature by its proposal: ExistentialAny SE-0335, MemberImportVisibility SE-0444,
// InternalImportsByDefault SE-0409, NonisolatedNonsendingByDefault SE-0461.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A target of ours, with the settings every target shares.
func ours(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// The tests of one target.
func tests(of name: String, with dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "FactoryTestSupport"] + dependencies,
        exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "factory",
    products: [.executable(name: "factory", targets: ["factory"])],
    targets: [
        .systemLibrary(name: "CGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CSystem"),
        ours("FactoryCore"),
        ours("FactoryFiles"),
        ours("FactoryProcess", ["CSystem", "FactoryCore", "FactoryFiles"]),
        ours("FactoryText", ["CYAML", "FactoryCore"]),
        ours("FactoryGit", ["CGit2", "CZlib", "FactoryCore", "FactoryFiles"]),
        ours("FactoryConfig", ["FactoryCore", "FactoryFiles", "FactoryText"]),
        ours("FactoryKnowledge", ["FactoryCore", "FactoryText"]),
        ours("FactoryAgents", ["FactoryCore", "FactoryFiles", "FactoryProcess", "FactoryText"]),
        ours(
            "FactoryForge",
            ["CCrypto", "FactoryCore", "FactoryFiles", "FactoryGit", "FactoryProcess", "FactoryText"]),
        ours("FactoryLine", ["FactoryCore"]),
        ours(
            "FactoryCLI",
            [
                "FactoryCore", "FactoryFiles", "FactoryProcess", "FactoryText", "FactoryGit", "FactoryConfig",
                "FactoryKnowledge", "FactoryAgents", "FactoryForge", "FactoryLine",
            ]),
        // Of libc alone, for it runs where nothing else may be; the driver would add the runtime of Swift.
        .executableTarget(
            name: "factory-fence",
            linkerSettings: [
                .unsafeFlags([
                    "-nostartfiles", "-static-stdlib", "-Xclang-linker", "-static", "-Xclang-linker",
                    "-Wno-unused-command-line-argument",
                ])
            ]),
        // The only one with Foundation, so that nothing else pays for it.
        .executableTarget(name: "factory-http", swiftSettings: settings),
        .executableTarget(name: "factory", dependencies: ["FactoryCLI"], swiftSettings: settings),
        ours("FactoryTestSupport", ["FactoryCore", "FactoryFiles"]),
        tests(
            of: "FactoryCore", with: ["FactoryFiles"],
            exclude: ["Guards/Tamper/Adversary", "Guards/Tamper/Corpus", "Guards/Tamper/Fixtures"]),
        tests(of: "FactoryFiles", with: ["FactoryCore"]),
        tests(of: "FactoryProcess", with: ["FactoryCore", "FactoryFiles"]),
        tests(of: "FactoryText", with: ["FactoryCore"]),
        tests(of: "FactoryGit", with: ["FactoryCore", "FactoryFiles"]),
        tests(of: "FactoryConfig", with: ["FactoryCore", "FactoryFiles", "FactoryText"]),
        tests(of: "FactoryKnowledge", with: ["FactoryCore"]),
        tests(of: "FactoryAgents", with: ["FactoryCore", "FactoryFiles", "FactoryProcess"]),
        tests(of: "FactoryForge", with: ["FactoryCore", "FactoryFiles", "FactoryGit", "FactoryProcess"]),
        tests(of: "FactoryLine", with: ["FactoryCore", "FactoryFiles"]),
        tests(
            of: "FactoryCLI",
            with: ["FactoryCore", "FactoryFiles", "FactoryForge", "FactoryGit", "FactoryLine", "FactoryProcess"]),
    ],
    swiftLanguageModes: [.v6]
)
