//! Processor time of a server on this machine. It shows the cost of a job even if the machine is busy with other work.

use std::fs;

/// A server, identified by its first process.
#[derive(Clone, Copy, Debug)]
pub struct Server(u64);

/// The fields that are read from `/proc/<pid>/stat`.
struct Stat {
    parent: u64,
    /// The ticks of the process and of its ended children, in user and system mode.
    ticks: u64,
}

/// Ticks per second in `/proc`, which are independent of the clock rate of the kernel.
const TICKS: f64 = 100.0;

impl Server {
    /// The server to which this backend process belongs; `None` if there is no such process on this machine.
    pub(super) fn of_backend(pid: u64) -> Option<Self> {
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
        name.starts_with("postgres").then_some(())?;
        Some(Self(stat(pid)?.parent))
    }

    /// The processor time of all its processes since its start in seconds, including processes that ended.
    #[expect(clippy::cast_precision_loss, reason = "ticks of some days are far below 2⁵²")]
    pub fn cpu_seconds(self) -> f64 {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u64>().ok());
        let children = pids.filter_map(stat).filter(|process| process.parent == self.0);
        let ticks = children.map(|process| process.ticks).sum::<u64>() + stat(self.0).map_or(0, |it| it.ticks);
        ticks as f64 / TICKS
    }
}

fn stat(pid: u64) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the process is in parentheses and may contain any character.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    Some(Stat { parent: number(1)?, ticks: number(11)? + number(12)? + number(13)? + number(14)? })
}
