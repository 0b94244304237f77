import FactoryCore
import FactoryFiles
import Glibc
import Synchronization
import Testing

@testable import FactoryProcess

extension ProcessTests {
    @Suite(.enabled(if: Yard.trouble == nil, "needs bubblewrap and factory-fence"), .timeLimit(.minutes(2)))
    struct ProxyTests {
        private let yard: Yard
        private let greeter: Greeter
        init() throws {
            yard = try Yard()
            greeter = try Greeter()
        }

        /// Says something to the proxy and prints what comes back.
        private func ask(_ request: String, hosts: [String]) async throws -> (answer: String, refused: [String]) {
            let refused = Box<[String]>([])
            let ended = try await yard.run(
                "exec 3<>/dev/tcp/127.0.0.1/3128; printf '\(request)' >&3; cat <&3",
                in: yard.fence(.proxy, hosts: hosts), refused: { words in refused.update { $0.append(words) } })
            return (ended.output.text, refused.value)
        }

        private var here: String { "127.0.0.1:\(greeter.port)" }

        @Test func `a named host is reached, by request and by tunnel`() async throws {
            let plain = try await ask("GET http://\(here)/ HTTP/1.1\\r\\n\\r\\n", hosts: [here])
            #expect(plain.answer.hasSuffix("welcome\n") && plain.refused.isEmpty)
            let tunnel = try await ask("CONNECT \(here) HTTP/1.1\\r\\n\\r\\nGET / HTTP/1.1\\r\\n\\r\\n", hosts: [here])
            #expect(tunnel.answer.hasPrefix("HTTP/1.1 200 Connection established"))
            #expect(tunnel.answer.hasSuffix("welcome\n"))
        }

        @Test func `programs find the proxy by themselves`() async throws {
            let fence = try yard.fence(.proxy, hosts: [here])
            #expect(try await yard.run("curl -s http://\(here)/", in: fence).output.text == "welcome\n")
            #expect(try await yard.run("curl -sp http://\(here)/", in: fence).output.text == "welcome\n")
        }

        @Test func `a host that is not named is refused, and told`() async throws {
            for host in [
                "api.example.com:443", "localhost:\(greeter.port)", "127.1:\(greeter.port)", "0x7f.1:\(greeter.port)",
            ] {
                let asked = try await ask("CONNECT \(host) HTTP/1.1\\r\\n\\r\\n", hosts: ["other.example.com", here])
                #expect(asked.answer.hasPrefix("HTTP/1.1 403"), "\(host): \(asked.answer)")
                #expect(asked.refused == ["asked for \(host), which is not named under `hosts:`"])
            }
        }

        /// `localhost` stands for any name that somebody else lets lead here.
        @Test func `a name does not lead to this machine, unless the address is named as well`() async throws {
            let name = "localhost:\(greeter.port)"
            let asked = try await ask("CONNECT \(name) HTTP/1.1\\r\\n\\r\\n", hosts: [name])
            #expect(asked.answer.hasPrefix("HTTP/1.1 403"))
            #expect(asked.refused.first?.contains("private address") == true)
            let both = try await ask("GET http://\(name)/ HTTP/1.1\\r\\n\\r\\n", hosts: [name, here])
            #expect(both.answer.hasSuffix("welcome\n"))
        }

        @Test func `what is no request gets an answer, and a giant none`() async throws {
            #expect(try await ask("HELLO\\r\\n\\r\\n", hosts: []).answer.hasPrefix("HTTP/1.1 400"))
            let ended = try await yard.run(
                "exec 3<>/dev/tcp/127.0.0.1/3128; head -c 100000 /dev/zero | tr '\\0' x >&3; cat <&3 | wc -c",
                in: yard.fence(.proxy))
            #expect(ended.output.text.hasSuffix("0\n"))
        }

        @Test func `many connections at a time are served`() async throws {
            let script = """
                for i in $(seq 250); do (exec 3<>/dev/tcp/127.0.0.1/3128
                printf 'GET http://\(here)/ HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3 | grep -c welcome) & done; wait
                """
            let ended = try await yard.run(script, in: yard.fence(.proxy, hosts: [here]))
            #expect(ended.output.text.split(separator: "\n").filter { $0 == "1" }.count == 250)
        }

        @Test func `without the proxy there is no way out, and with it none beside it`() async throws {
            for network in [SandboxSetting.Network.none, .proxy] {
                let ended = try await yard.run(
                    "(exec 3<>/dev/tcp/127.0.0.1/\(greeter.port)) 2>/dev/null && echo reached; cat /proc/net/dev | wc -l",
                    in: yard.fence(network, hosts: [here]))
                #expect(ended.output.text == "3\n", "\(network): \(ended.output.text)")
            }
            let host = try await yard.run(
                "exec 3<>/dev/tcp/127.0.0.1/\(greeter.port); echo >&3; cat <&3", in: yard.fence(.host))
            #expect(host.output.text.hasSuffix("welcome\n"))
        }

        @Test func `threads and descriptors go with the session`() async throws {
            func open() throws -> (Int, Int) {
                (try Files.list("/proc/self/fd").count, try Files.list("/proc/self/task").count)
            }
            _ = try await ask("GET http://\(here)/ HTTP/1.1\\r\\n\\r\\n", hosts: [here])
            let before = try open()
            for _ in 0..<10 { _ = try await ask("GET http://\(here)/ HTTP/1.1\\r\\n\\r\\n", hosts: [here]) }
            for _ in 0..<200 where try open().0 > before.0 + 3 || open().1 > before.1 + 3 {
                try await Task.sleep(for: .milliseconds(10))
            }
            let after = try open()
            #expect(after.0 <= before.0 + 3 && after.1 <= before.1 + 3, "\(before) \(after)")
        }
    }
}
