//! The tag of a document, which is on its first line, without reading the rest.

/// The tag of the document's root as it is written, `!ruby/struct:SendMail`; `None` if it has none. It reads the first line alone.
pub(crate) fn first_tag(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['\u{feff}', '\n', '\r']);
    let line = text.lines().next()?;
    let rest = line.strip_prefix("---")?.trim_start_matches([' ', '\t']);
    // An anchor may stand before the tag.
    let rest = match rest.strip_prefix('&') {
        Some(anchor) => anchor.split_once([' ', '\t']).map_or("", |(_, rest)| rest.trim_start_matches([' ', '\t'])),
        None => rest,
    };
    let tag = rest.split([' ', '\t']).next()?;
    tag.starts_with('!').then_some(tag)
}
