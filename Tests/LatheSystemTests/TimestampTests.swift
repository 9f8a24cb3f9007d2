import LatheSystem
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (4_107_542_400_123, "2100-03-01T00:00:00.123Z"), (1_772_357_400_250, "2026-03-01T09:30:00.250Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ])
    func isISO8601(milliseconds: Int, text: String) throws {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(try #require(Timestamp(text)).milliseconds == milliseconds)
    }

    @Test func daysOfEightCenturiesComesBack() throws {
        for day in stride(from: -146_097, through: 146_097, by: 13) {
            let moment = Timestamp(milliseconds: day * 86_400_000 + 45_296_789)
            #expect(Timestamp(moment.description) == moment)
        }
    }

    @Test func otherFormsAreReadOrRefused() {
        #expect(Timestamp("2026-03-01T09:30:00Z")?.milliseconds == 1_772_357_400_000)
        #expect(Timestamp("2026-03-01T09:30:00.2509999Z")?.milliseconds == 1_772_357_400_250)
        for text in [
            "", "Z", "2026-03-01", "2026-13-01T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T09:30:00+01:00",
            "2026-03-01T09:30:00.Z", "2026-03-01T09:30:00xZ", "+026-03-01T09:30:00Z",
        ] {
            #expect(Timestamp(text) == nil, "\(text)")
        }
    }

    @Test func shortForms() {
        let moment = Timestamp(milliseconds: 1_772_357_400_250)
        #expect(moment.folderText == "20260301-093000")
        #expect(moment.tableText == "2026-03-01 09:30")
        #expect(Timestamp.now().milliseconds > moment.milliseconds - 1_000_000_000_000)
    }
}
