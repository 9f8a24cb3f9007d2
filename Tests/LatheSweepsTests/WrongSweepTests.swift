import TestSupport
import Testing

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
            """,
            #"""
            sweep.yaml:2:1: error: unknown key 'paramters' in the sweep; did you mean 'parameters'?
                2 | paramters: {}
                  | ^
            sweep.yaml:3:9: error: 'repeat': found 0, must be at least 1 and at most 10000
                3 | repeat: 0
                  |         ^
            """#)
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
            """,
            #"""
            sweep.yaml:4:3: error: 'training.steps' is both in 'set' and in 'parameters'
                4 |   training.steps: [10, 20]
                  |   ^
            sweep.yaml:5:28: error: parameter 'optimizer.learning_rate': found '1e-3', expected a list or a range
                5 |   optimizer.learning_rate: 1e-3
                  |                            ^
                  = write [a, b], or {from: 1e-4, to: 1e-2, scale: log, count: 3}; a single value for all trials belongs in 'set'
            sweep.yaml:6:30: error: the range is empty: from 8.0 to 4.0
                6 |   model.width: {from: 8, to: 4, scale: log}
                  |                              ^
            sweep.yaml:7:17: error: parameter 'model.layers' has no values
                7 |   model.layers: []
                  |                 ^
            sweep.yaml:9:6: error: 'variant' is not an axis of this sweep
                9 |   - {variant: lstm}
                  |      ^
                  = its axes are training.steps
            sweep.yaml:10:22: error: no cell has training.steps 30
               10 |   - {training.steps: 30}
                  |                      ^
                  = its values are 10, 20
            """#)
    }

    @Test func errorsInTrialsAreSaidOnce() throws {
        try expect(
            """
            base: base.yaml
            set: {training.batch_siz: 4}
            parameters:
              optimizer.learning_rate: [1e-3, -1, 2e-3]
              model.heads: [2, 3]
            """,
            #"""
            sweep.yaml:2:7: error: unknown key 'batch_siz' in 'training'; did you mean 'batch_size'?
                2 | set: {training.batch_siz: 4}
                  |       ^
            sweep.yaml:4:35: error: 'learning_rate' in optimizer 'adamw': found -1, must be above 0
                4 |   optimizer.learning_rate: [1e-3, -1, 2e-3]
                  |                                   ^
                  = in 2 of 6 cells, such as optimizer.learning_rate -1, model.heads 2
            base.yaml:3:56: error: width 16 is not divisible by 3 heads; use 2 heads or a width of 18
                3 | model: {type: transformer, layers: 1, heads: 2, width: 16}
                  |                                                        ^
                  = in 3 of 6 cells, such as optimizer.learning_rate 1e-3, model.heads 3
            """#)
    }

    @Test func aParameterThatChangesNothing() throws {
        try expect(
            """
            base: base.yaml
            parameters:
              optimizer.learning_rate: [1e-3, 2e-3]
              samples.every: [100, 200]
            """,
            #"""
            sweep.yaml:4:24: error: 'samples.every' (100, 200) changes nothing: both are the same run
                4 |   samples.every: [100, 200]
                  |                        ^
                  = optimizer.learning_rate 1e-3, samples.every 100, seed 7 and optimizer.learning_rate 1e-3, samples.every 200, seed 7 have the same identity
            """#)
    }

    /// A misspelled objective would be noticed only after all the computing, when it ranks nothing.
    @Test func anObjectiveThatNoRunMeasures() throws {
        try expect(
            "base: base.yaml\nobjective: {metric: validation/bits_per_bite}\n",
            #"""
            sweep.yaml:2:21: error: unknown metric 'validation/bits_per_bite'; did you mean 'validation/bits_per_byte'?
                2 | objective: {metric: validation/bits_per_bite}
                  |                     ^
                  = known: validation/bits_per_byte, validation/loss, validation/perplexity, train/loss, train/evaluated_loss, train/bits_per_byte, learning_rate, gradient_norm
            """#)
    }

    @Test func equalValuesAndSeeds() throws {
        try expect(
            "base: base.yaml\nparameters: {optimizer.learning_rate: [1e-3, 1e-3]}\n",
            #"""
            sweep.yaml:2:46: error: duplicate cell: optimizer.learning_rate 1e-3, seed 7
                2 | parameters: {optimizer.learning_rate: [1e-3, 1e-3]}
                  |                                              ^
            """#)
        try expect(
            "base: base.yaml\nparameters: {optimizer.learning_rate: [1e-3, 0.001]}\n",
            #"""
            sweep.yaml:2:46: error: 'optimizer.learning_rate' (1e-3, 0.001) changes nothing: both are the same run
                2 | parameters: {optimizer.learning_rate: [1e-3, 0.001]}
                  |                                              ^
                  = optimizer.learning_rate 1e-3, seed 7 and optimizer.learning_rate 0.001, seed 7 have the same identity
            """#)
        try expect(
            "base: base.yaml\nparameters: {seed: [1, 2]}\nrepeat: 2\n",
            #"""
            sweep.yaml:2:21: error: seed 2 occurs twice: 'seed' is a parameter, and 'repeat: 2' counts up from each of its values; remove one of them
                2 | parameters: {seed: [1, 2]}
                  |                     ^
            """#)
    }

    @Test func strategiesThatDoNotFit() throws {
        try expect(
            "base: base.yaml\nparameters: {optimizer.learning_rate: {from: 1e-3, to: 1e-2}}\n",
            #"""
            sweep.yaml:2:14: error: 'optimizer.learning_rate' is a range without count, which strategy 'grid' cannot enumerate; give it a count, or use strategy 'random'
                2 | parameters: {optimizer.learning_rate: {from: 1e-3, to: 1e-2}}
                  |              ^
            """#)
        try expect(
            "base: base.yaml\nparameters: {model.layers: [1, 2]}\nstrategy: {type: asha, rungs: [15, 200]}\n",
            #"""
            sweep.yaml:3:11: error: rung 15 is not a multiple of validation.every 10, so trials have no result there
                3 | strategy: {type: asha, rungs: [15, 200]}
                  |           ^
            sweep.yaml:3:11: error: rung 200 is past the end of the trials at step 100
                3 | strategy: {type: asha, rungs: [15, 200]}
                  |           ^
            """#)
        try expect(
            "base: base.yaml\nparameters: {model.layers: [1, 2]}\nstrategy: {type: random, trials: 3}\n",
            #"""
            sweep.yaml:3:11: error: the strategy requests 3 trials, but there are only 2 distinct cells
                3 | strategy: {type: random, trials: 3}
                  |           ^
            """#)
    }

    @Test func aBaseThatIsNotThere() throws {
        try expect(
            "base: bse.yaml\nparameters: {model.layers: [1, 2]}\n",
            #"""
            sweep.yaml:1:7: error: bse.yaml: no such file
                1 | base: bse.yaml
                  |       ^
            """#)
    }

    @Test func everythingExcluded() throws {
        try expect(
            "base: base.yaml\nparameters: {model.layers: [1]}\nexclude: [{model.layers: 1}]\n",
            #"""
            sweep.yaml:3:11: error: every cell is excluded
                3 | exclude: [{model.layers: 1}]
                  |           ^
            """#)
    }
}
