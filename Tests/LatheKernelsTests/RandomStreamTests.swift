import CKernels
import LatheKernels
import LatheLayers
import Testing

@Suite struct RandomStreamTests {
    // Known answers from the authors' Random123 library: kat_vectors, philox4x32 10.
    @Test(arguments: [
        ([0, 0, 0, 0, 0, 0] as [UInt32], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8] as [UInt32]),
        (
            [UInt32](repeating: 0xffff_ffff, count: 6),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd] as [UInt32]
        ),
        (
            [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344, 0xa409_3822, 0x299f_31d0] as [UInt32],
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1] as [UInt32]
        ),
    ])
    func knownAnswers(_ input: [UInt32], _ output: [UInt32]) {
        let words = Philox.block(
            counter: (input[0], input[1], input[2], input[3]), key: (input[4], input[5]))
        #expect([words.0, words.1, words.2, words.3] == output)
    }

    @Test func fillsAgreeWithElementsAtEveryLevel() {
        let stream = RandomStream(seed: 0x1234_5678_9abc_def0, stream: "weights", step: 7)
        let key: [UInt32] = [0x9abc_def0, 0x1234_5678, 7, RandomStream.hash("weights")]
        for level in SIMDLevel.available {
            let kernels = lathe_kernels_at(level.rawValue)
            for (first, count) in [(0, 200), (61, 7), (63, 130), (1 << 40, 70)] {
                let uniform = Array32(count), normal = Array32(count)
                kernels.pointee.fill_uniform(uniform.start, count, UInt64(first), key)
                kernels.pointee.fill_normal(normal.start, count, UInt64(first), key)
                #expect(uniform.isIntact && normal.isIntact)
                for i in 0..<count {
                    #expect(uniform.start[i] == stream.uniform(first + i))
                    #expect(normal.start[i] == stream.normal(first + i), "the same bits at every level")
                }
            }
        }
    }

    @Test func momentsAndRanges() {
        let stream = RandomStream(seed: 3, stream: "moments")
        let count = 1 << 18
        let uniform = Array32(count), normal = Array32(count)
        stream.fillUniform(uniform.start, count: count)
        stream.fillNormal(normal.start, count: count)
        var mean = 0.0, squares = 0.0, fourth = 0.0, uniformMean = 0.0, neighbours = 0.0
        for i in 0..<count {
            let z = Double(normal.start[i])
            mean += z
            squares += z * z
            fourth += z * z * z * z
            uniformMean += Double(uniform.start[i])
            if i > 0 { neighbours += z * Double(normal.start[i - 1]) }
            #expect(uniform.start[i] >= 0 && uniform.start[i] < 1)
        }
        let n = Double(count)
        // Five standard errors of each estimate.
        #expect(abs(mean / n) < 5 / n.squareRoot())
        #expect(abs(squares / n - 1) < 5 * (2 / n).squareRoot())
        #expect(abs(fourth / n - 3) < 5 * (96 / n).squareRoot())
        #expect(abs(neighbours / n) < 5 / n.squareRoot())
        #expect(abs(uniformMean / n - 0.5) < 5 * (1 / (12 * n)).squareRoot())
    }

    @Test func integersCoverTheirRange() {
        let stream = RandomStream(seed: 5, stream: "integers")
        var counts = [Int](repeating: 0, count: 7)
        for i in 0..<7000 { counts[stream.integer(i, below: 7)] += 1 }
        #expect(counts.allSatisfy { abs($0 - 1000) < 150 })
        #expect(stream.integer(0, below: 1) == 0)
        #expect(stream.at(step: 1).integer(0, below: 1 << 40) != stream.integer(0, below: 1 << 40))
    }

    @Test func streamsDiffer() {
        let a = RandomStream(seed: 1, stream: "a")
        #expect(a.bits(0) != RandomStream(seed: 1, stream: "b").bits(0))
        #expect(a.bits(0) != RandomStream(seed: 2, stream: "a").bits(0))
        #expect(a.bits(0) != RandomStream(seed: 1 << 32 | 1, stream: "a").bits(0))
        #expect(a.bits(0) == RandomStream(seed: 1, stream: "a").bits(0))
    }
}

@Suite struct DropoutTests {
    @Test func againstReference() {
        let key = DropoutKey(seed: 9, stream: "dropout", step: 3)
        for (count, first) in [(1, 0), (63, 5), (20_000, 17)] {
            let x = Array32(count, seed: 1), expected = Array32(count)
            Reference.dropout(
                x: x.start, y: expected.start, count: count, probability: 0.3, key: key, firstElement: first)
            atEachLevel { pool in
                let y = Array32(count), dx = Array32(count, 1)
                Dropout.forward(
                    pool, x: x.start, y: y.start, count: count, probability: 0.3, key: key, firstElement: first)
                expectClose(y, expected, within: 4 * unit * 1.5, "y")
                Dropout.backward(
                    pool, dy: x.start, dx: dx.start, count: count, probability: 0.3, key: key, firstElement: first,
                    accumulate: true)
                for i in 0..<count { expected.start[i] += 1 }
                expectClose(dx, expected, within: 4 * unit * 3, "dx")
                for i in 0..<count { expected.start[i] -= 1 }
            }
        }
    }

    @Test func microBatchesSeeTheSameMask() {
        let key = DropoutKey(seed: 1, stream: "dropout")
        let pool = ThreadPool(threadCount: 2)
        let count = 12 * 641, part = 641
        let x = Array32(count, seed: 1), whole = Array32(count), parts = Array32(count)
        Dropout.forward(pool, x: x.start, y: whole.start, count: count, probability: 0.5, key: key, firstElement: 0)
        for i in 0..<12 {
            Dropout.forward(
                pool, x: x.start + i * part, y: parts.start + i * part, count: part, probability: 0.5, key: key,
                firstElement: i * part)
        }
        #expect(whole.bits == parts.bits)
        let kept = (0..<count).count { whole.start[$0] != 0 }
        #expect(abs(Double(kept) - 0.5 * Double(count)) < 5 * (0.25 * Double(count)).squareRoot())
    }
}
