import LatheSystem
import Testing

/// Against a folder that stands for `/`.
@Suite struct CoresTests {
    private let root: TemporaryFolder

    init() throws { root = try TemporaryFolder() }

    private func allow(_ list: String) throws {
        try root.write("Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t\(list)\n", to: "proc/self/status")
    }

    @Test func hardwareThreadsOfACoreAreOneCore() throws {
        try allow("0-3,6")
        for (processor, siblings) in [(0, "0,4"), (1, "1-2"), (2, "1-2"), (6, "6")] {
            try root.write(
                siblings + "\n", to: "sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list")
        }
        #expect(Cores.allowed(root: root.path) == [[0], [1, 2], [3], [6]])
        #expect(Cores.count(root: root.path) == 4)
        #expect(Cores.quota(root: root.path) == nil)
    }

    /// The system's own words under an affinity that `taskset` sets.
    @Test func affinityIsRespected() throws {
        let processor = try #require(Cores.allowed().last?.last)
        let status = try #require(
            ChildProcess.output(of: "taskset", ["--cpu-list", "\(processor)", "cat", "/proc/self/status"]))
        try root.write(status, to: "proc/self/status")
        #expect(Cores.allowed(root: root.path) == [[processor]])
        #expect(Cores.count(root: root.path) == 1)
    }

    @Test(arguments: [
        ("max 100000", nil, 8), ("200000 100000", 2.0, 2), ("150000 100000", 1.5, 2), ("50000 100000", 0.5, 1),
        ("6400000 100000", 64, 8),
    ]) func unifiedGroupsLimitCores(text: String, quota: Double?, count: Int) throws {
        try allow("0-7")
        try root.write("0::/user/job\n", to: "proc/self/cgroup")
        try root.write(text + "\n", to: "sys/fs/cgroup/user/cpu.max")
        #expect(Cores.quota(root: root.path) == quota)
        #expect(Cores.count(root: root.path) == count)
        // The tightest of the groups counts.
        try root.write("100000 100000\n", to: "sys/fs/cgroup/user/job/cpu.max")
        #expect(Cores.count(root: root.path) == 1)
    }

    /// In a container, the named path does not exist: its group is what is mounted.
    @Test func olderGroupsLimitCores() throws {
        try allow("0-7")
        try root.write("5:cpuset:/\n3:cpu,cpuacct:/docker/abc\n", to: "proc/self/cgroup")
        try root.write("300000\n", to: "sys/fs/cgroup/cpu/cpu.cfs_quota_us")
        try root.write("100000\n", to: "sys/fs/cgroup/cpu/cpu.cfs_period_us")
        #expect(Cores.count(root: root.path) == 3)
        try root.write("-1\n", to: "sys/fs/cgroup/cpu/cpu.cfs_quota_us")
        #expect(Cores.count(root: root.path) == 8)
    }

    @Test func groupsLimitMemory() throws {
        try root.write("MemTotal:  4096 kB\nMemAvailable:  2048 kB\n", to: "proc/meminfo")
        #expect(Memory.limit(root: root.path) == 4096 << 10)
        #expect(Memory.available(root: root.path) == 2048 << 10)
        try root.write("0::/job\n", to: "proc/self/cgroup")
        try root.write("1048576\n", to: "sys/fs/cgroup/job/memory.max")
        try root.write("524288\n", to: "sys/fs/cgroup/job/memory.current")
        try root.write("anon 1\ninactive_file 24288\n", to: "sys/fs/cgroup/job/memory.stat")
        #expect(Memory.limit(root: root.path) == 1_048_576)
        #expect(Memory.available(root: root.path) == 1_048_576 - 500_000)
        try root.write("max\n", to: "sys/fs/cgroup/job/memory.max")
        #expect(Memory.limit(root: root.path) == 4096 << 10)
    }
}
