import FactoryCore
import Glibc
import Testing

@testable import FactoryProcess

struct ProxyRequestTests {
    private func read(_ head: String) -> ProxyRequest? { ProxyRequest(head: Array(head.utf8)) }

    @Test func `a tunnel is asked for by host and port`() {
        let request = read("CONNECT API.example.com:443 HTTP/1.1\r\nHost: other\r\n\r\n")
        #expect(request?.endpoint.host == "api.example.com" && request?.port == 443 && request?.forwarded == nil)
        #expect(read("CONNECT [::1]:443 HTTP/1.1\r\n\r\n")?.endpoint.host == "::1")
    }

    @Test func `a plain request goes on as the host expects it, once`() {
        let request = read(
            "POST http://a.com:81/x?y HTTP/1.1\r\nHost: a.com\r\nProxy-Authorization: Basic x\r\n"
                + "Connection: keep-alive\r\nContent-Length: 3\r\n\r\n")
        #expect(request?.endpoint.host == "a.com" && request?.port == 81)
        #expect(
            request?.forwarded
                == Array("POST /x?y HTTP/1.1\r\nHost: a.com\r\nContent-Length: 3\r\nConnection: close\r\n\r\n".utf8))
        #expect(read("GET http://a.com HTTP/1.0\r\n\r\n")?.port == 80)
        #expect(read("GET http://a.com?q HTTP/1.0\r\n\r\n")?.forwarded?.starts(with: "GET /?q HTTP".utf8) == true)
    }

    @Test(arguments: [
        "", "GET", "GET / HTTP/1.1\r\n\r\n", "CONNECT a.com HTTP/1.1\r\n\r\n", "CONNECT a.com:443\r\n\r\n",
        "CONNECT a.com:443 HTTP/2\r\n\r\n", "GET https://a.com/ HTTP/1.1\r\n\r\n", "GET ftp://a.com/ HTTP/1.1\r\n\r\n",
        "GET http://named.com@evil.com/ HTTP/1.1\r\n\r\n", "GET http:///x HTTP/1.1\r\n\r\n",
        "CONNECT a.com:443 x HTTP/1.1\r\n\r\n", "CONNECT a.com\u{0}:443 HTTP/1.1\r\n\r\n",
        "CONNECT a.com:443:80 HTTP/1.1\r\n\r\n",
    ])
    func `what is nothing for a proxy is refused`(_ head: String) { #expect(read(head) == nil) }

    @Test func `a head ends with its empty line`() {
        #expect(ProxyRequest.end(of: Array("a\r\nb\r\n\r\nrest".utf8)) == 8)
        #expect(ProxyRequest.end(of: Array("a\r\n\r".utf8)) == nil)
        #expect(ProxyRequest.end(of: []) == nil)
    }
}

struct AddressTests {
    private func bytes(_ text: String) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: text.contains(":") ? 16 : 4)
        #expect(inet_pton(text.contains(":") ? AF_INET6 : AF_INET, text, &bytes) == 1)
        return bytes
    }

    @Test(arguments: [
        "127.0.0.1", "127.255.0.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255",
        "168.63.129.16", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::",
        "2001::1", "2001:db8::1",
    ])
    func `what is near is not public`(_ text: String) { #expect(!Addresses.isPublic(bytes(text))) }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "192.167.1.1", "223.255.255.1",
        "2606:4700::1111", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::",
    ])
    func `what is far is public`(_ text: String) { #expect(Addresses.isPublic(bytes(text))) }
}
