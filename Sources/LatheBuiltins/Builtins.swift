import LatheCleaning
import LatheClipping
public import LatheComponents
import LatheDataSources
import LatheLSTM
import LatheLaunchers
import LatheLoaders
import LatheOptimizers
import LatheSchedules
import LatheSinks
import LatheStopping
import LatheStrategies
import LatheTokenizers
import LatheTransformer
import LatheWeb

/// The plugins of the `lathe` command.
public enum Builtins {
    /// In the order in which `lathe components` lists their kinds.
    public static let plugins: [any Plugin.Type] = [
        DataSourcesPlugin.self, WebPlugin.self, CleaningPlugin.self, TokenizersPlugin.self, LoadersPlugin.self,
        LSTMPlugin.self, TransformerPlugin.self, OptimizersPlugin.self, SchedulesPlugin.self, ClippingPlugin.self,
        StoppingPlugin.self, SinksPlugin.self, StrategiesPlugin.self, LaunchersPlugin.self,
    ]
}
