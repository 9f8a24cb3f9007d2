import LatheSystem

extension WrongSpec {
    static let data: [WrongSpec] = [
        WrongSpec(
            "missing file",
            text: spec(data: "data: {source: {type: text, path: missing.txt}}"),
            says: """
                x.yaml:2:35: error: FOLDER/missing.txt: there is no such file; check the path, which is relative to the spec's folder
                    2 | data: {source: {type: text, path: missing.txt}}
                      |                                   ^
                """),
        WrongSpec(
            "one of several files missing",
            text: spec(data: "data: {source: {type: text, path: [a.txt, missing.txt]}}"),
            says: """
                x.yaml:2:43: error: FOLDER/missing.txt: there is no such file; check the path, which is relative to the spec's folder
                    2 | data: {source: {type: text, path: [a.txt, missing.txt]}}
                      |                                           ^
                """),
        WrongSpec(
            "empty file",
            text: spec(data: "data: {source: {type: text, path: empty.txt}}"),
            files: ["empty.txt": []],
            says: """
                x.yaml:2:35: error: FOLDER/empty.txt: is empty; a data source needs text
                    2 | data: {source: {type: text, path: empty.txt}}
                      |                                   ^
                """),
        WrongSpec(
            "not UTF-8",
            text: spec(data: "data: {source: {type: text, path: latin.txt}}"),
            files: ["latin.txt": [UInt8]("caf".utf8) + [0xe9, 0x0a]],
            says: """
                x.yaml:2:35: error: FOLDER/latin.txt: byte 3: is not UTF-8 (byte 0xe9); convert it, for example with iconv -f latin1 -t utf-8
                    2 | data: {source: {type: text, path: latin.txt}}
                      |                                   ^
                """),
        WrongSpec(
            "a folder without files",
            text: spec(data: "data: {source: {type: text, path: texts}}"), files: ["texts/.hidden": [0x61]],
            says: """
                x.yaml:2:35: error: FOLDER/texts: is a folder without files; hidden files are ignored
                    2 | data: {source: {type: text, path: texts}}
                      |                                   ^
                """),
        WrongSpec(
            "a pattern that matches nothing",
            text: spec(data: "data: {source: {type: text, path: 'texts/**/*.txt'}}"), files: ["texts/a.md": [0x61]],
            says: """
                x.yaml:2:35: error: FOLDER/texts/**/*.txt: no file matches; check the path, which is relative to the spec's folder
                    2 | data: {source: {type: text, path: 'texts/**/*.txt'}}
                      |                                   ^
                """),
        WrongSpec(
            "pages without an address, elements that are none",
            text: spec(data: "data: {source: {type: web, urls: [example.org, 'http://a:b@c/'], select: 'a b'}}"),
            says: """
                x.yaml:2:34: error: 'example.org' is not a valid page URL: give a full http or https URL without a password
                    2 | data: {source: {type: web, urls: [example.org, 'http://a:b@c/'], select: 'a b'}}
                      |                                  ^
                x.yaml:2:34: error: 'http://a:b@c/' is not a valid page URL: give a full http or https URL without a password
                    2 | data: {source: {type: web, urls: [example.org, 'http://a:b@c/'], select: 'a b'}}
                      |                                  ^
                x.yaml:2:74: error: 'a b' is not an element selector: give a tag, .class, #id or a combination such as div.entry
                    2 | data: {source: {type: web, urls: [example.org, 'http://a:b@c/'], select: 'a b'}}
                      |                                                                          ^
                """),
        WrongSpec(
            "a list of pages with something else in it",
            text: spec(data: "data: {source: {type: web, list: pages.txt}}"),
            files: ["pages.txt": Array("# mine\n\nhttps://example.org/\nftp://example.org/\n".utf8)],
            says: """
                x.yaml:2:34: error: FOLDER/pages.txt: line 4: 'ftp://example.org/' is not a valid page URL: give a full http or https URL without a password
                    2 | data: {source: {type: web, list: pages.txt}}
                      |                                  ^
                """),
        WrongSpec(
            "no pages",
            text: spec(data: "data: {source: web}"),
            says: """
                x.yaml:2:16: error: no pages are given; set urls or list
                    2 | data: {source: web}
                      |                ^
                """),
        WrongSpec(
            "a download without a hash",
            text: spec(data: "data: {source: {type: download, url: 'file:///etc/passwd', sha256: abc}}"),
            says: """
                x.yaml:2:38: error: 'file:///etc/passwd' is not a valid file URL: give a full http or https URL without a password
                    2 | data: {source: {type: download, url: 'file:///etc/passwd', sha256: abc}}
                      |                                      ^
                x.yaml:2:68: error: 'abc' is not a SHA-256: give 64 hexadecimal digits, as printed by sha256sum
                    2 | data: {source: {type: download, url: 'file:///etc/passwd', sha256: abc}}
                      |                                                                    ^
                """),
        WrongSpec(
            "NUL bytes",
            text: spec(data: "data: {source: {type: text, path: wide.txt}}"),
            files: ["wide.txt": [0x63, 0x00, 0x61, 0x00]],
            says: """
                x.yaml:2:35: error: FOLDER/wide.txt: byte 1: is NUL, which text does not contain; if the file is UTF-16, convert it, for example with iconv -f utf-16 -t utf-8
                    2 | data: {source: {type: text, path: wide.txt}}
                      |                                   ^
                """),
        WrongSpec(
            "UTF-16 that says so",
            text: spec(data: "data: {source: {type: text, path: wide.txt}}"),
            files: ["wide.txt": [0xff, 0xfe, 0x63, 0x00, 0x61, 0x00]],
            says: """
                x.yaml:2:35: error: FOLDER/wide.txt: byte 0: is not UTF-8 (byte 0xff); convert it, for example with iconv -f utf-16 -t utf-8
                    2 | data: {source: {type: text, path: wide.txt}}
                      |                                   ^
                """),
        WrongSpec(
            "bad byte in a file of a folder",
            text: spec(data: "data: {source: {type: text, path: [a.txt, texts]}}"),
            files: ["texts/more/b.txt": [0x61, 0xff]],
            says: """
                x.yaml:2:43: error: FOLDER/texts/more/b.txt: byte 1: is not UTF-8 (byte 0xff); convert it, for example with iconv -f latin1 -t utf-8
                    2 | data: {source: {type: text, path: [a.txt, texts]}}
                      |                                           ^
                """),
        WrongSpec(
            "truncated gzip",
            text: spec(data: "data: {source: {type: text, path: a.gz}}"),
            files: ["a.gz": [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b]],
            says: """
                x.yaml:2:35: error: FOLDER/a.gz: byte 11: the gzip data ends too soon: the file is truncated; download it again
                    2 | data: {source: {type: text, path: a.gz}}
                      |                                   ^
                """),
        WrongSpec(
            "unbalanced quotes",
            text: spec(data: "data: {source: {type: csv, path: a.csv}}"),
            files: ["a.csv": Array("id,text\n1,one\n2,\"two\n3,three\n".utf8)],
            says: """
                x.yaml:2:34: error: FOLDER/a.csv: byte 16: line 3: the quote that opens a field here is never closed
                    2 | data: {source: {type: csv, path: a.csv}}
                      |                                  ^
                """),
        WrongSpec(
            "JSON lines that are none",
            text: spec(data: "data: {source: {type: jsonl, path: a.jsonl}}"),
            files: ["a.jsonl": Array("{\"text\": \"one\"}\ntwo\n".utf8)],
            says: """
                x.yaml:2:36: error: FOLDER/a.jsonl: byte 16: line 2: is not JSON: is not a JSON object: it begins with 't'
                    2 | data: {source: {type: jsonl, path: a.jsonl}}
                      |                                    ^
                """),
        WrongSpec(
            "token file of odd length",
            text: spec(data: "data: {source: {type: tokens, path: a.bin}}"), files: ["a.bin": [1, 0, 2]],
            says: """
                x.yaml:2:37: error: FOLDER/a.bin: byte 2: the file ends within an id: 3 bytes is not a whole number of 2-byte ids
                    2 | data: {source: {type: tokens, path: a.bin}}
                      |                                     ^
                """),
        WrongSpec(
            "id beyond the vocabulary",
            text: spec(data: "data: {source: {type: tokens, path: a.bin}}"),
            files: ["a.bin": [1, 0, 2, 0, 0, 1, 3, 0]],
            says: """
                x.yaml:2:37: error: FOLDER/a.bin: byte 4: id 256 is not below the vocabulary size 256; the file belongs to another tokenizer, or is damaged
                    2 | data: {source: {type: tokens, path: a.bin}}
                      |                                     ^
                """),
        WrongSpec(
            "tokens for a tokenizer that is learned",
            text: spec(data: "data: {source: {type: tokens, path: a.bin}}", rest: "tokenizer: char\n"),
            files: ["a.bin": [1, 0, 2, 0]],
            says: """
                x.yaml:2:16: error: source 'tokens': holds tokens, but the tokenizer 'char' is learned from text; use the tokenizer that made the tokens
                    2 | data: {source: {type: tokens, path: a.bin}}
                      |                ^
                """),
        WrongSpec(
            "lengths that exclude each other",
            text: spec(
                data: "data: {source: {type: text, path: a.txt}, cleaning: [{type: length, minimum: 3, maximum: 2}]}"),
            says: """
                x.yaml:2:90: error: maximum 2 is below minimum 3, so every document would be dropped
                    2 | data: {source: {type: text, path: a.txt}, cleaning: [{type: length, minimum: 3, maximum: 2}]}
                      |                                                                                          ^
                """),
        WrongSpec(
            "split shorter than a window",
            text: spec(
                data: "data: {source: {type: text, path: a.txt}, split: {train: 0.5, validation: 0.5}}",
                training: "training: {steps: 5, context: 4000, batch_size: 4}"),
            says: """
                x.yaml:2:50: error: the training split has 3000 tokens, but loader 'random_windows' needs at least 4001 for a batch of 4 x 4000; use more text, a \
                larger data.split.train, or a smaller training.context or training.batch_size
                    2 | data: {source: {type: text, path: a.txt}, split: {train: 0.5, validation: 0.5}}
                      |                                                  ^
                """),
        WrongSpec(
            "validation of one token",
            text: spec(data: "data: {source: {type: text, path: a.txt}, split: {train: 0.9, validation: 0.0002}}"),
            says: """
                x.yaml:2:50: error: the validation split has 1 token, but scoring needs at least 2; use more text or a larger data.split.validation
                    2 | data: {source: {type: text, path: a.txt}, split: {train: 0.9, validation: 0.0002}}
                      |                                                  ^
                """),
        WrongSpec(
            "empty split",
            text: spec(data: "data: {source: {type: text, path: a.txt}, split: {train: 0.9, validation: 1e-9}}"),
            says: """
                x.yaml:2:50: error: data.split: the validation split is empty: the text has only 6000 characters; use more text, or another split
                    2 | data: {source: {type: text, path: a.txt}, split: {train: 0.9, validation: 1e-9}}
                      |                                                  ^
                """),
        WrongSpec(
            "unseen character",
            text: spec(
                data: "data: {source: {type: text, path: late.txt}}", rest: "tokenizer: {type: char, unknown: false}\n"),
            files: [
                "late.txt": Array(
                    (String(repeating: "the cat\n", count: 90) + String(repeating: "the é\n", count: 10)).utf8)
            ],
            says: """
                x.yaml:5:12: error: cleaned text (validation split): byte 724: the character 'é' (U+00E9) does not occur in the training split, so the tokenizer \
                'char' has no token for it; set tokenizer.unknown to true, or use the tokenizer 'byte'
                    5 | tokenizer: {type: char, unknown: false}
                      |            ^
                """),
        WrongSpec(
            "nothing left of it",
            text: spec(data: "data:\n  source: {type: text, path: signs.txt}\n  cleaning: [strip_special]"),
            files: ["signs.txt": Array(String(repeating: "§§§¤¤¤", count: 100).utf8)],
            says: """
                x.yaml:3:30: error: FOLDER/signs.txt: cleaning left nothing of its 1200 bytes; remove a step from data.cleaning
                    3 |   source: {type: text, path: signs.txt}
                      |                              ^
                """),
        WrongSpec(
            "more memory than there is",
            text: spec(model: "model: {type: transformer, layers: 1000, heads: 2, width: 16384}"),
            says: """
                x.yaml:3:8: error: the run needs 49177355 MB of memory, but this machine has N; use a smaller model, training.micro_batch_size or training.context
                    3 | model: {type: transformer, layers: 1000, heads: 2, width: 16384}
                      |        ^
                """),
    ]
}
