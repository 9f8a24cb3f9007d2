import LatheComponents
import LatheSpec
import LatheSweeps
import TestSupport
import Testing

@Suite struct ExpansionTests {
    @Test func variantsParametersExclusionsAndSeeds() throws {
        let labels = try Sweeps().labels(
            """
            base: base.yaml
            set: {training.steps: 50}
            variants:
              transformer: {}
              lstm: {model: {type: lstm, hidden_size: 8}}
            parameters:
              optimizer.learning_rate: [1e-3, 3e-3]
              optimizer: [adamw, {type: sgd, momentum: 0.9}]
            exclude:
              - {variant: lstm, optimizer.learning_rate: 0.003}
              - {optimizer: sgd, variant: [transformer]}
            repeat: 2
            """)
        expectText(
            labels,
            """
            transformer, optimizer.learning_rate 1e-3, optimizer adamw, seed 7
            transformer, optimizer.learning_rate 3e-3, optimizer adamw, seed 7
            lstm, optimizer.learning_rate 1e-3, optimizer adamw, seed 7
            lstm, optimizer.learning_rate 1e-3, optimizer {type: sgd, momentum: 0.9}, seed 7
            transformer, optimizer.learning_rate 1e-3, optimizer adamw, seed 8
            transformer, optimizer.learning_rate 3e-3, optimizer adamw, seed 8
            lstm, optimizer.learning_rate 1e-3, optimizer adamw, seed 8
            lstm, optimizer.learning_rate 1e-3, optimizer {type: sgd, momentum: 0.9}, seed 8

            """)
    }

    @Test func trialsAreWholeExperiments() throws {
        let expansion = try Sweeps().expand(
            """
            name: rates
            base: base.yaml
            set: {training.steps: 50}
            variants: {lstm: {model: {type: lstm, hidden_size: 8}}}
            parameters: {optimizer: [{type: sgd, momentum: 0.5}], optimizer.learning_rate: [3e-3]}
            """)
        let spec = try #require(expansion.trials.first).spec
        #expect(spec.name == "rates")
        #expect(spec.training.steps == 50)
        // Another type replaces the component: none of the transformer's values survive.
        #expect(spec.model.resolved["type"]?.text == "lstm")
        #expect(spec.model.resolved["hidden_size"]?.text == "8")
        #expect(spec.optimizer.resolved["momentum"]?.text == "0.5")
        #expect(spec.optimizer.resolved["learning_rate"]?.text == "0.003")
    }

    @Test func rangesWithCounts() throws {
        let labels = try Sweeps().labels(
            """
            base: base.yaml
            parameters:
              optimizer.learning_rate: {from: 1e-4, to: 1e-2, scale: log, count: 3}
              model.width: {from: 8, to: 32, count: 4}
            exclude:
              - {model.width: 24}
            """)
        expectText(
            labels,
            """
            optimizer.learning_rate 0.0001, model.width 8, seed 7
            optimizer.learning_rate 0.0001, model.width 16, seed 7
            optimizer.learning_rate 0.0001, model.width 32, seed 7
            optimizer.learning_rate 0.001, model.width 8, seed 7
            optimizer.learning_rate 0.001, model.width 16, seed 7
            optimizer.learning_rate 0.001, model.width 32, seed 7
            optimizer.learning_rate 0.01, model.width 8, seed 7
            optimizer.learning_rate 0.01, model.width 16, seed 7
            optimizer.learning_rate 0.01, model.width 32, seed 7

            """)
    }

    private func random(_ trials: Int, more: String = "") -> String {
        """
        base: base.yaml
        parameters:
          optimizer.learning_rate: {from: 1e-4, to: 1e-2, scale: log}
          training.batch_size: {from: 2, to: 9}
        \(more)
        strategy: {type: random, trials: \(trials)}
        """
    }

    @Test func moreRandomTrialsExtendTheSequence() throws {
        let sweeps = try Sweeps()
        let few = try sweeps.expand(random(5)).trials.map(\.identity)
        let many = try sweeps.expand(random(12)).trials
        #expect(Array(many.map(\.identity).prefix(5)) == few)
        #expect(Set(many.map(\.identity)).count == 12)
        for trial in many {
            let rate = try #require(trial.parameters[0].value.text.flatMap(Double.init))
            #expect(rate >= 1e-4 && rate <= 1e-2)
            #expect((2...9).contains(trial.spec.training.batchSize))
        }
        // Half of the draws from a logarithmic range lie below its geometric mean.
        let low = try sweeps.expand(random(200)).trials.filter {
            ($0.parameters[0].value.text.flatMap(Double.init) ?? 0) < 1e-3
        }
        #expect((70...130).contains(low.count))
    }

    @Test func aNewAxisLeavesTheOthersAsTheyWere() throws {
        let sweeps = try Sweeps()
        let few = try sweeps.expand(random(6)).trials.map(\.parameters[0].value)
        let more = try sweeps.expand(random(6, more: "  model.layers: [1, 2]")).trials.map(\.parameters[0].value)
        #expect(few == more)
    }

    @Test func halvingWalksTheWholeGridInAnotherOrder() throws {
        let sweeps = try Sweeps()
        func text(_ strategy: String) -> String {
            """
            base: base.yaml
            parameters: {optimizer.learning_rate: [1e-3, 2e-3, 3e-3], model.width: [8, 16, 24, 32, 40]}
            strategy: \(strategy)
            """
        }
        let grid = try sweeps.expand(text("grid")).trials.map(\.identity)
        let halving = try sweeps.expand(text("{type: asha, rungs: [10, 30]}")).trials.map(\.identity)
        #expect(Set(grid) == Set(halving))
        #expect(grid.count == 15 && halving.count == 15)
        #expect(grid != halving)
    }

    @Test func trialsKeepTheirNumbers() throws {
        let sweeps = try Sweeps()
        let folder = SweepFolder(results: sweeps.path + "/results", name: "sweep")
        func numbers(_ rates: String) throws -> [Int] {
            let expansion = try sweeps.expand(
                "base: base.yaml\nparameters: {optimizer.learning_rate: [\(rates)]}\n")
            return try folder.register(expansion, file: "sweep.yaml") { _, _ in "" }
        }
        #expect(try numbers("1e-3, 3e-3") == [1, 2])
        #expect(try numbers("2e-3, 3e-3, 1e-3") == [3, 2, 1])
        #expect(try numbers("4e-3") == [4])
        #expect(try numbers("1e-3, 3e-3") == [1, 2])
        #expect(try TrialRecord.read(from: folder.trials).map(\.trial) == [1, 2, 3, 4])
    }
}
