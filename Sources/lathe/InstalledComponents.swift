import LatheCleaning
import LatheClipping
import LatheComponents
import LatheDataSources
import LatheLSTM
import LatheLaunchers
import LatheLoaders
import LatheOptimizers
import LatheSamplers
import LatheSchedules
import LatheSinks
import LatheStopping
import LatheTokenizers
import LatheTransformer
import LatheWeb

extension Registry {
    static func installed() throws -> Registry {
        try Registry(
            DataSourceComponents.all + WebComponents.all + CleaningComponents.all + TokenizerComponents.all
                + LoaderComponents.all
                + LSTMPlugin.components + TransformerPlugin.components + OptimizersPlugin.components
                + SchedulesPlugin.components + ClippingPlugin.components + StoppingPlugin.components
                + SinksPlugin.components + SamplersPlugin.components + LaunchersPlugin.components)
    }
}
