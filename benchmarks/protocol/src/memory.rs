//! Memory of this process, as Linux tells it.

/// The most that was resident at any time, in KiB (`VmHWM`).
pub fn peak_kib() -> Option<u64> {
    field("VmHWM:")
}

/// What is resident now, in KiB (`VmRSS`).
pub fn resident_kib() -> Option<u64> {
    field("VmRSS:")
}

fn field(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
