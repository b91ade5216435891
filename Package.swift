// swift-tools-version: 6.2
// What is built, and what may import what. docs/Architecture.md tells why the modules are cut this way.
import PackageDescription

/// Settings of every Swift target. Warnings become errors in CI only: a later compiler must not break those who depend on us.
let swiftSettings: [SwiftSetting] =
  [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
  + (Context.environment["SUOYIN_WARNINGS_AS_ERRORS"] == "1" ? [.treatAllWarnings(as: .error)] : [])

let package = Package(
  name: "suoyin",
  products: [
    .library(name: "Suoyin", targets: ["Suoyin"]),
    .library(name: "SuoyinImport", targets: ["SuoyinImport"]),
    .executable(name: "suoyin", targets: ["SuoyinCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2"))
  ],
  targets: [
    // System libraries. The headers are empty or C-only: Swift never sees an ICU header (see Sources/CICU/include/CICU.h).
    .systemLibrary(name: "CICULibraries", pkgConfig: "icu-i18n", providers: [.apt(["libicu-dev"]), .brew(["icu4c"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),

    .target(name: "CICU", dependencies: ["CICULibraries"], linkerSettings: [.linkedLibrary("icui18n"), .linkedLibrary("icuuc")]),
    .target(name: "CKernels"),
    .target(name: "SuoyinAnalysis", dependencies: ["CICU"], swiftSettings: swiftSettings),
    .target(name: "SuoyinStorage", dependencies: ["CKernels"], swiftSettings: swiftSettings),
    .target(name: "Suoyin", dependencies: ["SuoyinAnalysis", "SuoyinStorage", "CKernels", "CZstd"], swiftSettings: swiftSettings),
    .target(name: "SuoyinImport", dependencies: ["Suoyin", "SuoyinAnalysis", "CICU"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "SuoyinCLI",
      dependencies: ["Suoyin", "SuoyinAnalysis", "SuoyinImport", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: swiftSettings),

    .executableTarget(name: "EmbeddingExample", dependencies: ["Suoyin"], path: "Examples/Embedding", swiftSettings: swiftSettings),
    .executableTarget(name: "RerankingExample", path: "Examples/Reranking", swiftSettings: swiftSettings),
    .executableTarget(
      name: "SuoyinBenchmarks", dependencies: ["Suoyin", "SuoyinImport"], path: "Benchmarks/SuoyinBenchmarks",
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "SuoyinPeerDriver", dependencies: ["Suoyin"], path: "Benchmarks/SuoyinPeerDriver", swiftSettings: swiftSettings),

    .target(name: "SuoyinTestKit", dependencies: ["Suoyin", "SuoyinImport"], path: "Tests/SuoyinTestKit", swiftSettings: swiftSettings),
    .testTarget(name: "SuoyinAnalysisTests", dependencies: ["SuoyinAnalysis", "SuoyinTestKit"], swiftSettings: swiftSettings),
    .testTarget(name: "SuoyinStorageTests", dependencies: ["SuoyinStorage", "SuoyinTestKit"], swiftSettings: swiftSettings),
    .testTarget(
      name: "SuoyinTests", dependencies: ["Suoyin", "CKernels", "SuoyinTestKit"], exclude: ["Golden"], swiftSettings: swiftSettings),
    .testTarget(name: "SuoyinImportTests", dependencies: ["SuoyinImport", "SuoyinTestKit"], swiftSettings: swiftSettings),
    .testTarget(
      name: "SuoyinCLITests", dependencies: ["SuoyinCLI", "EmbeddingExample", "RerankingExample", "SuoyinTestKit"],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)
