// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "mylathe",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "lathe", path: "../..")],
    targets: [
        .target(name: "MyPlugin", dependencies: [.product(name: "Lathe", package: "lathe")]),
        .executableTarget(name: "mylathe", dependencies: ["MyPlugin"]),
        .testTarget(name: "MyPluginTests", dependencies: ["MyPlugin"]),
    ]
)
