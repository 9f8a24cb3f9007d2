import LatheResults

extension LineChart {
    /// A standalone SVG 1.1 file in light and dark colours, without scripts or embedded fonts. All text is escaped.
    /// Equal charts give equal bytes.
    ///
    /// - Parameter height: for a legend of one row; further rows are added to it.
    /// - Precondition: at least 240 by 180.
    public func svg(width: Int = 760, height: Int = 440) -> String {
        precondition(width >= 240 && height >= 180, "\(width) by \(height) leaves no room for curves")
        return SVGDrawing(chart: self, width: Double(width), height: Double(height)).document
    }
}

/// The layout of one drawing.
private struct SVGDrawing {
    let chart: LineChart
    let width: Double
    let height: Double
    let x: AxisScale
    let y: AxisScale
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
    private let entries: [Entry]

    init(chart: LineChart, width: Double, height: Double) {
        self.chart = chart
        self.width = width
        let points = chart.series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
        x = AxisScale(
            kind: chart.xKind, values: points.map(\.x), tight: true, tickCount: Int(width / 110),
            wholeTicks: points.allSatisfy { $0.x == $0.x.rounded() })
        let y = AxisScale(
            kind: chart.yKind, values: points.map(\.y) + chart.levels.map(\.y), tight: false,
            tickCount: Int(height / 62))
        self.y = y
        let labelColumns = y.ticks.map { TextWidth.columns(y.label($0)) }.max() ?? 1
        left = 46 + Double(labelColumns) * 7
        right = width - 24
        let legendTop: Double = chart.subtitle.isEmpty ? 56 : 75
        entries = Self.entries(of: chart, width: width, top: legendTop)
        top = (entries.last?.y ?? legendTop) + 20
        // More legend rows make the drawing taller instead of the plot smaller.
        self.height = height + top - 20 - legendTop
        bottom = self.height - 52
    }

