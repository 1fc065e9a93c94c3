//! Where a text may be cut.

/// The last boundary between two characters at this byte or before it; the end of the text if it is shorter. As
/// `str::floor_char_boundary`, which came with Rust 1.91.
///
/// ```
/// use jobs_core::floor_char_boundary;
///
/// assert_eq!(["Größe", "Gr"].map(|text| floor_char_boundary(text, 3)), [2, 2]);
/// ```
pub fn floor_char_boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0)
}
