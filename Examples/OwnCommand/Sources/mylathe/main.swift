import LatheCommand
import MyPlugin

LatheCommand.main(adding: [MyPlugin.self])
