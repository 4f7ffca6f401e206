import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1

/// How to reach the admin API from a terminal.
struct AdminOptions: ParsableArguments {
    @Option(name: .long, help: "The control plane's address. Default: $TOKENROUTER_CONTROL, or http://127.0.0.1:8081.")
    var control: String?

    @Option(name: .long, help: "The admin key. Default: $TOKENROUTER_ADMIN_KEY.")
    var adminKey: String?

    @Flag(name: .long, help: "Print the answer's JSON instead of a table.")
    var json = false
}

/// Calls the admin API and prints what it says.
struct AdminClient {
    private let address: String
    private let key: String
    private let printsJSON: Bool

    private static let timeout = TimeAmount.seconds(30)
    private static let maximumAnswerBytes = 64 << 20

    /// - Throws: `ValidationError` where no key is given.
    init(_ options: AdminOptions) throws {
        let environment = ProcessInfo.processInfo.environment
        address = options.control ?? environment["TOKENROUTER_CONTROL"] ?? "http://127.0.0.1:8081"
        guard let key = options.adminKey ?? environment["TOKENROUTER_ADMIN_KEY"], !key.isEmpty else {
            throw ValidationError("No admin key: give --admin-key, or set TOKENROUTER_ADMIN_KEY.")
        }
        self.key = key
        printsJSON = options.json
    }

    /// Makes the call and prints the answer: the named columns of its rows, or all of its fields.
    ///
    /// - Throws: `AdminFailure` with the gateway's own words where it refuses.
    func run(
        _ method: HTTPMethod, _ path: String, query: [String: String?] = [:], body: [String: any Sendable]? = nil,
        headers: [String: String] = [:], columns: [String] = []
    ) async throws {
        let answer = try await call(method, path, query: query, body: body, headers: headers)
        if printsJSON {
            StandardOutput.write(answer.text + "\n")
        } else {
            StandardOutput.write(AnswerTable(answer.value, columns: columns).text)
        }
    }

    private func call(
        _ method: HTTPMethod, _ path: String, query: [String: String?], body: [String: any Sendable]?,
        headers: [String: String]
    ) async throws -> (text: String, value: Any) {
        var components = URLComponents(string: address)
        components?.percentEncodedPath = path
        let items = query.compactMap { name, value in value.map { URLQueryItem(name: name, value: $0) } }
        if !items.isEmpty { components?.queryItems = items.sorted { $0.name < $1.name } }
        guard let url = components?.string else {
            throw ValidationError("'\(address)' is no URL. Give --control like http://127.0.0.1:8081.")
        }
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers.add(name: "authorization", value: "Bearer \(key)")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(data: try JSONSerialization.data(withJSONObject: body)))
        }
        let (status, bytes) = try await send(request)
        let data = Data(buffer: bytes)
        let value = data.isEmpty ? [:] : try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
        guard (200..<300).contains(status) else {
            let error = (value as? [String: Any])?["error"] as? [String: Any]
            throw AdminFailure("\(status): \(error?["message"] as? String ?? String(buffer: bytes))")
        }
        return (String(buffer: bytes), value)
    }

    private func send(_ request: HTTPClientRequest) async throws -> (status: Int, body: ByteBuffer) {
        var configuration = HTTPClient.Configuration()
        // A refused connection is an answer; the library would else try again until the time is over.
        configuration.connectionPool.retryConnectionEstablishment = false
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            let response: HTTPClientResponse
            do {
                response = try await client.execute(request, timeout: Self.timeout)
            } catch {
                throw AdminFailure("The gateway at \(address) does not answer: \(error). Is it running? See --control.")
            }
            return (Int(response.status.code), try await response.body.collect(upTo: Self.maximumAnswerBytes))
        }
    }
}

/// What the admin API refused, in its own words.
struct AdminFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension String {
    /// The text as one segment of a path, `/` encoded too.
    var asPathSegment: String {
        var allowed = CharacterSet.urlPathAllowed
        allowed.remove("/")
        return addingPercentEncoding(withAllowedCharacters: allowed) ?? self
    }
}
