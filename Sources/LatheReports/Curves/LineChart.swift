/// A line chart as data; ``svg(width:height:)`` draws it.
public struct LineChart: Sendable, Equatable {
    /// A line's colour and weight.
    public enum Style: Sendable, Equatable {
        /// The training split: a thin line behind the others.
        case training
        case validation
        /// One of several equal lines, counted from 0; colours repeat after eight.
        case other(Int)
    }

    public struct Point: Sendable, Equatable {
        public var x: Double
        public var y: Double

        public init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// A line through points in order; points that are not finite interrupt it.
    public struct Series: Sendable, Equatable {
        public var name: String
        public var points: [Point]
        public var style: Style

        public init(name: String, points: [Point], style: Style) {
            self.name = name
            self.points = points
            self.style = style
        }
    }

    /// A dashed horizontal line, such as a known floor.
    public struct Level: Sendable, Equatable {
        public var name: String
        public var y: Double

        public init(name: String, y: Double) {
            self.name = name
            self.y = y
        }
    }

    /// A highlighted point, such as the best step.
    public struct Marker: Sendable, Equatable {
        public var text: String
        public var point: Point

        public init(text: String, point: Point) {
            self.text = text
            self.point = point
        }
    }

    public var title: String
    public var subtitle: String
    public var xTitle: String
    public var yTitle: String
    public var xKind: AxisKind = .linear
    public var yKind: AxisKind = .linear
    /// In drawing order, back to front.
    public var series: [Series] = []
    public var levels: [Level] = []
    public var markers: [Marker] = []

    public init(title: String, subtitle: String = "", xTitle: String, yTitle: String) {
        self.title = title
        self.subtitle = subtitle
        self.xTitle = xTitle
        self.yTitle = yTitle
    }

    /// Whether no line has a finite point.
    public var isEmpty: Bool {
        !series.contains { $0.points.contains { $0.x.isFinite && $0.y.isFinite } }
    }
}
