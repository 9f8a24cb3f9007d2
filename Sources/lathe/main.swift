import LatheCommand

LatheCommand.main()
