/// The help without a command.
enum Help {
    static var overview: String {
        let width = FactoryProgram.verbs.map { $0.name.count }.max() ?? 0
        let list = FactoryProgram.verbs.map { verb in
            "  \(verb.name)\(String(repeating: " ", count: width - verb.name.count + 2))\(verb.summary)"
        }
        return """
            factory: takes specs from the queue to the main branch, unattended

            usage: factory COMMAND [--help]

            \(list.joined(separator: "\n"))

            A night:
              factory spec new "Export as CSV"      write the spec, check it with: factory spec check
              factory submit specs/0007-export-as-csv.md
              factory run                           ends when nothing can move any more
              factory report                        what landed, what needs you
              git pull factory main

            Exit codes: 0 ok, 1 failed, 3 a person is needed, 4 authentication, 6 changed meanwhile, 8 still pending,
            64 usage, 130 interrupted.
            """
    }
}
