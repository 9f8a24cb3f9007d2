extension WrongSpec {
    /// Specs that extend others, and files that are not specs.
    static let extends: [WrongSpec] = [
        WrongSpec(
            "extends itself",
            text: spec(rest: "extends: x.yaml\n"),
            says: """
                x.yaml:5:10: error: a file cannot extend itself: x.yaml
                    5 | extends: x.yaml
                      |          ^
                """),
        WrongSpec(
            "extends in a circle",
            text: "extends: b.yaml\n",
            files: ["b.yaml": Array("extends: c.yaml\n".utf8), "c.yaml": Array("name: c\nextends: b.yaml\n".utf8)],
            says: """
                c.yaml:2:10: error: these files extend each other: b.yaml
                    2 | extends: b.yaml
                      |          ^
                """),
        WrongSpec(
            "extends nothing",
            text: "extends: missing.yaml\n",
            says: """
                x.yaml:1:10: error: missing.yaml: no such file
                    1 | extends: missing.yaml
                      |          ^
                """),
        WrongSpec(
            "extends a list",
            text: "extends: [b.yaml]\n",
            says: """
                x.yaml:1:11: error: b.yaml: no such file
                    1 | extends: [b.yaml]
                      |           ^
                """),
        WrongSpec(
            "a mistake in the extended file",
            text: "extends: b.yaml\n",
            files: [
                "b.yaml": Array(
                    "name: x\ndata: {source: {type: text, path: a.txt}}\nmodel: {type: transformer, layers: 1, heads: 2, width: 16}\ntraining: {steps: 5, context: 8, batch_size: 4}\nclipping: 1.0\n"
                        .utf8)
            ],
            says: """
                b.yaml:5:11: error: unknown clipping '1.0'
                    5 | clipping: 1.0
                      |           ^
                      = known: global_norm, none, value
                """),
        WrongSpec(
            "a folder for a spec",
            arguments: ["run", "."],
            says: """
                .: error: a folder, not a file
                """),
        WrongSpec(
            "missing spec",
            arguments: ["run", "missing.yaml"],
            says: """
                missing.yaml: error: no such file
                """),
        WrongSpec(
            "empty spec",
            text: "",
            says: """
                x.yaml: error: the file is empty
                """),
        WrongSpec(
            "a list for a spec",
            text: "- a\n",
            says: """
                x.yaml:1:1: error: the spec: found a list, expected a mapping
                    1 | - a
                      | ^
                """),
    ]
}
