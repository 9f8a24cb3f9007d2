import LatheSpec
import TestSupport
import Testing

private struct Small: FieldGroup {
    @Field("A name.") var name: String
    @Field("A size.", in: 1...8) var size = 2
    @Field("A share.", above: 0, through: 1) var share: Float?
    @Field("Threads.") var threads = Automatic<Int>.auto
    @Field("Words.", count: 1...) var words = ["a"]
    @Field("How parameters are updated.", .optimizer, default: "sgd") var optimizer: Chosen<any Product>
}

private struct OneOptimizer: ComponentLookup {
    var kinds: [KindDescription] { Array(Bench().kinds.prefix(1)) }
    func components(of kind: String) -> [ComponentEntry] { Bench().components(of: kind).filter { $0.name == "sgd" } }
}

@Suite struct SchemaTests {
    @Test func wholeSchema() {
        let pattern = "^[-+]?([0-9][0-9_]*\\\\.?[0-9_]*|\\\\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?$|^[-+]?0[xo][0-9a-fA-F]+$"
        let text = JSONSchema(lookup: OneOptimizer()).schema(of: Small.self, title: "Small").json(indented: false)
        let expected = """
            {"$schema":"http://json-schema.org/draft-07/schema#","title":"Small","type":"object",
            "additionalProperties":false,"properties":{
            "extends":{"description":"Specs that this one extends, as paths relative to this file.",
            "anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]},
            "name":{"description":"A name.","type":["string","number","boolean"]},
            "size":{"description":"A size.","default":2,
            "anyOf":[{"type":"integer","minimum":1,"maximum":8},{"type":"string","pattern":"PATTERN"}]},
            "share":{"description":"A share.","default":null,"anyOf":[{"type":"null"},
            {"anyOf":[{"type":"number","exclusiveMinimum":0,"maximum":1},{"type":"string","pattern":"PATTERN"}]}]},
            "threads":{"description":"Threads.","default":"auto","anyOf":[{"enum":["auto"]},
            {"anyOf":[{"type":"integer"},{"type":"string","pattern":"PATTERN"}]}]},
            "words":{"description":"Words.","default":["a"],"type":"array",
            "items":{"type":["string","number","boolean"]},"minItems":1},
            "optimizer":{"description":"How parameters are updated.","default":"sgd","anyOf":[{"enum":["sgd"]},
            {"type":"object","oneOf":[{"allOf":[{"$ref":"#/definitions/optimizer.sgd"}],"required":["type"]}]},
            {"type":"object","not":{"required":["type"]},"anyOf":[{"$ref":"#/definitions/optimizer.sgd"}]}]}},
            "if":{"required":["extends"]},"then":{},"else":{"required":["name"]},
            "definitions":{"optimizer.sgd":{"description":"The sgd optimizer.","type":"object",
            "additionalProperties":false,"properties":{"type":{"const":"sgd","description":"The sgd optimizer."},
            "learning_rate":{"description":"Step size.","default":0.1,
            "anyOf":[{"type":"number","exclusiveMinimum":0},{"type":"string","pattern":"PATTERN"}]},
            "momentum":{"description":"Share of the last step that is kept.","default":0.0,
            "anyOf":[{"type":"number","minimum":0,"exclusiveMaximum":1},{"type":"string","pattern":"PATTERN"}]}}}}}
            """
        let lines = expected.replacing("PATTERN", with: pattern).split(separator: "\n").joined()
        expectText(text.replacing(",", with: ",\n"), lines.replacing(",", with: ",\n"))
    }

    @Test func wordsThatYAML11TakesForTruthValues() {
        enum Switch: String, Choice { case on, off, half }
        struct Lamp: FieldGroup {
            @Field("Light.") var light = Switch.on
        }
        let schema = JSONSchema(lookup: NoComponents()).schema(of: Lamp.self, title: "Lamp")
        #expect(schema["properties"]?["light"]?["enum"]?.json(indented: false) == #"["on","off","half",true,false]"#)
        #expect(schema["else"] == nil)
    }
}
