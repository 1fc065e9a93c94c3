//! The names of the time zones, without their rules.

/// Whether the IANA database has a zone with this name.
pub fn is_zone(name: &str) -> bool {
    zones().any(|zone| zone == name)
}

/// The names of all zones, sorted by their bytes.
pub fn zones() -> impl Iterator<Item = &'static str> {
    include_str!("zones.txt").lines()
}
