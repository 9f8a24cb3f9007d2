/// A problem that the user can fix, or should know about: the command prints it and exits with its code, without a
/// stack trace.
///
/// Plugins make their own errors conform. A place in a spec is a mark, not a string: see `LocatedError` in LatheSpec.
public protocol UserError: Error, CustomStringConvertible {
    /// What is wrong and what to do.
    var message: String { get }
    /// The file, address, key or line that the message is about, where there is one.
    var place: String? { get }
    /// 2 for mistakes in a spec, a file or the arguments; 1 for all else.
    var exitCode: Int32 { get }
}

extension UserError {
    public var place: String? { nil }
    public var exitCode: Int32 { 2 }
    public var description: String { place.map { "\($0): \(message)" } ?? message }
}