    var document: String {
        var lines = [
            #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(number(width)) \#(number(height))" "#
                + #"width="\#(number(width))" height="\#(number(height))" role="img" "#
                + #"aria-labelledby="title description">"#,
            #"<title id="title">\#(escaped(chart.title))</title>"#,
            #"<desc id="description">\#(escaped(description))</desc>"#,
            "<style>\(Self.style)</style>",
            #"<rect class="ground" width="\#(number(width))" height="\#(number(height))"/>"#,
            #"<text class="heading" x="20" y="30">\#(escaped(fitted(chart.title, 8.2)))</text>"#,
        ]
        if !chart.subtitle.isEmpty {
            lines.append(#"<text class="note" x="20" y="49">\#(escaped(fitted(chart.subtitle, 6.4)))</text>"#)
        }
        lines += legend + axes
        lines.append(
            #"<clipPath id="area"><rect x="\#(number(left))" y="\#(number(top - 4))" "#
                + #"width="\#(number(right - left + 4))" height="\#(number(bottom - top + 4))"/></clipPath>"#)
        lines += levels + curves + markers
        if chart.isEmpty {
            lines.append(
                #"<text class="note" text-anchor="middle" x="\#(number((left + right) / 2))" "#
                    + #"y="\#(number((top + bottom) / 2))">nothing to plot: no finite values</text>"#)
        }
        lines.append("</svg>")
        return lines.joined(separator: "\n") + "\n"
    }

    private var description: String {
        let names = chart.series.map(\.name).joined(separator: ", ")
        let markers = chart.markers.map { "; \($0.text)" }.joined()
        return "\(chart.yTitle) by \(chart.xTitle): \(names)\(markers)"
    }

    private struct Entry {
        let name: String
        let style: String
        let x: Double
        let y: Double
    }

    /// Lays the entries out in as many rows as needed.
    private static func entries(of chart: LineChart, width: Double, top: Double) -> [Entry] {
        var entries: [Entry] = []
        var x = 20.0
        var y = top
        let names = chart.series.map { ($0.name, name(of: $0.style)) } + chart.levels.map { ($0.name, "level") }
        for (name, style) in names {
            let text = TextWidth.truncated(TextWidth.printable(name), to: 60)
            let end = x + 28 + Double(TextWidth.columns(text)) * 6.6
            if end > width - 20, x > 20 {
                y += 18
                x = 20
            }
            entries.append(Entry(name: text, style: style, x: x, y: y))
            x += 28 + Double(TextWidth.columns(text)) * 6.6 + 22
        }
        return entries
    }

    private var legend: [String] {
        entries.flatMap { entry in
            [
                line("curve \(entry.style)", entry.x, entry.y - 4, entry.x + 22, entry.y - 4),
                #"<text class="label" x="\#(number(entry.x + 28))" y="\#(number(entry.y))">"#
                    + "\(escaped(entry.name))</text>",
            ]
        }
    }

    private var axes: [String] {
        var lines: [String] = []
        for tick in y.ticks {
            guard let height = place(y: tick) else { continue }
            lines.append(line("grid", left, height, right, height))
            lines.append(
                #"<text class="label" text-anchor="end" x="\#(number(left - 8))" y="\#(number(height + 4))">"#
                    + "\(escaped(y.label(tick)))</text>")
        }
        for tick in x.ticks {
            guard let position = place(x: tick) else { continue }
            lines.append(line("axis", position, bottom, position, bottom + 5))
            lines.append(
                #"<text class="label" text-anchor="middle" x="\#(number(position))" y="\#(number(bottom + 19))">"#
                    + "\(escaped(x.label(tick)))</text>")
        }
        lines.append(line("axis", left, bottom, right, bottom))
        lines.append(
            #"<text class="label" text-anchor="middle" x="\#(number((left + right) / 2))" "#
                + #"y="\#(number(height - 12))">\#(escaped(chart.xTitle))</text>"#)
        let middle = number((top + bottom) / 2)
        lines.append(
            #"<text class="label" text-anchor="middle" transform="translate(18 \#(middle)) rotate(-90)">"#
                + "\(escaped(chart.yTitle))</text>")
        return lines
    }

    private var levels: [String] {
        chart.levels.compactMap { level in
            place(y: level.y).map { line("curve level", left, $0, right, $0) }
        }
    }

    private var curves: [String] {
        chart.series.flatMap { series -> [String] in
            let style = Self.name(of: series.style)
            return pieces(of: series).flatMap { piece -> [String] in
                let points = piece.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
                let curve =
                    piece.count > 1
                    ? [#"<polyline class="curve \#(style)" clip-path="url(#area)" points="\#(points)"/>"#] : []
                // Sparse points are drawn as dots; a single point has no line at all.
                let dotted = piece.count == 1 || (series.style != .training && piece.count <= 40)
                return curve
                    + (dotted ? piece : []).map { point in
                        #"<circle class="dot \#(style)" cx="\#(number(point.x))" cy="\#(number(point.y))" r="2.5"/>"#
                    }
            }
        }
    }

    private var markers: [String] {
        chart.markers.flatMap { marker -> [String] in
            guard let position = place(x: marker.point.x), let height = place(y: marker.point.y) else { return [] }
            // To the right of the marker if there is room, else to the left; at the top, away from a falling curve.
            let room = position + 12 + Double(TextWidth.columns(marker.text)) * 6.6 < right
            let anchor = room ? "start" : "end"
            let beside = number(room ? position + 6 : position - 6)
            return [
                line("guide", position, top, position, bottom),
                #"<circle class="marker" cx="\#(number(position))" cy="\#(number(height))" r="4.5"/>"#,
                #"<text class="label strong" text-anchor="\#(anchor)" x="\#(beside)" y="\#(number(top + 12))">"#
                    + "\(escaped(marker.text))</text>",
            ]
        }
    }

    /// The unbroken pieces of the line in drawing units, thinned to what is visible.
    private func pieces(of series: LineChart.Series) -> [[LineChart.Point]] {
        var pieces: [[LineChart.Point]] = [[]]
        for point in series.points {
            if let position = place(x: point.x), let height = place(y: point.y) {
                pieces[pieces.count - 1].append(LineChart.Point(position, height))
            } else if !pieces[pieces.count - 1].isEmpty {
                pieces.append([])
            }
        }
        return pieces.filter { !$0.isEmpty }.map(thinned)
    }

    /// Keeps the first, lowest, highest and last point of each column one unit wide, so that no peak is lost.
    private func thinned(_ points: [LineChart.Point]) -> [LineChart.Point] {
        guard points.count > Int(2 * width) else { return points }
        var result: [LineChart.Point] = []
        var start = 0
        while start < points.count {
            var end = start
            while end < points.count, points[end].x.rounded(.down) == points[start].x.rounded(.down) { end += 1 }
            let column = start..<end
            let chosen: Set<Int> = [
                start, end - 1, column.min { points[$0].y < points[$1].y }!,
                column.max { points[$0].y < points[$1].y }!,
            ]
            result += chosen.sorted().map { points[$0] }
            start = end
        }
        return result
    }

    private func place(x value: Double) -> Double? { x.position(value).map { left + $0 * (right - left) } }

    private func place(y value: Double) -> Double? { y.position(value).map { bottom - $0 * (bottom - top) } }

    private static func name(of style: LineChart.Style) -> String {
        switch style {
        case .training: "training"
        case .validation: "validation"
        case .other(let index): "other\(((index % 8) + 8) % 8)"
        }
    }

    private func line(_ style: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        #"<line class="\#(style)" x1="\#(number(x1))" y1="\#(number(y1))" x2="\#(number(x2))" y2="\#(number(y2))"/>"#
    }

    /// Truncates text to the width of the drawing, assuming an average letter width.
    private func fitted(_ text: String, _ letterWidth: Double) -> String {
        TextWidth.truncated(TextWidth.printable(text), to: Int((width - 40) / letterWidth))
    }

    /// At most one decimal.
    private func number(_ value: Double) -> String {
        let text = NumberText.decimals(value, 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Escapes markup and replaces characters that XML forbids.
    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in TextWidth.printable(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The colour-blind safe palette of Okabe and Ito (2008), lighter on dark backgrounds.
    private static let style = """

        text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#1f2328}
        .heading{font-size:15px;font-weight:600}
        .note,.label{font-size:12px;fill:#57606a}
        .strong{fill:#1f2328;stroke:#ffffff;stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
        .ground{fill:#ffffff}
        .grid{stroke:#d8dee4;stroke-width:1}
        .axis{stroke:#8c959f;stroke-width:1}
        .guide{stroke:#8c959f;stroke-width:1;stroke-dasharray:2 3}
        .curve{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        .training{stroke:#e69f00;stroke-width:1.4}
        .validation{stroke:#0072b2}
        .level{stroke:#009e73;stroke-width:1.5;stroke-dasharray:6 4}
        .marker{fill:#ffffff;stroke:#0072b2;stroke-width:2}
        .dot{stroke-width:1.6;fill:#ffffff}
        .other0{stroke:#0072b2}.other1{stroke:#d55e00}.other2{stroke:#009e73}.other3{stroke:#cc79a7}
        .other4{stroke:#e69f00}.other5{stroke:#56b4e9}.other6{stroke:#999999}.other7{stroke:#a08a00}
        @media (prefers-color-scheme:dark){
        text,.strong{fill:#e6edf3}
        .note,.label{fill:#9da7b3}
        .strong{fill:#e6edf3;stroke:#0d1117}
        .ground,.marker,.dot{fill:#0d1117}
        .grid{stroke:#262c36}
        .axis,.guide{stroke:#6e7681}
        .training{stroke:#e3a83c}
        .validation,.marker,.other0{stroke:#58a6ff}
        .level,.other2{stroke:#3fb98f}
        .other1{stroke:#f0883e}.other7{stroke:#d6c24a}
        }

        """
}
