/// A chart of lines: what is drawn, apart from how. ``svg(width:height:)`` draws it.
public struct LineChart: Sendable, Equatable {
    /// A line's place in the palette.
    public enum Style: Sendable, Equatable {
        /// The training split: drawn lightly, behind the rest.
        case training
        /// The validation split.
        case validation
        /// One of several alike, counted from 0: colours repeat after eight.
        case other(Int)
    }

    /// A point.
    public struct Point: Sendable, Equatable {
        /// Along the horizontal axis.
        public var x: Double
        /// Along the vertical axis.
        public var y: Double

        /// A point.
        public init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// A line through points in their order. Points that are not finite are left out, and the line is broken there.
    public struct Series: Sendable, Equatable {
        /// The name in the legend.
        public var name: String
        /// The points.
        public var points: [Point]
        /// The place in the palette.
        public var style: Style

        /// A line.
        public init(name: String, points: [Point], style: Style) {
            self.name = name
            self.points = points
            self.style = style
        }
    }

    /// A dashed line across the chart, such as a known floor.
    public struct Level: Sendable, Equatable {
        /// The name in the legend.
        public var name: String
        /// Its height.
        public var y: Double

        /// A level.
        public init(name: String, y: Double) {
            self.name = name
            self.y = y
        }
    }

    /// A point that is pointed out, such as the best step.
    public struct Marker: Sendable, Equatable {
        /// What is written beside it.
        public var text: String
        /// Where it is.
        public var point: Point

        /// A marked point.
        public init(text: String, point: Point) {
            self.text = text
            self.point = point
        }
    }

    /// The heading.
    public var title: String
    /// A smaller line below it.
    public var subtitle: String
    /// What the horizontal axis measures.
    public var xTitle: String
    /// What the vertical axis measures.
    public var yTitle: String
    /// How the horizontal axis is laid out.
    public var xKind: AxisKind = .linear
    /// How the vertical axis is laid out.
    public var yKind: AxisKind = .linear
    /// The lines, the first at the back.
    public var series: [Series] = []
    /// Levels across.
    public var levels: [Level] = []
    /// Marked points.
    public var markers: [Marker] = []

    /// A chart without lines.
    public init(title: String, subtitle: String = "", xTitle: String, yTitle: String) {
        self.title = title
        self.subtitle = subtitle
        self.xTitle = xTitle
        self.yTitle = yTitle
    }

    /// Whether any line has a finite point.
    public var isEmpty: Bool {
        !series.contains { $0.points.contains { $0.x.isFinite && $0.y.isFinite } }
    }
}
