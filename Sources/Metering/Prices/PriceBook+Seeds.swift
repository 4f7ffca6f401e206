// Data: USD per million tokens × 10⁶, which is pico-USD a token, one model a row. Skipped: price tiers by prompt
// length, off-peak discounts, rates announced for later. A cache read or write without a price of its own costs as
// prompt. Sources: the first five are the product's opening price list (Anthropic's writes at 1.25 and 2 times prompt,
// its price page's rule); the others are the vendors' list prices as of 2026-11-21 (`qwen4-max`: 2026-11-17), taken
// from the price maps of litellm 1.109.1 and genai-prices 0.2.3.

extension PriceBook {
    /// Prices a fresh store begins with, for every provider that serves the model; in force since 1970, so that
    /// whatever is stored later replaces them.
    package static let seeds: [PriceEntry] = [
        seed("deepseek-chat", 140_000, 280_000, 14_000, 140_000),
        seed("gpt-4o", 2_500_000, 10_000_000, 1_250_000, 2_500_000),
        seed("gpt-4o-mini", 150_000, 600_000, 75_000, 150_000),
        seed("claude-sonnet-4", 3_000_000, 15_000_000, 300_000, 3_750_000, 6_000_000),
        seed("claude-haiku-4", 800_000, 4_000_000, 80_000, 1_000_000, 1_600_000),
        // OpenAI
        seed("gpt-6-astra", 10_000_000, 50_000_000, 1_000_000, 12_500_000, 25_000_000),
        seed("gpt-6.1-sol", 2_000_000, 10_000_000, 100_000, 2_500_000, 5_000_000),
        seed("gpt-6.1-terra", 1_000_000, 5_000_000, 50_000, 1_250_000, 2_500_000),
        seed("gpt-6-sol", 2_000_000, 10_000_000, 200_000, 2_500_000, 5_000_000),
        seed("gpt-6-luna", 100_000, 500_000, 10_000, 125_000, 250_000),
        seed("gpt-5.6-sol", 4_000_000, 20_000_000, 400_000, 5_000_000, 10_000_000),
        seed("gpt-5.6-terra", 2_000_000, 12_000_000, 200_000, 2_500_000, 5_000_000),
        seed("gpt-5.6-luna", 200_000, 1_200_000, 20_000, 250_000, 500_000),
        seed("gpt-5.5", 5_000_000, 30_000_000, 500_000, 5_000_000),
        seed("gpt-5.4", 2_500_000, 15_000_000, 250_000, 2_500_000),
        seed("gpt-5.4-mini", 750_000, 4_500_000, 75_000, 750_000),
        seed("gpt-5.4-nano", 200_000, 1_250_000, 20_000, 200_000),
        seed("gpt-5.2", 1_750_000, 14_000_000, 175_000, 1_750_000),
        seed("gpt-5.1", 1_250_000, 10_000_000, 125_000, 1_250_000),
        seed("gpt-5", 1_250_000, 10_000_000, 125_000, 1_250_000),
        seed("gpt-5-mini", 250_000, 2_000_000, 25_000, 250_000),
        seed("gpt-5-nano", 50_000, 400_000, 5_000, 50_000),
        seed("gpt-4.1", 2_000_000, 8_000_000, 500_000, 2_000_000),
        seed("gpt-4.1-mini", 400_000, 1_600_000, 100_000, 400_000),
        seed("o3", 2_000_000, 8_000_000, 500_000, 2_000_000),
        // Anthropic
        seed("claude-fable-5-1", 10_000_000, 50_000_000, 250_000, 12_500_000, 20_000_000),
        seed("claude-opus-5-5", 4_000_000, 20_000_000, 200_000, 5_000_000, 8_000_000),
        seed("claude-opus-5", 5_000_000, 25_000_000, 500_000, 6_250_000, 10_000_000),
        seed("claude-opus-4-8", 5_000_000, 25_000_000, 500_000, 6_250_000, 10_000_000),
        seed("claude-opus-4-7", 5_000_000, 25_000_000, 500_000, 6_250_000, 10_000_000),
        seed("claude-opus-4-6", 5_000_000, 25_000_000, 500_000, 6_250_000, 10_000_000),
        seed("claude-opus-4-5", 5_000_000, 25_000_000, 500_000, 6_250_000, 10_000_000),
        seed("claude-sonnet-5-5", 2_000_000, 10_000_000, 100_000, 2_500_000, 4_000_000),
        seed("claude-sonnet-5", 2_000_000, 10_000_000, 200_000, 2_500_000, 4_000_000),
        seed("claude-sonnet-4-6", 3_000_000, 15_000_000, 300_000, 3_750_000, 6_000_000),
        seed("claude-sonnet-4-5", 3_000_000, 15_000_000, 300_000, 3_750_000, 6_000_000),
        seed("claude-haiku-5-5", 100_000, 500_000, 10_000, 125_000, 200_000),
        seed("claude-haiku-4-5", 1_000_000, 5_000_000, 100_000, 1_250_000, 2_000_000),
        // Gemini
        seed("gemini-4-argon", 2_000_000, 10_000_000, 100_000, 2_000_000),
        seed("gemini-3.8-flash", 750_000, 3_750_000, 75_000, 750_000),
        seed("gemini-3.6-flash", 750_000, 3_750_000, 75_000, 750_000),
        seed("gemini-3.5-flash", 1_500_000, 9_000_000, 150_000, 1_500_000),
        seed("gemini-3.5-flash-lite", 300_000, 2_500_000, 30_000, 300_000),
        seed("gemini-3.1-pro-preview", 2_000_000, 12_000_000, 200_000, 2_000_000),
        seed("gemini-3.1-flash-lite", 250_000, 1_500_000, 25_000, 250_000),
        seed("gemini-2.5-pro", 1_250_000, 10_000_000, 125_000, 1_250_000),
        seed("gemini-2.5-flash", 300_000, 2_500_000, 30_000, 300_000),
        seed("gemini-2.5-flash-lite", 100_000, 400_000, 10_000, 100_000),
        // DeepSeek
        seed("deepseek-flash", 300_000, 1_200_000, 6_000, 300_000),
        seed("deepseek-v4-pro", 1_320_000, 3_960_000, 44_000, 1_320_000),
        // Qwen
        seed("qwen4-max", 1_500_000, 4_500_000, 75_000, 1_500_000),
        seed("qwen3.8-max", 2_000_000, 6_000_000, 250_000, 2_000_000),
        seed("qwen3.8-flash", 150_000, 470_000, 16_000, 200_000),
        seed("qwen3.7-max", 2_500_000, 7_500_000, 500_000, 3_125_000),
        seed("qwen3.7-plus", 400_000, 1_600_000, 80_000, 400_000),
        seed("qwen3.5-plus", 400_000, 2_400_000, 400_000, 400_000),
        seed("qwen3-max", 1_200_000, 6_000_000, 1_200_000, 1_200_000),
        seed("qwen-plus-latest", 400_000, 1_200_000, 400_000, 400_000),
        seed("qwen-flash", 50_000, 400_000, 50_000, 50_000),
        seed("qwen3-coder-plus", 1_000_000, 5_000_000, 100_000, 1_000_000),
        seed("qwen3-vl-plus", 200_000, 1_600_000, 200_000, 200_000),
        seed("qwen-turbo", 50_000, 200_000, 50_000, 50_000),
        // Doubao
        seed("doubao-seed-2-1-pro-260915", 862_500, 4_312_500, 172_500, 862_500),
        seed("doubao-seed-2-1-lite-260915", 115_000, 388_126, 23_000, 115_000),
        seed("doubao-seed-2-1-pro-260628", 862_500, 4_312_500, 172_500, 862_500),
        seed("doubao-seed-2-1-turbo-260628", 431_250, 2_156_250, 86_250, 431_250),
        seed("doubao-seed-2-0-pro-260215", 460_000, 2_300_000, 460_000, 460_000),
        seed("doubao-seed-2-0-lite-260215", 87_000, 520_000, 87_000, 87_000),
        seed("doubao-seed-2-0-mini-260215", 29_000, 290_000, 29_000, 29_000),
    ]

    /// In the order of `Price`: prompt, completion, cache read, cache write, one-hour cache write.
    private static func seed(
        _ model: String, _ prompt: Int64, _ completion: Int64, _ cacheRead: Int64, _ cacheWrite: Int64,
        _ cacheWrite1h: Int64? = nil
    ) -> PriceEntry {
        PriceEntry(
            model: model, provider: nil,
            price: Price(
                promptPicoUSD: prompt, completionPicoUSD: completion, cacheReadPicoUSD: cacheRead,
                cacheWritePicoUSD: cacheWrite, cacheWrite1hPicoUSD: cacheWrite1h),
            effectiveFrom: 0)
    }
}
