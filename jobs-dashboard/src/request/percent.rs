//! Decodes the percent-encoding of addresses and forms, and refuses what has no certain meaning.

use percent_encoding::percent_decode as decoded;

use crate::error::HttpError;

/// The text that is encoded. A replacement for bytes that are no text could be the name of another queue.
///
/// # Errors
/// The bytes are not UTF-8, or a `%` stands before something else than two hexadecimal digits.
pub(crate) fn percent_decode(encoded: &[u8]) -> Result<String, HttpError> {
    if encoded.split(|byte| *byte == b'%').skip(1).any(|rest| !begins_with_hex_digits(rest)) {
        return Err(HttpError::invalid(
            "A `%` stands before something else than two hexadecimal digits. Write `%25` for the character itself.",
        ));
    }
    let bytes: Vec<u8> = decoded(encoded).collect();
    String::from_utf8(bytes)
        .map_err(|_| HttpError::invalid("The request has bytes that are no text in UTF-8. Send all texts in UTF-8."))
}

fn begins_with_hex_digits(text: &[u8]) -> bool {
    text.get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}
