import LatheSystem

extension TokenizerJSON {
    /// `transformers` needs this file next to `tokenizer.json` to load a folder.
    static let configurationName = "tokenizer_config.json"

    /// For rules whose merges are ranked by order.
    static func bytes(_ rules: BytePairRules) -> [UInt8] {
        precondition(!rules.ranksByResult, "tokenizer.json has no merges that rank by result")
        let isSpecial = Set(rules.specials.map(\.id))
        var text = """
            {
              "version": "1.0",
              "truncation": null,
              "padding": null,
              "added_tokens": [
            """
        text += rules.specials.map { special in
            "\n    {\"id\": \(special.id), \"content\": \(quote(special.text)), "
                + "\"single_word\": false, \"lstrip\": false, "
                + "\"rstrip\": false, \"normalized\": \(special.isNormalized), \"special\": \(special.isSpecial)}"
        }.joined(separator: ",")
        text += """

              ],
              "normalizer": null,
              "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, \
            "use_regex": true},
              "post_processor": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, \
            "use_regex": true},
              "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
              "model": {
                "type": "BPE",
                "dropout": null,
                "unk_token": null,
                "continuing_subword_prefix": null,
                "end_of_word_suffix": null,
                "fuse_unk": false,
                "byte_fallback": false,
                "ignore_merges": false,
                "vocab": {
            """
        var isFirst = true
        for id in 0..<rules.tokens.count {
            let bytes = rules.tokens[id]
            let token = isSpecial.contains(UInt32(id)) ? Array(bytes) : Array(ByteAlphabet.text(of: bytes).utf8)
            text += (isFirst ? "" : ",") + "\n      \(quote(token)): \(id)"
            isFirst = false
        }
        text += "\n    },\n    \"merges\": ["
        isFirst = true
        for merge in rules.merges {
            let halves = [merge.left, merge.right].map { ByteAlphabet.text(of: rules.tokens[Int($0)]) }
            text += (isFirst ? "" : ",") + "\n      " + quote(Array(halves.joined(separator: " ").utf8))
            isFirst = false
        }
        text += "\n    ]\n  }\n}\n"
        return Array(text.utf8)
    }

    static func configurationBytes(_ rules: BytePairRules) -> [UInt8] {
        var text = "{\n  \"tokenizer_class\": \"PreTrainedTokenizerFast\",\n  \"clean_up_tokenization_spaces\": false"
        if rules.endOfText != nil {
            for key in ["bos_token", "eos_token", "unk_token"] {
                text += ",\n  \"\(key)\": \(quote(Array(BytePairRules.endOfText.utf8)))"
            }
        }
        return Array((text + "\n}\n").utf8)
    }

    private static func quote(_ text: [UInt8]) -> String { JSONValue.quoted(String(decoding: text, as: UTF8.self)) }
}
