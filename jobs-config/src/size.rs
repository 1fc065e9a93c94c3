//! `512KB`, `1MB`, `2GB`, counted in 1024.

/// The number of bytes; nothing if it has another form or is too large.
pub(crate) fn parse(text: &str) -> Option<usize> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let factor: usize = match unit {
        "B" => 1,
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        _ => return None,
    };
    digits.parse::<usize>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_count_in_1024() {
        for (text, bytes) in [("7B", 7), ("512KB", 512 << 10), ("1MB", 1 << 20), ("2GB", 2 << 30), ("0B", 0)] {
            assert_eq!(parse(text), Some(bytes), "{text}");
        }
    }

    #[test]
    fn all_else_is_refused() {
        for text in ["", "5", "MB", "1 MB", "1.5MB", "-1MB", "1mb", "1TB", "1MiB", "18446744073709551615KB"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
