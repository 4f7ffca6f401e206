extension JSONTree {
    /// The member of that name in camel case or, as Google's servers take it too, in snake case.
    func google(_ name: String) -> JSONTree? {
        if let value = self[name] { return value }
        let snake = name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : String($1) }
        return self[snake]
    }
}
