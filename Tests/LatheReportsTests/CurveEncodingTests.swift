import Foundation
import LatheReports
import LatheResults
import LatheSystem
import Testing

@Suite struct CurveEncodingTests {
    /// Decodes base64 varint differences as Page/data.js does.
    private func differences(_ text: String) throws -> [Int] {
        let bytes = try #require(Data(base64Encoded: text))
        var values: [Int] = [], rest: UInt64 = 0, shift: UInt64 = 0, current = 0
        for byte in bytes {
            rest |= UInt64(byte & 127) << shift
            shift += 7
            guard byte < 128 else { continue }
            current += rest & 1 == 1 ? -Int(rest >> 1) - 1 : Int(rest >> 1)
            values.append(current)
            (rest, shift) = (0, 0)
        }
        return values
    }

    private func singles(_ text: String, left: Int) throws -> [Float] {
        try differences(text).map { place in
            let magnitude = Float(bitPattern: UInt32(abs(place)) << UInt32(left))
            return place < 0 ? -magnitude : magnitude
        }
    }

    @Test func knownBytes() {
        // 1 is 0x3f800000: without 7 bits 0x7f0000, zigzag 0xfe0000, varint 80 80 f8 07; then no change, then back to
        // 0.
        #expect(
            CurveEncoding.singles([1, 1, 0], leaving: 7)
                == Data([0x80, 0x80, 0xf8, 0x07, 0, 0xff, 0xff, 0xf7, 0x07]).base64EncodedString())
    }

    @Test(arguments: [(3, 1.0 / 2_097_152), (9, 1.0 / 32_768)]) func numbersComeBack(left: Int, tolerance: Double)
        throws
    {
        var random = SystemRandomNumberGenerator()
        var values: [Double] = [0, 1, -1, 0.1, -2.5, 1e-30, 3e38, -3e38, 1e-3]
        for _ in 0..<2000 {
            let size = pow(10, Double.random(in: -20...20, using: &random))
            values.append(Double.random(in: -1...1, using: &random) * size)
        }
        let back = try singles(CurveEncoding.singles(values, leaving: left), left: left)
        #expect(back.count == values.count)
        for (value, found) in zip(values, back) {
            // Half a unit of the last bit kept, plus half a unit of single precision.
            #expect(
                abs(Double(found) - value) <= abs(value) * (tolerance + 1.0 / 16_777_216),
                "\(value) came back as \(found)")
        }
    }

    @Test func whatIsNotFiniteComesBack() throws {
        let back = try singles(
            CurveEncoding.singles([.infinity, 1, -.infinity, .nan, 1e300, -1e300, -.nan, 2], leaving: 7), left: 7)
        #expect(back[0] == .infinity && back[1] == 1 && back[2] == -.infinity && back[3].isNaN && back[6].isNaN)
        #expect(back[4].isFinite && back[4] > 3.3e38 && back[5].isFinite && back[5] < -3.3e38 && back[7] == 2)
    }

    @Test func wholeNumbersComeBack() throws {
        func read(_ value: JSONValue) throws -> [Int] {
            if let text = value.string { return try differences(text) }
            guard case .array(let parts) = value else { return [] }
            let numbers = parts.compactMap(\.integer)
            return stride(from: 0, to: numbers.count, by: 3).flatMap { index in
                (0..<numbers[index + 2]).map { numbers[index] + $0 * numbers[index + 1] }
            }
        }
        let irregular = (0..<300).map { $0 * $0 - 40 * $0 }
        for values in [[], [7], Array(1...1000), Array(stride(from: 250, through: 5000, by: 250)) + [5001], irregular] {
            #expect(try read(CurveEncoding.integers(values)) == values)
        }
        // Consecutive steps take a constant amount of space.
        #expect(CurveEncoding.integers(Array(1...1000)) == .array([.integer(1), .integer(1), .integer(1000)]))
    }

    @Test func metricsOfEqualStepsShareATrack() {
        let metrics = (1...100).flatMap { step -> [MetricRecord] in
            let training = MetricRecord(
                step: step, tokens: step * 12, split: .train,
                values: [MetricName.trainLoss: 1 / Double(step), MetricName.gradientNorm: 1])
            let validation = MetricRecord(
                step: step, tokens: step * 12, split: .validation, values: [MetricName.validationLoss: 2])
            return step % 10 == 0 ? [training, validation] : [training]
        }
        let timing = (1...100).map { TimingRecord(step: $0, phase: .train, seconds: 0.5) }
        let tracks = CurveTracks(metrics: metrics, timing: timing, room: 10_000).tracks
        #expect(
            tracks.map { $0.values.keys.sorted() } == [
                [MetricName.gradientNorm, MetricName.trainLoss], [MetricName.validationLoss],
            ])
        #expect(tracks[0].steps == Array(1...100) && tracks[1].steps == Array(stride(from: 10, through: 100, by: 10)))
        #expect(tracks[1].seconds == tracks[1].steps.map { Double($0) / 2 })
        #expect(tracks[1].tokens == tracks[1].steps.map { $0 * 12 })
    }

    @Test func thinnedCurvesKeepTheirEndsAndSpikes() {
        var values = (0..<10_000).map { sin(Double($0) / 500) }
        values[1234] = 9
        values[7777] = -9
        values[5000] = .nan
        var metrics = values.enumerated().map {
            MetricRecord(step: $0 + 1, tokens: 0, split: .train, values: [MetricName.trainLoss: $1])
        }
        // A run with few points leaves its share to the others.
        for step in [4000, 8000] {
            metrics.append(
                MetricRecord(step: step, tokens: 0, split: .validation, values: [MetricName.validationLoss: 1]))
        }
        let tracks = CurveTracks(metrics: metrics, timing: [], room: 1004).tracks
        let kept = tracks[0].values[MetricName.trainLoss]!
        #expect(kept.count <= 500 && kept.count > 300)
        #expect(tracks[0].steps.first == 1 && tracks[0].steps.last == 10_000)
        #expect(kept.contains(9) && kept.contains(-9) && kept.contains { $0.isNaN })
        #expect(zip(tracks[0].steps, kept).allSatisfy { $1 == values[$0 - 1] || $1.isNaN })
        #expect(tracks[1].steps == [4000, 8000])
    }
}
