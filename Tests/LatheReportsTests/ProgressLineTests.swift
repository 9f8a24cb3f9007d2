import LatheReports
import LatheResults
import Testing

@Suite struct ProgressLineTests {
    private var progress: RunProgress {
        var progress = RunProgress(step: 250, totalSteps: 2000)
        progress.trainLoss = 2.43104
        progress.validationLoss = 2.39981
        progress.bitsPerByte = 3.1208
        progress.tokensPerSecond = 12_345
        progress.secondsLeft = 112
        return progress
    }

    @Test func showsWhatIsKnown() {
        let text = "step  250/2000   12%  train 2.4310  validation 2.3998  3.1208 bits/byte  12.3k tok/s  1m52s left"
        #expect(ProgressLine.text(progress) == text)
        #expect(ProgressLine.plain(progress) == text + "\n")
        #expect(ProgressLine.text(RunProgress(step: 0, totalSteps: 0)) == "step 0/0")
        var last = RunProgress(step: 1999, totalSteps: 2000)
        last.phase = .validation
        #expect(ProgressLine.text(last) == "step 1999/2000   99%  validating")
        last.step = 2000
        last.phase = .checkpoint
        #expect(ProgressLine.text(last) == "step 2000/2000  100%  saving")
    }

    @Test func aTerminalLineReplacesTheLastAndNeverWraps() {
        for columns in [1, 10, 40, 200] {
            let line = ProgressLine.terminal(progress, columns: columns)
            #expect(line.hasPrefix("\r") && line.hasSuffix("\u{1B}[K") && !line.contains("\n"))
            #expect(TextWidth.columns(line.dropFirst().dropLast(3)) <= max(1, columns - 1))
        }
    }

    @Test func numbersThatAreNotFiniteDoNotTrap() {
        var progress = RunProgress(step: 1, totalSteps: 3)
        progress.trainLoss = .nan
        progress.tokensPerSecond = .infinity
        progress.secondsLeft = .infinity
        #expect(ProgressLine.text(progress) == "step 1/3   33%  train nan  inf tok/s  inf left")
    }
}
