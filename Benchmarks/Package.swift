// swift-tools-version:6.2
// The parts of the hot path whose cost is stable enough to hold to a number: instructions counted by callgrind.
// The rooms are the product's own sources, linked in, so that what is measured is what is shipped.
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-enforce-exclusivity=unchecked"]),
]
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")

let package = Package(
    name: "tokenrouter",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/apple/swift-nio", from: "2.101.2")],
    targets: [
        .target(name: "Wire", dependencies: [nioCore], swiftSettings: settings),
        .target(name: "Pipeline", dependencies: ["Wire", nioCore], swiftSettings: settings),
        .target(name: "HTTP1", dependencies: [nioCore], swiftSettings: settings),
        .executableTarget(
            name: "PartBenchmarks", dependencies: ["Wire", "Pipeline", "HTTP1", nioCore], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
