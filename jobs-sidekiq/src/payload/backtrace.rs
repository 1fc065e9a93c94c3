//! The backtrace of an error as Sidekiq keeps it: base64 of zlib of a JSON array of lines.

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// The most bytes that are unpacked of a backtrace. A real one has some kilobytes.
const UNPACKED_MAX: u64 = 4 * 1024 * 1024;

/// The text to store.
pub(crate) fn pack(lines: &[String]) -> Option<String> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(serde_json::to_string(lines).ok()?.as_bytes()).ok()?;
    Some(STANDARD.encode(encoder.finish().ok()?))
}

/// The lines of a stored text; `None` if it is not of this form. Versions up to 7.2 wrote line feeds into the base64.
pub(crate) fn unpack(text: &str) -> Option<Vec<String>> {
    let packed = STANDARD.decode(text.split_ascii_whitespace().collect::<String>()).ok()?;
    let mut json = String::new();
    ZlibDecoder::new(&*packed).take(UNPACKED_MAX).read_to_string(&mut json).ok()?;
    serde_json::from_str(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backtrace_is_read_with_line_feeds_and_without() {
        let lines: Vec<String> = (0..90).map(|line| format!("/app/jobs.rb:{line}:in `perform'")).collect();
        let packed = pack(&lines).expect("lines can be packed");
        assert_eq!(unpack(&packed).as_ref(), Some(&lines));
        let wrapped: Vec<&str> = packed.as_bytes().chunks(60).map(|part| std::str::from_utf8(part).unwrap()).collect();
        assert!(wrapped.len() > 1);
        assert_eq!(unpack(&format!("{}\n", wrapped.join("\n"))).as_ref(), Some(&lines));
        assert_eq!(unpack("no base64"), None);
        assert_eq!(unpack("aGVsbG8="), None);
    }
}
