/// The elements that extraction distinguishes; all others are ``other``.
enum HTMLTag: String, CaseIterable, Sendable {
    case html, head, title, meta, base, link, body
    case article, section, main, header, footer, nav, aside, address, hgroup, div, center, figure, figcaption, details,
        summary, dialog
    case h1, h2, h3, h4, h5, h6, p, pre, blockquote, hr, br
    case ul, ol, li, dl, dt, dd, menu, dir
    case table, caption, colgroup, col, thead, tbody, tfoot, tr, td, th
    case form, fieldset, legend, label, input, textarea, select, option, optgroup, datalist, button, output, progress,
        meter
    case a, abbr, b, bdi, bdo, big, cite, code, data, del, dfn, em, font, i, ins, kbd, mark, q, rp, rt, ruby, s, samp,
        small, span, strike, strong, sub, sup, time, tt, u, wbr, math
    case `var`
    case img, picture, source, track, map, area, video, audio, canvas, svg, iframe, frame, frameset, noframes, object,
        embed, applet, param, noscript, script, style, template, slot, marquee
    case other = "*"
    /// A run of characters.
    case text = "#text"

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// `name` is in lower case.
    init(name: String) { self = Self.byName[name] ?? .other }
}

extension HTMLTag {
    /// From 1 to 6; 0 if this is not a heading.
    var headingLevel: Int {
        switch self {
        case .h1: 1
        case .h2: 2
        case .h3: 3
        case .h4: 4
        case .h5: 5
        case .h6: 6
        default: 0
        }
    }

    /// Whether the element is inline, provided that it contains no block.
    var isInline: Bool {
        switch self {
        case .a, .abbr, .b, .bdi, .bdo, .big, .cite, .code, .data, .del, .dfn, .em, .font, .i, .ins, .kbd, .mark, .q,
            .rp, .rt, .ruby, .s, .samp, .small, .span, .strike, .strong, .sub, .sup, .time, .tt, .u, .wbr, .math,
            .`var`, .img, .picture, .label, .output, .progress, .meter, .slot, .text, .other, .br, .button, .input,
            .select, .textarea, .datalist, .noscript, .map, .area, .audio, .video, .canvas, .svg, .iframe, .object,
            .embed, .script, .style, .template:
            true
        default: false
        }
    }

    /// Whether the content is never text of the page: scripts, styles, controls, fallbacks for media.
    var isNeverText: Bool {
        switch self {
        case .head, .script, .style, .template, .noscript, .noframes, .svg, .canvas, .iframe, .object, .embed, .applet,
            .video, .audio, .map, .input, .textarea, .select, .datalist, .progress, .meter, .rp, .param,
            .source, .track, .frame, .frameset:
            true
        default: false
        }
    }
}
