import FactoryCore

/// A time as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Nil when the text is of another form.
    static func time(_ text: String) -> Timestamp? {
        let form = /[A-Za-z]{3}, ([0-9]{2}) ([A-Za-z]{3}) ([0-9]{4}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) GMT/
        guard let found = text.wholeMatch(of: form), let month = months.firstIndex(of: String(found.2)) else {
            return nil
        }
        return Timestamp("\(found.3)-\(month < 9 ? "0" : "")\(month + 1)-\(found.1)T\(found.4)Z")
    }
}
