import Foundation
import LatheResults
import Testing

/// Checks against scipy: References/LatheResults/make_statistics.py makes statistics.json.
@Suite struct StatisticsTests {
    private struct Reference: Decodable {
        struct Test: Decodable {
            let first: [Double], second: [Double], t: Double, degrees: Double, p: Double, low: Double, high: Double
        }
        struct Family: Decodable { let p: [Double], adjusted: [Double] }
        struct Segments: Decodable {
            let bytes: [UInt32], best: [Double], final: [Double], bits: Double, error: Double
        }
        struct Figures: Decodable {
            let values: [Double], mean: Double, deviation: Double, median: Double, half: Double
        }
        let cumulative: [[Double]], quantile: [[Double]], welch: [Test], paired: [Test], holm: [Family]
        let segments: [Segments], sample: Figures
    }

    private let reference: Reference

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("References/LatheResults/statistics.json")
        reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }

    /// A few dozen steps lose some 1e-15 each, and lgamma of 5,000 loses four more digits.
    private func close(_ value: Double, _ expected: Double, relative: Double = 1e-10) -> Bool {
        abs(value - expected) <= relative * abs(expected) + 1e-300
    }

    @Test func cumulativeProbabilityOfStudentsT() {
        for row in reference.cumulative {
            let value = StudentT(degreesOfFreedom: row[0]).cumulative(row[1])
            #expect(close(value, row[2]), "ν \(row[0]), t \(row[1]): \(value), scipy \(row[2])")
        }
    }

    @Test func quantileOfStudentsT() {
        for row in reference.quantile {
            let value = StudentT(degreesOfFreedom: row[0]).quantile(row[1])
            #expect(close(value, row[2], relative: 1e-9), "ν \(row[0]), p \(row[1]): \(value), scipy \(row[2])")
        }
        #expect(StudentT(degreesOfFreedom: 3).quantile(1) == .infinity)
        #expect(StudentT(degreesOfFreedom: 3).quantile(0) == -.infinity)
        #expect(StudentT(degreesOfFreedom: 3).twoSided(.infinity) == 0)
    }

    @Test func welchAndPairedTests() throws {
        for (tests, method) in [(reference.welch, MeanDifference.Method.welch), (reference.paired, .paired)] {
            for test in tests {
                let result = try #require(
                    method == .welch
                        ? MeanDifference.welch(test.first, test.second) : .paired(test.first, test.second))
                #expect(result.method == method)
                #expect(close(result.t, test.t))
                #expect(close(result.degreesOfFreedom, test.degrees))
                #expect(close(result.probability, test.p))
                #expect(close(result.interval().lowerBound, test.low))
                #expect(close(result.interval().upperBound, test.high))
            }
        }
    }

    @Test func tooFewOrUnusableValuesGiveNoTest() throws {
        #expect(MeanDifference.welch([1], [2, 3]) == nil)
        #expect(MeanDifference.welch([1, .nan], [2, 3]) == nil)
        #expect(MeanDifference.paired([1], [2]) == nil)
        #expect(MeanDifference.paired([1, 2], [2, .infinity]) == nil)
        let equal = try #require(MeanDifference.welch([2, 2], [2, 2]))
        #expect(equal.t == 0 && equal.probability == 1)
        let apart = try #require(MeanDifference.welch([2, 2], [3, 3]))
        #expect(apart.t == -.infinity && apart.probability == 0)
    }

    @Test func holmCorrection() {
        for family in reference.holm {
            let adjusted = HolmCorrection.adjusted(family.p)
            #expect(zip(adjusted, family.adjusted).allSatisfy { close($0, $1) }, "\(adjusted) \(family.adjusted)")
        }
        #expect(HolmCorrection.adjusted([]).isEmpty)
    }

    @Test func figuresOfASample() throws {
        let sample = reference.sample
        #expect(close(SampleStatistics.mean(sample.values), sample.mean))
        #expect(close(try #require(SampleStatistics.standardDeviation(sample.values)), sample.deviation))
        #expect(close(try #require(SampleStatistics.median(sample.values)), sample.median))
        #expect(close(try #require(SampleStatistics.intervalHalfWidth(sample.values)), sample.half))
        #expect(SampleStatistics.standardDeviation([1]) == nil && SampleStatistics.median([]) == nil)
        #expect(SampleStatistics.median([3, 1, 2]) == 2)
    }

    @Test func differenceBySegments() throws {
        for segments in reference.segments {
            let difference = SegmentDifference(segments.final, minus: segments.best, bytes: segments.bytes)
            #expect(close(difference.bitsPerByte, segments.bits, relative: 1e-9))
            #expect(close(try #require(difference.standardError), segments.error, relative: 1e-9))
        }
        #expect(SegmentDifference([1], minus: [2], bytes: [8]).standardError == nil)
    }
}
