import LatheSystem
import Testing

@Suite struct ProcessTests {
    @Test func outputsAreSeparateAndEndingsTold() throws {
        let child = try ChildProcess(
            "sh", ["-c", "echo out; echo err >&2; echo more >&5; exit 3"], outputs: [[1], [2], [5]])
        var texts = ["", "", ""]
        var buffer = [UInt8](repeating: 0, count: 100)
        for output in texts.indices {
            while true {
                guard let count = child.read(output: output, into: &buffer) else {
                    child.wait(milliseconds: 100)
                    continue
                }
                if count == 0 { break }
                texts[output] += String(decoding: buffer[..<count], as: UTF8.self)
            }
        }
        #expect(texts == ["out\n", "err\n", "more\n"])
        #expect(child.finish() == .exit(3))
        #expect(try ChildProcess("sh", ["-c", "kill -9 $$"], outputs: []).finish() == .signal(9))
    }

    @Test func aMissingProgramIsNamedSo() {
        #expect { try ChildProcess("/nowhere/program", [], outputs: []) } throws: {
            ($0 as? ChildProcess.StartFailure)?.isMissing == true
        }
    }

    @Test func aReleasedChildIsKilled() throws {
        var child: ChildProcess? = try ChildProcess("sh", ["-c", "echo $$; exec sleep 600"], outputs: [[1]])
        var bytes = [UInt8](repeating: 0, count: 20)
        var count: Int?
        while count == nil {
            child?.wait(milliseconds: 100)
            count = child?.read(output: 0, into: &bytes)
        }
        let text = String(decoding: bytes[..<(count ?? 0)], as: UTF8.self)
        let id = try #require(Int32(text.dropLast()))
        #expect(CurrentProcess.exists(id))
        child = nil
        #expect(!CurrentProcess.exists(id))
    }

    /// A tethered child reads its standard input to the end when the parent lets go.
    @Test func aTetheredChildEndsByItself() throws {
        let folder = try TemporaryFolder()
        var child: ChildProcess? = try ChildProcess(
            "sh", ["-c", "cat > /dev/null; : > '\(folder.file("ended"))'"], outputs: [], isTethered: true)
        #expect(child?.poll() == nil)
        #expect(!Path.exists(folder.file("ended")))
        child = nil
        while !Path.exists(folder.file("ended")) { pause(seconds: 0.01) }
    }

    @Test func aLockIsHeldOnce() throws {
        let folder = try TemporaryFolder()
        var lock = try FileLock(folder.file("lock"))
        #expect(lock != nil)
        #expect(FileLock.isHeld(folder.file("lock")))
        #expect(try FileLock(folder.file("lock")) == nil)
        lock = nil
        #expect(!FileLock.isHeld(folder.file("lock")))
        #expect(try FileLock(folder.file("lock")) != nil)
        #expect { try FileLock(folder.file("no/lock")) } throws: { ($0 as? FileError)?.operation == "open lock" }
    }

    @Test func clocksGoForward() {
        let start = MonotonicClock.seconds
        pause(seconds: 0.01)
        #expect(MonotonicClock.seconds > start)
        #expect(WallClock.nanoseconds > 1_700_000_000_000_000_000)
    }

    /// One rule: a stamp of whole seconds comes from a coarse clock.
    @Test func aFreshStampMayHideAChange() {
        var stamp = FileStamp()
        #expect(!stamp.mayHideChange(at: 0))
        stamp.changed = 5_000_000_001
        #expect(stamp.mayHideChange(at: 5_019_000_000))
        #expect(!stamp.mayHideChange(at: 5_021_000_000))
        stamp.changed = 5_000_000_000
        #expect(stamp.mayHideChange(at: 6_999_000_000))
        #expect(!stamp.mayHideChange(at: 7_001_000_000))
    }
}
