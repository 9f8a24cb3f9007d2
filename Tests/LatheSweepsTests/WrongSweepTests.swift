import Testing

/// Whole messages about wrong sweeps.
@Suite struct WrongSweepTests {
    private func expect(_ text: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        expectText(try Sweeps().message(text), message, sourceLocation: sourceLocation)
    }

    @Test func aWrongSweepFile() throws {
        try expect(
            """
            base: base.yaml
            paramters: {}
            repeat: 0
            """, "")
    }

    @Test func wrongParts() throws {
        try expect(
            """
            base: base.yaml
            set: {training.steps: 20}
            parameters:
              training.steps: [10, 20]
              optimizer.learning_rate: 1e-3
              model.width: {from: 8, to: 4, scale: log}
              model.layers: []
            exclude:
              - {variant: lstm}
              - {training.steps: 30}
            """, "")
    }

    @Test func errorsInTrialsAreSaidOnce() throws {
        try expect(
            """
            base: base.yaml
            set: {training.batch_siz: 4}
            parameters:
              optimizer.learning_rate: [1e-3, -1, 2e-3]
              model.heads: [2, 3]
            """, "")
    }

    @Test func aParameterThatChangesNothing() throws {
        try expect(
            """
            base: base.yaml
            parameters:
              optimizer.learning_rate: [1e-3, 2e-3]
              samples.every: [100, 200]
            """, "")
    }

    @Test func equalValuesAndSeeds() throws {
        try expect("base: base.yaml\nparameters: {optimizer.learning_rate: [1e-3, 0.001]}\n", "")
        try expect("base: base.yaml\nparameters: {seed: [1, 2]}\nrepeat: 2\n", "")
    }

    @Test func strategiesThatDoNotFit() throws {
        try expect("base: base.yaml\nparameters: {optimizer.learning_rate: {from: 1e-3, to: 1e-2}}\n", "")
        try expect(
            "base: base.yaml\nparameters: {model.layers: [1, 2]}\nstrategy: {type: asha, rungs: [15, 200]}\n", "")
        try expect("base: base.yaml\nparameters: {model.layers: [1, 2]}\nstrategy: {type: random, trials: 3}\n", "")
    }

    @Test func aBaseThatIsNotThere() throws {
        try expect("base: bse.yaml\nparameters: {model.layers: [1, 2]}\n", "")
    }

    @Test func everythingExcluded() throws {
        try expect("base: base.yaml\nparameters: {model.layers: [1]}\nexclude: [{model.layers: 1}]\n", "")
    }
}
