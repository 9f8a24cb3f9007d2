import Foundation
import LatheComponents
import LatheData
import LatheDataSources
import LatheSpec
import Testing

private func corpus(_ characters: Int, seed: UInt64 = 0) throws -> (text: String, documents: [String]) {
    var config = SyntheticSource.Config()
    config.characters = characters
    config.seed = seed
    let documents = try documents(SyntheticSource(config))
    return (documents.joined(), documents)
}

@Suite struct SyntheticTests {
    @Test func isDeterministicAndEndsWithADocument() throws {
        let (text, documents) = try corpus(100_000)
        #expect(try corpus(100_000).text == text)
        #expect(try corpus(100_000, seed: 1).text != text)
        let longer = try corpus(120_000)
        #expect(longer.text.hasPrefix(text))
        let next = longer.documents[documents.count]
        #expect(text.utf8.count <= 100_000 && text.utf8.count + next.utf8.count > 100_000)
        #expect(documents.allSatisfy { $0.hasSuffix("\n\n") && $0.utf8.count < 16_384 })
    }

    @Test func codeLengthAddsUpOverAnyPartition() throws {
        let (text, _) = try corpus(60_000)
        var random = SplitMix(state: 7)
        let language = SyntheticLanguage()
        try withBytes(text) { bytes in
            let whole = try #require(language.codeLength(of: bytes, in: 0..<bytes.count))
            var cuts = [0, bytes.count]
            for _ in 0..<200 { cuts.append(Int.random(in: 0...bytes.count, using: &random)) }
            cuts.sort()
            let parts = try #require(language.codeLengths(of: bytes, between: cuts))
            #expect(parts.count == cuts.count - 1)
            #expect(parts.allSatisfy { $0 > -1e-9 })
            #expect(abs(parts.reduce(0, +) - whole) < 1e-6 * whole)
            let middle = try #require(language.codeLength(of: bytes, in: cuts[50]..<cuts[120]))
            #expect(abs(middle - parts[50..<120].reduce(0, +)) < 1e-6 * whole)
        }
    }

    @Test func codeLengthOfOtherTextIsUnknown() throws {
        let (text, _) = try corpus(20_000)
        let language = SyntheticLanguage()
        #expect(withBytes(text.lowercased()) { language.codeLength(of: $0, in: 0..<$0.count) } == nil)
        #expect(withBytes("To be, or not to be") { language.codeLength(of: $0, in: 0..<$0.count) } == nil)
        #expect(withBytes("") { language.codeLength(of: $0, in: 0..<0) } == 0)
    }

    /// Texts of different seeds cost the same per byte: the code length is a property of the language, not of one text.
    @Test func codeLengthIsSteadyOverSeeds() throws {
        let language = SyntheticLanguage()
        let rates = try (0..<4).map { seed in
            let (text, _) = try corpus(200_000, seed: UInt64(seed))
            return try withBytes(text) {
                try #require(language.codeLength(of: $0, in: 0..<$0.count)) / Double($0.count) / 0.693147
            }
        }
        let mean = rates.reduce(0, +) / 4
        #expect(mean > 0.3 && mean < 1.2, "\(rates)")
        #expect(rates.allSatisfy { abs($0 - mean) < 0.03 * mean }, "\(rates)")
    }

    @Test func acceptsItsOwnSentencesOnly() throws {
        let (text, _) = try corpus(60_000)
        let language = SyntheticLanguage()
        let own = language.judge(text)
        #expect(own.sentences > 500)
        #expect(own.accepted == own.sentences)
        #expect(language.judge("New cases rose slowly. Prices rise fell. The beginning") == (2, 1))
        #expect(language.judge("") == (0, 0))
        #expect(language.judge("...?!\n\n. \u{0} é.").accepted == 0)
        // The same teacher as a man in one place and a woman in another.
        let agreement = language.judge(
            "Carlos, 45 and a teacher, closed his shop. Carlos, 45 and a teacher, closed her shop.")
        #expect(agreement == (2, 1))
    }

    /// Checks every prefix of every text of a small language against the sum over all texts that begin with it.
    @Test func prefixProbabilitiesAreExact() throws {
        let language = SyntheticLanguage(
            notation: [
                """
                list who.she: ann|she / anna|she / bob|he
                register person who
                list thing: tea / teapot / the end
                rule text
                2 {person} likes {thing}, {person.she} said.
                1 {^}{thing} of {person}[|!].
                1 {person.she} is {person}.
                1 {^}{rest}
                rule rest
                3 ?person never.
                1 !person the end of it.
                rule sentence
                1 {rest}
                """
            ])
        let people = [("ann", "she", 504.0), ("anna", "she", 458.0), ("bob", "he", 420.0)].map {
            ($0.0, $0.1, $0.2 / 1382)
        }
        let things = [("tea", 504.0), ("teapot", 458.0), ("the end", 420.0)].map { ($0.0, $0.1 / 1382) }
        var texts: [(text: String, probability: Double)] = [("The end of it.", 0.2)]
        for (name, pronoun, p) in people {
            texts.append(("\(pronoun) is \(name).", 0.2 * p))
            for (thing, q) in things {
                texts.append(("\(name) likes \(thing), \(pronoun) said.", 0.4 * p * q))
                for mark in ["", "!"] { texts.append(("T\(thing.dropFirst()) of \(name)\(mark).", 0.1 * p * q)) }
            }
        }
        #expect(abs(texts.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
        for (text, _) in texts {
            for end in 0...text.utf8.count {
                let prefix = String(text.prefix(end))
                let expected = texts.filter { $0.text.hasPrefix(prefix) }.reduce(0) { $0 + $1.probability }
                let found = try withBytes(prefix) { try #require(language.codeLength(of: $0, in: 0..<end)) }
                #expect(abs(found + log(expected)) < 1e-9, "'\(prefix)'")
            }
        }
        #expect(withBytes("ann likes tea, he") { language.codeLength(of: $0, in: 0..<$0.count) } == nil)
    }
}
