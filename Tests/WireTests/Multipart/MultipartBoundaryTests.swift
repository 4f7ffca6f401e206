import NIOCore
import Testing
import Wire

struct MultipartBoundaryTests {
    @Test(arguments: [
        ("a token", "multipart/form-data; boundary=abc", "abc"),
        ("upper case", "Multipart/Form-Data; BOUNDARY=AbC", "AbC"),
        ("no space", "multipart/form-data;boundary=abc", "abc"),
        ("tabs", "multipart/form-data\t;\tboundary=abc\t", "abc"),
        (
            "curl's", "multipart/form-data; boundary=------------------------d74496d66958873e",
            "------------------------d74496d66958873e"
        ),
        ("quoted", #"multipart/form-data; boundary="abc""#, "abc"),
        (
            "quoted, with what a token may not have", #"multipart/form-data; boundary="a b:c/d?(e)=f,g""#,
            "a b:c/d?(e)=f,g"
        ),
        ("others beside it", #"multipart/form-data; charset=UTF-8; boundary=x; y="1;2""#, "x"),
        ("a semicolon at the end", "multipart/form-data; boundary=abc;", "abc"),
        (
            "seventy characters", "multipart/form-data; boundary=" + String(repeating: "x", count: 70),
            String(repeating: "x", count: 70)
        ),
    ])
    func whatTheTypeNamesIsRead(_ name: String, _ type: String, _ boundary: String) throws {
        #expect(try MultipartBoundary.of(contentType: type) == MultipartBoundary(Array(boundary.utf8)), "\(name)")
    }

    @Test(arguments: [
        ("nothing", "", MultipartError.notMultipart),
        ("JSON", "application/json", .notMultipart),
        ("another multipart", "multipart/mixed; boundary=a", .notMultipart),
        ("a longer word", "multipart/form-data2; boundary=a", .notMultipart),
        ("none", "multipart/form-data", .badBoundary),
        ("empty", "multipart/form-data; boundary=", .badBoundary),
        ("empty, quoted", #"multipart/form-data; boundary="""#, .badBoundary),
        ("twice", "multipart/form-data; boundary=a; boundary=a", .badBoundary),
        ("twice, other case", "multipart/form-data; boundary=a; Boundary=b", .badBoundary),
        ("open quote", #"multipart/form-data; boundary="a"#, .badBoundary),
        ("a backslash", #"multipart/form-data; boundary="a\b""#, .badBoundary),
        ("an escaped quote", #"multipart/form-data; boundary="a\"; x="b""#, .badBoundary),
        ("a space at its end", #"multipart/form-data; boundary="a ""#, .badBoundary),
        ("a line break", "multipart/form-data; boundary=\"a\r\nb\"", .badBoundary),
        ("a letter beyond ASCII", #"multipart/form-data; boundary="ä""#, .badBoundary),
        ("a colon without quotes", "multipart/form-data; boundary=a:b", .badBoundary),
        ("something behind the quotes", #"multipart/form-data; boundary="a"b"#, .badBoundary),
        ("space around the equals sign", "multipart/form-data; boundary =a", .badBoundary),
        ("seventy-one characters", "multipart/form-data; boundary=" + String(repeating: "x", count: 71), .badBoundary),
        ("another character set", "multipart/form-data; boundary=a; charset=utf-7", .charset),
    ])
    func whatCannotBeReliedOnIsRefused(_ name: String, _ type: String, _ error: MultipartError) {
        #expect(throws: error, "\(name)") { try MultipartBoundary.of(contentType: type) }
    }
}
