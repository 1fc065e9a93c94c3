//! What a JSON text holds, found without reading its values.

/// How many lists and objects are inside one another.
pub(crate) fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    outside_strings(text, |byte| match byte {
        b'[' | b'{' => {
            depth += 1;
            deepest = deepest.max(depth);
        }
        b']' | b'}' => depth = depth.saturating_sub(1),
        _ => {}
    });
    deepest
}

/// Whether it holds a number that a `Value` may not hold exactly: with an exponent, or of more than 15 characters.
pub(super) fn has_long_number(text: &str) -> bool {
    let (mut length, mut found) = (0, false);
    outside_strings(text, |byte| match byte {
        b'0'..=b'9' | b'-' | b'+' | b'.' => {
            length += 1;
            found |= length > 15;
        }
        b'e' | b'E' if length > 0 => found = true,
        _ => length = 0,
    });
    found
}

/// Calls the function with each byte that is not within a string.
fn outside_strings(text: &str, mut each: impl FnMut(u8)) {
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            byte => each(byte),
        }
    }
}
