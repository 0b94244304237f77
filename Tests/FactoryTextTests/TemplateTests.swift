import FactoryText
import Testing

@Suite struct TemplateTests {
    @Test func `values go in as they are and are never read again`() throws {
        let template = try Template(
            "{{a}} and {{ b }}, \\{{a}}\n{{a}}{{a}} { {x} }", named: "t", variables: ["a", "b"])
        #expect(template.variables == ["a", "b"])
        #expect(
            try template.render(["a": "{{b}}", "b": "$1 \\{{a}}"]) == "{{b}} and $1 \\{{a}}, {{a}}\n{{b}}{{b}} { {x} }")
    }

    @Test func `an unknown variable is named with its line and the nearest one`() {
        let error = TemplateError.unknownVariable(template: "plan.md", line: 3, name: "sepc", nearest: "spec")
        #expect(throws: error) {
            try Template("a\n{{spec}}\n{{sepc}}", named: "plan.md", variables: ["plan", "spec"])
        }
        #expect(error.description == "plan.md, line 3: there is no variable {{sepc}}; did you mean {{spec}}?")
    }

    @Test(arguments: ["x\n{{spec", "x\n{{}}", "x\n{{a b}}", "x\n{{spec}", "x\n{{\n}}", "x\n{{{spec}}}"])
    func `braces without a name are an error`(_ text: String) {
        #expect(throws: TemplateError.malformed(template: "t", line: 2)) {
            try Template(text, named: "t", variables: ["spec"])
        }
    }

    @Test func `a variable without a value is an error`() throws {
        let template = try Template("{{a}}{{b}}", named: "t", variables: ["a", "b", "c"])
        #expect(throws: TemplateError.missingValue(template: "t", name: "b")) { try template.render(["a": ""]) }
    }

    @Test(arguments: ["", "x", "```\nescape\n```", "~~~~~~ ` ```` ~", "`````", "a\r\n```\r\n"])
    func `data cannot end its own fence`(_ data: String) {
        let lines = UTF8Text.lines(of: Template.fenced(data, label: "the `plan`\n~~~"))
        let fence = lines[0].prefix { $0 == "`" }
        #expect(lines[0] == fence + "the plan")
        #expect(!data.contains(fence) && fence.count >= 3)
        #expect(lines.last == fence && lines.count { $0 == fence } == 1)
    }

    @Test func `a fence is longer than a run of tildes as well`() {
        #expect(Template.fenced("~~~~~", label: "") == "``````\n~~~~~\n``````\n")
    }
}

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("timout", "timeout"), ("tiemout", "timeout"), ("concurency", "concurrency"), ("Checks", "checks"),
        ("depends_on", "depends-on"), ("dri", "dir"), ("time", "timeout"),
    ])
    func `a slip is recognised`(_ slip: String, _ meant: String) {
        let known = ["dir", "timeout", "concurrency", "checks", "depends-on"]
        #expect(NearestName.suggest(slip, among: known) == meant)
        #expect(NearestName.hint(slip, among: known) == "; did you mean \"\(meant)\"?")
    }

    @Test(arguments: ["", "banana", "x", String(repeating: "timeout", count: 100)])
    func `what is far from everything gets no suggestion`(_ name: String) {
        #expect(NearestName.suggest(name, among: ["timeout", "checks"]) == nil)
        #expect(NearestName.hint(name, among: ["timeout", "checks"]) == "")
    }

    @Test func `the nearest wins, and the first of equals`() {
        #expect(NearestName.suggest("planer", among: ["planned", "planner"]) == "planner")
        #expect(NearestName.suggest("bat", among: ["cat", "hat"]) == "cat")
    }
}
