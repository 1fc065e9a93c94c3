//! Memory and processor time of this process, as reported by Linux.

/// The peak resident memory, in KiB (`VmHWM`).
pub fn peak_kib() -> Option<u64> {
    field("VmHWM:")
}

/// The current resident memory, in KiB (`VmRSS`).
pub fn resident_kib() -> Option<u64> {
    field("VmRSS:")
}

/// The processor time of all threads, in seconds.
#[expect(clippy::cast_precision_loss, reason = "nanoseconds of an hour are below 2⁵²")]
pub fn cpu_seconds() -> Option<f64> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?.flatten();
    let one = |task: std::fs::DirEntry| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    };
    Some(tasks.filter_map(one).sum::<u64>() as f64 / 1e9)
}

fn field(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
