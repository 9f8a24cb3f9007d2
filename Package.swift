// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: ["LatheSystem"] + dependencies, swiftSettings: settings)
}

/// A plugin reaches the rest of the system only through the registry.
func plugin(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: "Lathe\(name)", dependencies: ["LatheSystem", "LatheSpec", "LatheComponents"] + dependencies,
        path: "Plugins/\(name)", swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: ["LatheSystem"] + dependencies, swiftSettings: settings)
}

let plugins: [Target] = [
    plugin("LSTM", ["LatheGraph", "LatheLayers"]),
    plugin("Transformer", ["LatheGraph", "LatheLayers"]),
    plugin("Tokenizers"),
    plugin("Cleaning", ["CUTF8Proc"]),
    plugin("Optimizers", ["LatheGraph", "LatheKernels"]),
    plugin("Schedules"),
    plugin("Clipping", ["LatheGraph"]),
    plugin("DataSources", ["LatheKernels"]),
    plugin("Loaders", ["LatheKernels"]),
    plugin("Stopping"),
    plugin("Sinks", ["LatheResults"]),
    plugin("Strategies", ["LatheKernels"]),
    plugin("Launchers"),
    plugin("Web", ["CXML2"]),
]
let pluginNames = plugins.map { Target.Dependency(stringLiteral: $0.name) }

let package = Package(
    name: "lathe",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "lathe", targets: ["lathe"]),
        .library(
            name: "Lathe",
            targets: [
                "LatheSystem", "CKernels", "LatheKernels", "LatheGraph", "LatheLayers", "LatheSpec", "LatheResults",
                "LatheComponents", "LatheData", "LatheTraining", "LatheSweeps", "LatheReports", "LatheBuiltins",
                "LatheCommand", "LatheTestSupport",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    ],
    targets: [
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // No pkgConfig: its file has a flag that SwiftPM warns about. The module map links it.
        .systemLibrary(name: "CUTF8Proc", providers: [.apt(["libutf8proc-dev"])]),
        .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
        .target(name: "CKernels", linkerSettings: [.linkedLibrary("m")]),
        .target(name: "LatheSystem", dependencies: ["CNettle", "CZlib"], swiftSettings: settings),
        library("LatheKernels", ["CKernels"]),
        library("LatheGraph", ["LatheKernels"]),
        library("LatheLayers", ["LatheGraph", "LatheKernels", "CKernels"]),
        library("LatheSpec", ["CYAML"]),
        library("LatheResults"),
        library("LatheComponents", ["LatheSpec", "LatheGraph", "LatheLayers", "LatheResults"]),
        library(
            "LatheData", ["LatheComponents", "LatheSpec"]),
        library(
            "LatheTraining",
            ["LatheComponents", "LatheData", "LatheResults", "LatheGraph", "LatheKernels", "LatheSpec"]),
        library("LatheSweeps", ["LatheComponents", "LatheResults", "LatheSpec"]),
        .target(
            name: "LatheReports", dependencies: ["LatheSystem", "LatheResults"],
            // The parts of a report's page, embedded in the executable.
            resources: [
                "page.html", "style.css", "elements.js", "format.js", "data.js", "state.js", "chart.js", "curves.js",
                "summary.js", "effects.js", "table.js", "differences.js", "samples.js", "start.js",
            ].map { .embedInCode("HTML/Page/\($0)") },
            swiftSettings: settings),
        library(
            "LatheTestSupport",
            [
                "LatheComponents", "LatheTraining", "LatheGraph", "LatheKernels", "LatheSpec", "LatheData",
                "LatheResults",
            ]),
    ] + plugins + [
        library("LatheBuiltins", ["LatheComponents"] + pluginNames),
        .target(
            name: "LatheCommand",
            dependencies: [
                "LatheSystem", "LatheBuiltins", "LatheKernels", "LatheGraph", "LatheSpec", "LatheResults",
                "LatheComponents",
                "LatheData",
                "LatheTraining", "LatheSweeps", "LatheReports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                // `lathe extract` is the web plugin's command.
                "LatheWeb",
            ], swiftSettings: settings),
        .executableTarget(name: "lathe", dependencies: ["LatheCommand"], swiftSettings: settings),
        // What several test targets need.
        .target(
            name: "TestSupport", dependencies: ["LatheBuiltins", "LatheComponents", "LatheSpec"],
            path: "Tests/TestSupport", swiftSettings: settings),
        tests("LatheSystem", []),
        tests("LatheSpec", ["LatheSpec", "TestSupport"]),
        tests("LatheComponents", ["LatheComponents", "LatheSpec"]),
        // Counts allocations in a test's process.
        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
        tests("LatheKernels", ["LatheKernels", "LatheLayers", "CKernels", "CAllocationCount"]),
        tests("LatheResults", ["LatheResults"]),
        tests(
            "LatheData",
            [
                "LatheData", "LatheComponents", "LatheSpec", "LatheDataSources", "LatheCleaning", "LatheTokenizers",
                "LatheLoaders",
            ]),
        tests(
            "LatheReports", ["LatheReports", "LatheResults"]),
        tests("LatheSinks", ["LatheSinks", "LatheComponents", "LatheResults"]),
        tests("LatheGraph", ["LatheGraph", "LatheKernels", "LatheLayers", "LatheTestSupport"]),
        // A layer as a package elsewhere writes it: public API alone.
        tests("CustomLayer", ["LatheGraph", "LatheKernels", "LatheTestSupport"]),
        tests("LatheLayers", ["LatheGraph", "LatheKernels", "LatheLayers", "LatheTestSupport"]),
        .testTarget(
            name: "LatheTrainingTests",
            dependencies: [
                "LatheSystem",
                "TestSupport", "LatheComponents", "LatheTraining", "LatheGraph", "LatheKernels", "LatheSpec",
                "LatheTestSupport",
                "LatheResults",
                "CAllocationCount",
            ],
            exclude: ["Twins/make_reference.py", "Twins/References"], swiftSettings: settings),
        // Runs the command itself, which is built beside the test bundle.
        tests("LatheCommand", ["lathe", "LatheResults", "LatheKernels", "TestSupport"]),
        tests("LatheSweeps", ["LatheSweeps", "LatheSpec", "LatheComponents", "TestSupport"]),
        tests(
            "LatheWeb",
            ["LatheWeb", "LatheComponents", "LatheSpec"]),
        tests("Package", []),
        tests(
            "LatheConformance",
            ["LatheTestSupport", "LatheBuiltins", "LatheComponents", "LatheSpec", "LatheWeb"]),
    ]
)
