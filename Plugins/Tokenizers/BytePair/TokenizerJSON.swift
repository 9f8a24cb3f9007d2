import LatheComponents

/// Hugging Face's `tokenizer.json`, if it holds a byte-level BPE with GPT-2's pattern.
///
/// Anything that would change the tokens is rejected, never ignored: normalization, another pattern, a space added
/// before the text, dropout, prefixes and suffixes. Post-processing of ids is ignored.
enum TokenizerJSON {
    static let name = "tokenizer.json"
    /// Spellings of GPT-2's pattern in files.
    private static let patterns = [
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
        #"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
        #"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"#,
    ]

    /// - Throws: ``DataError`` with line and byte of what is wrong or unsupported.
    static func read(_ file: VocabularyText) throws(DataError) -> BytePairRules {
        let root = try JSONText(file)
        guard let model = root["model"], model.object != nil else {
            throw file.error(at: root.offset, "has no 'model', so it is not a tokenizer.json")
        }
        try check(root, model, file)
        guard let vocabulary = model["vocab"], let members = vocabulary.object else {
            throw file.error(at: model.offset, "the model has no 'vocab'")
        }
        guard let mergeList = model["merges"], let items = mergeList.array else {
            throw file.error(at: model.offset, "the model has no 'merges'")
        }
        var reader = Reader(file: file)
        try reader.readTokens(members, added: root["added_tokens"], at: vocabulary.offset)
        try reader.readMerges(items, file: file)
        try reader.checkReach(file)
        reader.rules.ranksByResult = false
        return reader.rules
    }

