/// Prose about COVID-19 in six kinds of articles. Each draws its town, people, medicines and figures at their first
/// mention and keeps them to its end.
enum CovidGrammar {
    static let grammar = GrammarNotation.grammar(
        [covidLexicon, structure, covidPhrases] + topics.map(articles) + covidArticles)

    private static let topics = ["outbreak", "ward", "trial", "campaign", "economy", "laboratory"]

    /// A text is an endless sequence of articles; a sentence out of context is any sentence of any article.
    private static let structure =
        "rule text\n1 {article}{forget}{text}\nrule article\n" + topics.map { "1 {\($0)}\n" }.joined()
        + "rule sentence\n"
        + topics.map { "1 {^}{\($0)_lead}\n1 {\($0)_sentence}\n" }.joined() + "1 {common_sentence}\n"

    /// A title, a leading paragraph, and two to six more of three to six sentences each. Whether a paragraph or an
    /// article ends is chosen only where the text shows it.
    private static func articles(_ topic: String) -> String {
        #"""
        rule @
        1 {@_title}\n\n{^}{@_lead} {@_any} {@_any}{@_end2}\n\n{@_paragraph}\n\n{@_paragraph}{@_after3}
        rule @_after3
        3 \n\n{@_paragraph}{@_after4}
        1 \n\n
        rule @_after4
        2 \n\n{@_paragraph}{@_after5}
        1 \n\n
        rule @_after5
        1 \n\n{@_paragraph}\n\n
        1 \n\n
        rule @_paragraph
        1 {@_any} {@_any}{@_end2}
        rule @_end2
        4 {@_gap}{@_end3}
        1 {@_stop}
        rule @_end3
        3 {@_gap}{@_end4}
        2 {@_stop}
        rule @_end4
        1 {@_gap}
        2 {@_stop}
        rule @_gap
        1  {@_any}
        rule @_stop
        1
        rule @_any
        3 {@_sentence}
        1 {common_sentence}
        rule @_sentence
        2 {^}{@_clause}.
        4 {^}{@_clause} {circumstance}.
        3 {^}{opener}, {@_clause}.
        1 {^}{@_clause}, [but|and|while|because] {@_clause}.
        1 {^}{@_clause}, {said} {witness}.
        """#.replacing("@", with: topic)
    }
}
