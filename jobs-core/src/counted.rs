//! Numbers with what they count, in the singular or the plural.

/// `1 job`, `0 jobs`, `2 jobs`.
pub fn counted(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {}", plural(one)) }
}

/// The plural of a regular noun, as `processes` of `process`.
pub fn plural(one: &str) -> String {
    if one.ends_with('s') { format!("{one}es") } else { format!("{one}s") }
}
