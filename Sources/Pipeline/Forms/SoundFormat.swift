import Wire

/// Sounds that OpenAI's forms take (package openai 3.52.0, read 2026-11).
enum SoundFormat: String {
    case wav, mp3

    /// - Parameter type: a media type; nil: not said, taken for WAV; another type's sounds are not taken.
    init?(_ type: JSONText?) {
        guard let type else {
            self = .wav
            return
        }
        switch type.string.lowercased() {
        case "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave": self = .wav
        case "audio/mpeg", "audio/mp3", "audio/x-mp3": self = .mp3
        default: return nil
        }
    }
}

extension Media {
    /// The file's name, or one by its type: OpenAI's forms want one with data.
    var nameOfFile: JSONText {
        if let fileName { return fileName }
        guard let mediaType, !mediaType.means("application/pdf") else { return "file.pdf" }
        return mediaType.means("text/plain") ? "file.txt" : "file"
    }
}
