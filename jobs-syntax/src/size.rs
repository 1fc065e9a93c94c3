//! Sizes in bytes as people write them: `512KB`, `64MB`, `2GB`, each unit 1,024 of the one before.

/// The number of bytes; `None` if the text has another form or the number is too large.
pub fn parse(text: &str) -> Option<u64> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let factor = match unit {
        "B" => 1,
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}
