#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A shared library that is loaded when it is first needed, and stays loaded.
///
/// `@unchecked Sendable`: the handle is set once; dlsym(3) may be called by any thread.
public final class DynamicLibrary: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer

    /// Loads the first of `names` that the system's search path has; nil where it has none.
    ///
    /// - Parameter environment: variables set while the library initializes itself, unless they are set already.
    ///   Call this before other threads read the environment.
    public init?(_ names: [String], environment: [String: String] = [:]) {
        let added = environment.filter { getenv($0.key) == nil }
        for (name, value) in added { setenv(name, value, 1) }
        defer { for name in added.keys { unsetenv(name) } }
        guard let handle = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else { return nil }
        self.handle = handle
    }

    /// The function `name` as a C function pointer type, which must match its declaration; nil where there is none.
    public func function<Function>(_ name: String, as type: Function.Type) -> Function? {
        dlsym(handle, name).map { unsafeBitCast($0, to: type) }
    }
}
