// swift-tools-version:6.2
// The rooms and the arrows between them are drawn in docs/architecture.md; scripts/check-layering keeps them.
import PackageDescription

let ownSettings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    // Checked by the compiler where it can prove it; the run-time check costs a call per class field on the hot path.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }

/// A wall of the house: a target under `Sources`.
func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: ownSettings)
}

/// The tests of one room, or of several together.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: ownSettings)
}

let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "tokenrouter",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "tokenrouter", targets: ["tokenrouter"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CAllocator"),
        .systemLibrary(name: "CHiredis"),
        room("Wire", [nio("NIOCore")]),
        room("Pipeline", ["Wire", nio("NIOCore")]),
        room("Routing", []),
        room("Identity", [crypto]),
        room("Metering", []),
        room("Settings", ["Routing", "Identity", "Metering", "Yams"]),
        room("Gateway", ["Wire", "Pipeline", "Routing", "Identity", "Metering", "Settings", crypto, nio("NIOCore")]),
        room("Telemetry", [logging]),
        room(
            "DataPlane",
            [
                "Gateway", "Telemetry", "Wire", "Pipeline", "Routing", "Identity", "Metering", "Settings",
                nio("NIOCore"), nio("NIOPosix"), nio("NIOTLS"), logging,
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
            ]),
        room("Stores", ["Identity", "Metering", "Routing", "CHiredis", grdb, nio("NIOCore"), logging]),
        room(
            "ControlPlane",
            ["Settings", "Telemetry", "Identity", "Metering", "Routing", hummingbird, nio("NIOCore"), logging]),
        room("Replay", ["Routing", "Metering"]),
        room("Simulator", ["Wire", "Pipeline", hummingbird, nio("NIOCore"), logging, serviceLifecycle]),
        .executableTarget(
            name: "tokenrouter",
            dependencies: [
                "Wire", "Pipeline", "Routing", "Identity", "Metering", "Settings", "Gateway", "Telemetry", "DataPlane",
                "Stores", "ControlPlane", "Replay", "Simulator", logging, serviceLifecycle, asyncHTTPClient, nio("NIOCore"),
                nio("NIOPosix"), nio("NIOHTTP1"), nio("NIOFoundationEssentialsCompat"), "CAllocator", hummingbird,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: ownSettings),
        tests("WireTests", ["Wire", nio("NIOCore")]),
        tests("PipelineTests", ["Pipeline", "Wire", nio("NIOCore")]),
        tests("RoutingTests", ["Routing"]),
        tests("IdentityTests", ["Identity"]),
        tests("MeteringTests", ["Metering"]),
        tests("SettingsTests", ["Settings", "Routing", "Identity", "Metering"]),
        tests(
            "GatewayTests",
            ["Gateway", "Wire", "Pipeline", "Routing", "Identity", "Metering", "Settings", nio("NIOCore")]),
        tests("TelemetryTests", ["Telemetry", logging]),
        tests(
            "DataPlaneTests",
            [
                "DataPlane", "Gateway", "Settings", "Wire", "Identity", "Metering", "Routing", "Telemetry",
                nio("NIOCore"), nio("NIOPosix"), nio("NIOEmbedded"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        tests("StoresTests", ["Stores", "Identity", "Metering", "Routing", grdb, logging, nio("NIOCore")]),
        tests(
            "ControlPlaneTests",
            [
                "ControlPlane", "Settings", "Telemetry", "Identity", "Metering", "Routing", hummingbird,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests("ReplayTests", ["Replay", "Routing", "Metering"]),
        tests(
            "SimulatorTests",
            [
                "Simulator", "Pipeline", "Wire", nio("NIOCore"), hummingbird,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
