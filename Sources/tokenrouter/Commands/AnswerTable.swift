import Foundation

/// An admin answer as a table for people: a row an entry of `data`, or a line a field.
struct AnswerTable {
    let text: String

    /// - Parameter columns: the fields to show, in order; empty: all, by name.
    init(_ value: Any, columns: [String]) {
        guard let object = value as? [String: Any] else {
            text = Self.cell(value) + "\n"
            return
        }
        if let rows = object["data"] as? [[String: Any]] {
            var text = Self.table(rows, columns: columns)
            if let next = object["next"] as? String { text += "more: --after \(next)\n" }
            self.text = text
        } else {
            let names = columns.isEmpty ? object.keys.sorted() : columns
            let width = names.map(\.count).max() ?? 0
            text = names.map { $0.padding(width) + "  " + Self.cell(object[$0]) + "\n" }.joined()
        }
    }

    private static func table(_ rows: [[String: Any]], columns: [String]) -> String {
        guard !rows.isEmpty else { return "(none)\n" }
        let names = columns.isEmpty ? Array(Set(rows.flatMap(\.keys))).sorted() : columns
        let cells = rows.map { row in names.map { cell(row[$0]) } }
        let widths = names.indices.map { column in
            max(names[column].count, cells.map { $0[column].count }.max() ?? 0)
        }
        func line(_ values: [String]) -> String {
            zip(values, widths).map { $0.padding($1) }.joined(separator: "  ") + "\n"
        }
        return line(names) + cells.map(line).joined()
    }

    private static func cell(_ value: Any?) -> String {
        switch value {
        case nil, is NSNull: "-"
        case let text as String: text
        case let list as [Any]: list.map { cell($0) }.joined(separator: ",")
        case let number as NSNumber: isBoolean(number) ? (number.boolValue ? "yes" : "no") : number.stringValue
        case let other?: "\(other)"
        }
    }

    private static func isBoolean(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c"
    }
}

extension String {
    fileprivate func padding(_ width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }
}
