import LatheResults
import Testing

@Suite struct NumberTextTests {
    @Test(arguments: [
        (NumberText.loss(1.23456), "1.2346"), (NumberText.loss(0), "0.0000"),
        (NumberText.loss(0.00012345), "1.234e-04"),
        (NumberText.loss(123456), "1.235e+05"), (NumberText.loss(.nan), "nan"), (NumberText.loss(-.infinity), "-inf"),
        (NumberText.signed(0.05), "+0.0500"), (NumberText.signed(-0.05), "-0.0500"),
        (NumberText.decimals(-0.00001, 2), "0.00"),
        (NumberText.count(950), "950"), (NumberText.count(12.34), "12.3"), (NumberText.count(12_345), "12.3k"),
        (NumberText.count(999_600), "1.00M"), (NumberText.count(124e6), "124M"), (NumberText.count(.infinity), "inf"),
        (NumberText.grouped(1_505_326), "1,505,326"), (NumberText.grouped(-999), "-999"),
        (NumberText.grouped(1000), "1,000"),
        (NumberText.duration(seconds: 0), "0ms"), (NumberText.duration(seconds: 0.9996), "1.0s"),
        (NumberText.duration(seconds: 9.96), "10s"), (NumberText.duration(seconds: 59.7), "1m00s"),
        (NumberText.duration(seconds: 133), "2m13s"), (NumberText.duration(seconds: 3599.6), "1h00m"),
        (NumberText.duration(seconds: 100_000), "1d03h"), (NumberText.duration(seconds: 1e300), "1.157e+295d"),
        (NumberText.duration(seconds: .nan), "nan"), (NumberText.memory(megabytes: 512.4), "512 MB"),
        (NumberText.memory(megabytes: 1536), "1.50 GB"), (NumberText.percent(0.875), "87.5%"),
        (NumberText.short(1e-3), "0.001"), (NumberText.short(1.5e-5), "1.5e-05"), (NumberText.axis(20_000), "20k"),
        (NumberText.axis(1_500_000), "1.5M"), (NumberText.axis(2000), "2000"), (NumberText.axis(1e12), "1e+12"),
    ])
    func readsWell(text: String, expected: String) {
        #expect(text == expected)
    }
}
