#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Time that only moves forward, for measuring durations.
public enum MonotonicClock {
    /// Seconds since some moment in the past.
    public static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// The time of day, by which files are stamped too. It may be set back.
public enum WallClock {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public static var nanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    }

    public static var seconds: Double {
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return Double(whole) + Double(rest) * 1e-9
    }
}

/// Lets the thread sleep; a signal may end the sleep early.
public func pause(seconds: Double) { usleep(UInt32(max(1, min(1e9, seconds * 1e6)))) }
