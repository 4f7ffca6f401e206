internal import Crypto
package import Routing

extension TwinRequest {
    /// What instances call the request among each other. Costs a pass over the body: a microsecond for each KiB or two.
    package var name: InFlightRequest {
        var hash = SHA256()
        spell { hash.update(bufferPointer: $0) }
        let digits = Array("0123456789abcdef".utf8)
        var name: [UInt8] = []
        for byte in hash.finalize() {
            name.append(digits[Int(byte >> 4)])
            name.append(digits[Int(byte & 15)])
        }
        return InFlightRequest(name: String(decoding: name, as: UTF8.self))
    }
}
