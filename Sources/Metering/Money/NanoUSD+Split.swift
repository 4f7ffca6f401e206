extension NanoUSD {
    /// The parts of an amount among so many, which add up to it exactly: equal ones, and the first also takes what does not
    /// divide.
    ///
    /// - Parameter count: fewer than one is taken for one.
    package func split(among count: Int) -> (first: NanoUSD, each: NanoUSD) {
        let parts = Int64(max(1, count))
        let each = units / parts
        return (NanoUSD(units: units - each * (parts - 1)), NanoUSD(units: each))
    }
}
