import Gateway
import NIOCore

/// What an event loop looks after once a second. Confined to its event loop.
protocol SweptConnection: AnyObject {
    /// Where the loop keeps it; -1: nowhere.
    var listIndex: Int { get set }

    /// Closes it where it is idle or stalled.
    func sweep(nowNanoseconds: Int64, isDraining: Bool)
    func closeNow()
}

/// One client's end of an exchange, whatever HTTP version it speaks. Confined to its event loop.
protocol ClientConnection: SweptConnection {
    /// A whole answer.
    func send(_ answer: Answer, labels: [CandidateLabel])
    func sendStreamHead(_ head: AnswerHead, labels: [CandidateLabel])
    /// Bytes of whole events; they leave with the next `flushStream` or `endStream`.
    func sendStream(_ bytes: ByteBuffer)
    func flushStream()
    /// `isClean` false: the client must see that the stream broke off.
    func endStream(isClean: Bool)
    /// The exchange is over: its driver is to be forgotten, the next request may begin.
    func exchangeFinished()
}
