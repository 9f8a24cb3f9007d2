extension FieldType {
    /// A component: a mapping with `type`, or a bare name. A mapping without `type` sets the knobs of `standard`.
    static func component<P>(_ kind: Kind<P>, standard: String?) -> Self where Value == Chosen<P> {
        FieldType(schema: .component(kind: kind.name, standard: standard)) { node, reading, place in
            reading.choose(kind, node, place, standard: standard)
        } show: { chosen, rendition in
            chosen.shown(rendition)
        }
    }
}

extension Reading {
    fileprivate func choose<P>(_ kind: Kind<P>, _ node: Node, _ place: Place, standard: String?) -> Chosen<P>? {
        let known = lookup.components(of: kind.name).map(\.name)
        let name: Node
        var knobs = node
        switch node.content {
        case .scalar where !node.isNull:
            name = node
            knobs = Node(.mapping([]), mark: node.mark)
        case .mapping:
            if let type = node["type"] {
                name = type
            } else if let standard {
                name = Node(.scalar(standard, plain: false), mark: node.mark)
            } else {
                missing(
                    "\(place.subject): missing key 'type', which names \(article(kind.name))", at: node.mark,
                    note: choices(kind.name, known))
                return nil
            }
        default:
            problem(
                "\(place.subject): found \(node.found), expected \(article(kind.name))", at: node.mark,
                note: choices(kind.name, known))
            return nil
        }
        guard let text = name.text, !name.isNull else {
            problem(
                "\(place.key("type").subject): found \(name.found), expected the name of \(article(kind.name))",
                at: name.mark, note: choices(kind.name, known))
            return nil
        }
        guard let entry = lookup.component(text, of: kind.name) else {
            let near = nearest(to: text, in: known).map { "; did you mean '\($0)'?" } ?? ""
            let elsewhere = lookup.kinds.first { lookup.component(text, of: $0.name) != nil }
            let other = elsewhere.map { "; '\(text)' is \(article($0.name))" } ?? ""
            problem(
                "unknown \(kind.name) '\(shortened(text))'\(near.isEmpty ? other : near)", at: name.mark,
                note: [choices(kind.name, known), multirunHint(name)].compactMap(\.self).joined(separator: "; "))
            return nil
        }
        precondition(entry.productType == P.self, "two kinds are named '\(kind.name)'")
        return open(entry.config, entry, kind, knobs, place.title)
    }

    private func open<Config: FieldGroup, P>(
        _: Config.Type, _ entry: ComponentEntry, _ kind: Kind<P>, _ knobs: Node,
        _ title: String
    ) -> Chosen<P>? {
        let place = Place(component: "\(kind.name) '\(entry.name)'", title: title)
        guard let config = Config.read(knobs, self, place, isComponent: true) else { return nil }
        return entry.chosen(kind, config: config, mark: knobs.mark)
    }

    private func choices(_ kind: String, _ known: [String]) -> String {
        known.isEmpty ? "no \(kind) is registered" : "known: \(listed(known))"
    }
}

/// `an optimizer`, `a loader`.
func article(_ noun: String) -> String {
    ("aeiou".contains(noun.first ?? "x") ? "an " : "a ") + noun
}