    private static func check(_ root: JSONText, _ model: JSONText, _ file: VocabularyText) throws(DataError) {
        func refuse(_ value: JSONText?, _ what: String) throws(DataError) {
            if let value { throw file.error(at: value.offset, what) }
        }
        if let type = model["type"], type.text != "BPE" {
            throw file.error(
                at: type.offset,
                "the model type is \(type.text.map { "'\($0)'" } ?? "not a string"); only 'BPE' is supported")
        }
        if let normalizer = root["normalizer"] {
            throw file.error(
                at: normalizer.offset,
                "has a normalizer, so decoding could not restore the text; it must be null")
        }
        if let dropout = model["dropout"], dropout.index != 0 {
            try refuse(dropout, "dropout is not supported; it must be null")
        }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let value = model[key], value.text != "" {
                try refuse(value, "'\(key)' is not supported; it must be null")
            }
        }
        for key in ["byte_fallback", "ignore_merges"] {
            if let value = model[key], value.boolean != false {
                try refuse(value, "'\(key)' is not supported; it must be false")
            }
        }
        guard let splitter = root["pre_tokenizer"] else {
            throw file.error(at: root.offset, "has no 'pre_tokenizer'; it must be ByteLevel")
        }
        try checkSplitting(splitter, file)
    }

    /// Accepts ByteLevel with its own pattern, or a Split by GPT-2's pattern before a ByteLevel without one.
    private static func checkSplitting(_ splitter: JSONText, _ file: VocabularyText) throws(DataError) {
        let steps = splitter["type"]?.text == "Sequence" ? splitter["pretokenizers"]?.array ?? [] : [splitter]
        guard let last = steps.last, last["type"]?.text == "ByteLevel", steps.count <= 2 else {
            throw file.error(
                at: splitter.offset,
                "the pre_tokenizer must be ByteLevel, alone or after a Split")
        }
        if last["add_prefix_space"]?.boolean != false {
            throw file.error(
                at: last.offset, "ByteLevel adds a space before the text; 'add_prefix_space' must be false"
            )
        }
        let hasOwnPattern = last["use_regex"]?.boolean ?? true
        guard steps.count == 2 else {
            if !hasOwnPattern {
                throw file.error(at: last.offset, "ByteLevel has no pattern; 'use_regex' must be true")
            }
            return
        }
        let pattern = steps[0]["pattern"]?["Regex"]
        guard steps[0]["type"]?.text == "Split", let pattern, let text = pattern.text, patterns.contains(text),
            !hasOwnPattern,
            steps[0]["behavior"]?.text == "Isolated", steps[0]["invert"]?.boolean != true
        else {
            throw file.error(
                at: (pattern ?? steps[0]).offset,
                "text is not split by GPT-2's pattern, the only one supported")
        }
    }

    private struct Reader {
        let file: VocabularyText
        var rules = BytePairRules()
        /// The tokens that merges may name, numbered like `idOfToken`.
        private var tokens = PieceTable()
        private var idOfToken: [UInt32] = []
        private var offsets: [Int] = []

        init(file: VocabularyText) { self.file = file }

        func id(of token: [UInt8]) -> UInt32? {
            token.withUnsafeBufferPointer { tokens.number(of: $0) }.map { idOfToken[$0] }
        }

        mutating func readTokens(
            _ members: [JSONText.Member], added: JSONText?, at offset: Int
        ) throws(DataError) {
            var byID: [(text: [UInt8], added: BytePairRules.Special?, offset: Int)?] = Array(
                repeating: nil, count: members.count)
            let limit = members.count + (added?.array?.count ?? 0)
            guard limit <= BytePairRules.mostTokens else {
                throw file.error(at: offset, "there are \(limit) tokens; the limit is \(BytePairRules.mostTokens)")
            }
            byID += Array(repeating: nil, count: limit - members.count)
            var specialIDs: [Int: Int] = [:], learned: [Int] = []
            for item in added?.array ?? [] {
                guard let id = item["id"]?.index, let content = item["content"], case .string(let text) = content.value,
                    !text.isEmpty
                else {
                    throw file.error(at: item.offset, "an added token needs an 'id' and a 'content'")
                }
                for key in ["single_word", "lstrip", "rstrip"] where item[key]?.boolean == true {
                    throw file.error(
                        at: item.offset,
                        "the added token \(VocabularyText.quote(text)) has '\(key)', which is not supported")
                }
                guard let isSpecial = item["special"]?.boolean else {
                    throw file.error(
                        at: item.offset,
                        "the added token \(VocabularyText.quote(text)) needs 'special': true if it is matched by "
                            + "choice, false if always")
                }
                guard id < limit, byID[id] == nil else {
                    throw file.error(at: item.offset, id < limit ? "the id \(id) is used twice" : outside(id, limit))
                }
                let added = BytePairRules.Special(
                    text: text, id: UInt32(id), isSpecial: isSpecial,
                    isNormalized: item["normalized"]?.boolean ?? !isSpecial)
                byID[id] = (text, added, item.offset)
                specialIDs[id] = item.offset
            }
            for member in members {
                guard let id = member.value.index else {
                    throw file.error(
                        at: member.value.offset,
                        "the id of \(VocabularyText.quote(member.key)) is not a whole number from 0")
                }
                guard id < limit else { throw file.error(at: member.value.offset, outside(id, limit)) }
                if let there = byID[id] {
                    // An added token may also be in the vocabulary, under the same id, and then merges may make it.
                    if there.added != nil, there.text == member.key, specialIDs.removeValue(forKey: id) != nil {
                        if member.key.withUnsafeBufferPointer({ ByteAlphabet.bytes(of: $0) }) == member.key {
                            learned.append(id)
                        }
                        continue
                    }
                    throw file.error(
                        at: member.value.offset, "the id \(id) of \(VocabularyText.quote(member.key)) is used twice")
                }
                guard !member.key.isEmpty,
                    let bytes = member.key.withUnsafeBufferPointer({ ByteAlphabet.bytes(of: $0) })
                else {
                    throw file.error(
                        at: member.offset,
                        member.key.isEmpty
                            ? "a token is empty"
                            : "\(VocabularyText.quote(member.key)) has characters outside GPT-2's byte alphabet"
                    )
                }
                byID[id] = (bytes, nil, member.offset)
            }
            let count = (byID.lastIndex { $0 != nil } ?? -1) + 1
            for id in 0..<count {
                guard let token = byID[id] else {
                    throw file.error(at: offset, "no token has the id \(id), but one has \(count - 1)")
                }
                rules.tokens.append(token.text)
                if let added = token.added {
                    rules.specials.append(added)
                    continue
                }
                guard tokens.insert(token.text) == idOfToken.count else {
                    throw file.error(at: token.offset, "the token \(VocabularyText.quote(token.text)) appears twice")
                }
                idOfToken.append(UInt32(id))
                offsets.append(token.offset)
            }
            for id in learned {
                guard let token = byID[id], self.id(of: token.text) == nil else { continue }
                _ = tokens.insert(token.text)
                idOfToken.append(UInt32(id))
                offsets.append(token.offset)
            }
            for byte in 0...255 {
                guard let id = id(of: [UInt8(byte)]) else {
                    throw file.error(at: offset, "the byte \(byte) has no token, so not every text could be encoded")
                }
                rules.byteIDs[byte] = id
            }
        }

        private func outside(_ id: Int, _ limit: Int) -> String {
            "the id \(id) is not below the number of tokens, \(limit); ids must count from 0 without gaps"
        }

        mutating func readMerges(_ items: [JSONText], file: VocabularyText) throws(DataError) {
            let seen = PairTable(capacity: items.count)
            for item in items {
                let halves: [[UInt8]]
                switch item.value {
                case .string(let text):
                    halves = text.split(separator: 0x20, omittingEmptySubsequences: false).map(Array.init)
                case .array(let pair):
                    halves = pair.compactMap { if case .string(let text) = $0.value { text } else { nil } }
                default: halves = []
                }
                guard halves.count == 2 else {
                    throw file.error(at: item.offset, "a merge is two tokens, as \"a b\" or [\"a\", \"b\"]")
                }
                var ids: [UInt32] = [], merged: [UInt8] = []
                for half in halves {
                    guard let bytes = half.withUnsafeBufferPointer({ ByteAlphabet.bytes(of: $0) }),
                        let id = id(of: bytes)
                    else {
                        throw file.error(
                            at: item.offset, "\(VocabularyText.quote(half)) of this merge is not in the vocabulary")
                    }
                    ids.append(id)
                    merged += bytes
                }
                guard let result = id(of: merged) else {
                    throw file.error(
                        at: item.offset,
                        "the result of this merge, \(VocabularyText.quote(ByteAlphabet.text(of: merged).utf8)), "
                            + "is not in the vocabulary"
                    )
                }
                guard seen.insert(ids[0], ids[1], rank: 0, result: result) else {
                    throw file.error(at: item.offset, "this merge appears twice")
                }
                rules.merges.append(.init(left: ids[0], right: ids[1], result: result))
            }
        }

        /// Checks that every part of a merge can be built from bytes. A part that needs itself or a missing merge never
        /// could.
        func checkReach(_ file: VocabularyText) throws(DataError) {
            var isMade = [Bool](repeating: false, count: rules.tokens.count)
            for id in rules.byteIDs { isMade[Int(id)] = true }
            // A part is shorter than the whole, so sorting by length puts each merge after those that make its parts.
            let byLength = rules.merges.sorted {
                rules.tokens.length(Int($0.result)) < rules.tokens.length(Int($1.result))
            }
            var unreached: BytePairRules.Merge?
            for merge in byLength {
                if isMade[Int(merge.left)], isMade[Int(merge.right)] {
                    isMade[Int(merge.result)] = true
                } else if unreached == nil {
                    unreached = merge
                }
            }
            guard let merge = unreached else { return }
            let missing = isMade[Int(merge.left)] ? merge.right : merge.left
            let offset = idOfToken.firstIndex(of: missing).map { offsets[$0] } ?? 0
            throw file.error(
                at: offset,
                "merges need the token "
                    + VocabularyText.quote(ByteAlphabet.text(of: rules.tokens[Int(missing)]).utf8)
                    + ", but none build it from bytes: a merge is missing, or they form a cycle")
        }
    }
}
