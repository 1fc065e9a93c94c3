//! Decodes the percent-encoding of addresses and forms, and refuses what has no certain meaning.

use jobs_core::url::decode_bytes;

use crate::error::HttpError;

/// The text that is encoded. A replacement for bytes that are no text could be the name of another queue.
///
/// # Errors
/// The bytes are not UTF-8, or a `%` stands before something else than two hexadecimal digits.
pub(crate) fn percent_decode(encoded: &[u8]) -> Result<String, HttpError> {
    let bytes = decode_bytes(encoded).ok_or_else(|| {
        HttpError::invalid(
            "A `%` stands before something else than two hexadecimal digits. Write `%25` for the character itself.",
        )
    })?;
    String::from_utf8(bytes)
        .map_err(|_| HttpError::invalid("The request has bytes that are no text in UTF-8. Send all texts in UTF-8."))
}
