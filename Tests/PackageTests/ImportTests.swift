import Foundation
import Testing

/// The dependencies drawn in docs/architecture.md: what each target may import.
@Suite struct ImportTests {
    private let package = Result { try Package() }

    /// The compiler's own check does not catch imports of transitive dependencies.
    @Test func targetsImportOnlyWhatTheyDeclare() throws {
        let package = try package.get()
        for target in package.targets {
            let files = try target.swiftFiles(in: package.root)
            #expect(
                !files.isEmpty || target.type == "system" || target.isC(in: package.root), "\(target.name) is empty")
            for file in files {
                for module in file.imports where package.modules.contains(module) {
                    #expect(
                        target.dependencies.contains(module) || target.name == module,
                        "\(file.path) of \(target.name) imports \(module), which \(target.name) does not declare")
                }
            }
        }
    }

    @Test func foundationStaysOutOfTheNumericCore() throws {
        let package = try package.get()
        for name in ["LatheKernels", "LatheGraph"] {
            for file in try package.target(name).swiftFiles(in: package.root) {
                #expect(
                    Set(file.imports).isDisjoint(with: ["Foundation", "FoundationEssentials", "Dispatch"]),
                    "\(file.path) imports Foundation")
            }
        }
    }

    /// A plugin reaches the rest of the system only through the registry, and only the list of built-in plugins and
    /// tests know plugins, so the training step names no component.
    @Test func pluginsMeetInOneList() throws {
        let package = try package.get()
        let plugins = Set(package.targets.filter(\.isPlugin).map(\.name))
        #expect(plugins.count >= 10)
        let allowed: Set = [
            "LatheSystem", "LatheSpec", "LatheComponents", "LatheGraph", "LatheKernels", "LatheLayers", "LatheResults",
            "CUTF8Proc", "CXML2",
        ]
        for target in package.targets {
            let ours = Set(target.dependencies).intersection(package.modules)
            if target.isPlugin {
                #expect(ours.isSubset(of: allowed), "\(target.name) depends on \(ours.subtracting(allowed))")
            } else if target.name == "LatheCommand" {
                // `lathe extract` shows what the source `web` reads.
                #expect(ours.intersection(plugins) == ["LatheWeb"])
            } else if target.name != "LatheBuiltins", target.type != "test" {
                #expect(ours.isDisjoint(with: plugins), "\(target.name) depends on \(ours.intersection(plugins))")
            }
        }
        // Nor by name: training uses no type that only a plugin declares.
        let own = try names(package.targets.filter { $0.isPlugin })
            .subtracting(names(package.targets.filter { !$0.isPlugin && $0.type != "test" }))
        #expect(own.count >= 20)
        try expectNoneNamed(own, in: "LatheTraining")
    }

    /// A graph is machinery: it and training know layers by the protocol `Op` and by an architecture's features.
    @Test func layersAreNamedByArchitecturesOnly() throws {
        let layers = try names([package.get().target("LatheLayers")])
        #expect(layers.isSuperset(of: ["Linear", "CrossEntropyLoss", "CausalAttention", "LSTMSequence", "AddOp"]))
        for module in ["LatheKernels", "LatheGraph", "LatheTraining"] { try expectNoneNamed(layers, in: module) }
    }

    /// The types that targets declare.
    private func names(_ targets: [Target]) throws -> Set<String> {
        let root = try package.get().root
        return Set(try targets.flatMap { try $0.swiftFiles(in: root) }.flatMap(\.typeNames))
    }

    private func expectNoneNamed(_ types: Set<String>, in module: String) throws {
        let package = try package.get()
        for file in try package.target(module).swiftFiles(in: package.root) {
            let used = types.intersection(
                file.code.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
            #expect(used.isEmpty, "\(file.path) names \(used)")
        }
    }

    /// A package with unsafe flags cannot be depended on by version, and an unpinned dependency is not reproducible.
    @Test func manifestKeepsItsPromises() throws {
        let package = try package.get()
        #expect(!package.manifest.contains("unsafeFlags"))
        #expect(!package.dump.contains("unsafeFlags"))
        #expect(!package.requirements.isEmpty)
        for (name, requirement) in package.requirements {
            #expect(Array(requirement.keys) == ["exact"], "\(name) is not pinned: \(requirement)")
        }
        for target in package.targets where target.type != "system" && !target.isC(in: package.root) {
            #expect(target.settings.contains("swiftLanguageMode"), "\(target.name) does not choose its language mode")
            #expect(target.settings.contains("InternalImportsByDefault"), "\(target.name)")
            #expect(target.settings.contains("MemberImportVisibility"), "\(target.name)")
            #expect(target.settings.contains("treatAllWarnings"), "\(target.name)")
        }
    }

    /// LatheSystem is the one floor for the operating system, JSON and gzip: what it wraps has no second place.
    @Test func theOperatingSystemHasOneFloor() throws {
        let package = try package.get()
        /// Calls by subject, as words of the code.
        let calls: [(subject: String, words: Set<String>)] = [
            ("JSON", ["JSONDecoder", "JSONEncoder", "JSONSerialization", "hexDigitValue"]),
            ("gzip", ["inflate", "inflateInit2_", "uncompress", "CZlib", "gunzip", "zcat"]),
            ("starting processes", ["posix_spawn", "posix_spawnp", "vfork", "execve", "execvp", "popen", "Process"]),
            (
                "the monotonic clock",
                [
                    "CLOCK_MONOTONIC", "CLOCK_BOOTTIME", "clock_gettime", "ContinuousClock", "SuspendingClock",
                    "DispatchTime", "uptimeNanoseconds", "systemUptime",
                ]
            ),
            (
                "counting cores",
                [
                    "sysconf", "sched_getaffinity", "Cpus_allowed_list", "Cpus_allowed", "activeProcessorCount",
                    "processorCount", "_SC_NPROCESSORS_ONLN", "cfs_quota_us",
                ]
            ),
        ]
        let libraries: Set = ["Glibc", "Musl", "Darwin", "Bionic", "Android", "SystemPackage", "System"]
        var found: Set<String> = []
        for target in package.targets where target.type != "test" && target.type != "system" {
            for file in try target.swiftFiles(in: package.root) {
                let words = Set(file.code.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
                let imported = libraries.intersection(file.imports)
                let used = calls.filter { !$0.words.isDisjoint(with: words) }
                if target.name == "LatheSystem" {
                    found.formUnion(imported)
                    found.formUnion(used.map(\.subject))
                    continue
                }
                #expect(imported.isEmpty, "\(file.path) imports \(imported), which only LatheSystem may")
                for (subject, names) in used {
                    Issue.record("\(file.path): \(subject) belongs to LatheSystem, not \(names.intersection(words))")
                }
            }
        }
        // The words are those that the code uses.
        #expect(found.isSuperset(of: calls.map(\.subject)) && found.contains("Glibc"), "found \(found)")
    }

    /// Everything is Swift except for the leaf loops of CKernels, module maps, and test helpers.
    @Test func onlyCKernelsIsC() throws {
        let package = try package.get()
        for folder in ["Sources", "Plugins"] {
            for path in package.paths(under: folder) {
                let isC = ["c", "cc", "cpp", "m", "mm", "s", "S", "h"].contains((path as NSString).pathExtension)
                let isAllowed = path.hasPrefix("Sources/CKernels/") || path.hasSuffix("/shim.h")
                #expect(!isC || isAllowed, "\(path) is C outside of CKernels")
            }
        }
    }

    @Test func nobodyReachesIntoAnotherModule() throws {
        let package = try package.get()
        for target in package.targets {
            for file in try target.swiftFiles(in: package.root) {
                #expect(!file.text.contains("@" + "testable"), "\(file.path)")
            }
        }
    }
}
