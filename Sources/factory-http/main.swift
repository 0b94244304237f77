import Foundation
import FoundationNetworking
import Glibc

// Requests come as lines of JSON on descriptor 3, answers go back there. Ends when the other side does.
let connection = Connection()
while let line = connection.nextLine() { connection.send(Exchange.perform(line)) }
