extension WrongSpec {
    /// Broken or malicious YAML.
    static let hostile: [WrongSpec] = [
        WrongSpec(
            "alias bomb",
            text: aliasBomb,
            says: """
                x.yaml:5:45: error: more than 100000 values once the alias '*a3' is expanded
                    5 | a4: &a4 [*a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3]
                      |                                             ^
                """),
        WrongSpec(
            "recursion",
            text: "name: &a [1, *a]\n",
            says: """
                x.yaml:1:14: error: the alias '*a' refers to the value that contains it
                    1 | name: &a [1, *a]
                      |              ^
                """),
        WrongSpec(
            "nesting 10,000 deep",
            text: "name: " + String(repeating: "[", count: 10_000) + "\n",
            says: """
                x.yaml:1:71: error: nested more than 64 levels deep
                    1 | name: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…
                      |                                                                       ^
                """),
        WrongSpec(
            "more than 4 MiB",
            text: String(repeating: "#", count: 4 << 20) + "\n",
            says: """
                x.yaml: error: larger than 4 MiB, the maximum for a spec
                """),
        WrongSpec(
            "invalid UTF-8",
            bytes: [UInt8]("name: x\nseed: ".utf8) + [0xff, 0x0a],
            says: """
                x.yaml:2:7: error: invalid UTF-8: unexpected byte 0xFF
                    2 | seed: �
                      |       ^
                """),
        WrongSpec(
            "tabs",
            text: "model:\n\ttype: lstm\n",
            says: """
                x.yaml:2:1: error: this line is indented with a tab; YAML requires spaces
                    2 | \u{9}type: lstm
                      | ^
                """),
        WrongSpec(
            "duplicate keys",
            text: "name: x\nmodel: lstm\nname: y\n",
            says: """
                x.yaml:3:1: error: duplicate key 'name', first on line 1
                    3 | name: y
                      | ^
                """),
        WrongSpec(
            "several documents",
            text: "name: x\n---\nname: y\n",
            says: """
                x.yaml:2:1: error: a second document starts here; a file can contain only one
                    2 | ---
                      | ^
                """),
        WrongSpec(
            "unclosed bracket",
            text: "model: {type: lstm\nname: x\n",
            says: """
                x.yaml:1:8: error: this '{' is not closed, or a ',' is missing after an item
                    1 | model: {type: lstm
                      |        ^
                      = noticed on line 2
                """),
        WrongSpec(
            "a tag",
            text: "name: !!python/object x\n",
            says: """
                x.yaml:1:7: error: the tag '!!python/object' is not supported: remove it
                    1 | name: !!python/object x
                      |       ^
                """),
        WrongSpec(
            "a NUL character",
            text: "name: x\0y\n",
            says: """
                x.yaml:1:8: error: a NUL character is not allowed in YAML
                    1 | name: x�y
                      |        ^
                      = in double quotes, write it as \\x00
                """),
        WrongSpec(
            "terminal commands",
            text: "na\u{1B}[2Jme: \"x\"\n",
            says: """
                x.yaml:1:3: error: the control character U+001B is not allowed in YAML
                    1 | na�[2Jme: "x"
                      |   ^
                      = in double quotes, write it as \\x1B
                """),
    ]
}
