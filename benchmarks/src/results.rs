//! The reports of all rounds, and their medians.

use bench_protocol::{Cost, Part, Report};

use crate::contestant::{self, Contestant, Store};
use crate::phase::Phase;
use crate::rounds::rate;

/// All reports.
pub(crate) struct Results {
    pub(crate) store: Store,
    reports: Vec<(Contestant, Phase, Report)>,
}

impl Results {
    pub(crate) fn on(store: Store) -> Self {
        Self { store, reports: Vec::new() }
    }

    pub(crate) fn add(&mut self, contestant: Contestant, phase: Phase, report: Report) {
        self.reports.push((contestant, phase, report));
    }

    /// Jobs per second.
    pub(crate) fn rate(&self, contestant: &str, phase: Phase) -> Option<f64> {
        self.median(contestant, phase, |report| Some(rate(report)))
    }

    /// Performed jobs per second, up to the last measured job.
    #[expect(clippy::cast_precision_loss, reason = "a number of jobs is far below 2⁵²")]
    pub(crate) fn performed_rate(&self, contestant: &str, phase: Phase) -> Option<f64> {
        self.median(contestant, phase, |report| report.performed_seconds.map(|seconds| report.jobs as f64 / seconds))
    }

    /// The latencies p50 and p99, in milliseconds.
    pub(crate) fn latency(&self, contestant: &str, phase: Phase) -> Option<(f64, f64)> {
        let half = self.median(contestant, phase, |report| report.p50_us.map(millis))?;
        let most = self.median(contestant, phase, |report| report.p99_us.map(millis))?;
        Some((half, most))
    }

    /// Peak memory in MiB.
    pub(crate) fn peak(&self, contestant: &str, phase: Phase) -> Option<f64> {
        self.median(contestant, phase, |report| report.peak_kib.map(mebibytes))
    }

    /// One of the costs on the server, per job.
    #[expect(clippy::cast_precision_loss, reason = "a number of jobs is far below 2⁵²")]
    pub(crate) fn each(&self, contestant: &str, phase: Phase, of: impl Fn(&Cost) -> f64) -> Option<f64> {
        let one = |report: &Report| report.server.as_ref().map(|cost| of(cost) / report.jobs as f64);
        self.median(contestant, phase, one)
    }

    /// Processor time of the contestant's own process for each job, in seconds.
    #[expect(clippy::cast_precision_loss, reason = "a number of jobs is far below 2⁵²")]
    pub(crate) fn own_cpu(&self, contestant: &str, phase: Phase) -> Option<f64> {
        self.median(contestant, phase, |report| report.cpu_seconds.map(|seconds| seconds / report.jobs as f64))
    }

    /// The parts of a long run, from its first round.
    pub(crate) fn parts(&self, contestant: &str, phase: Phase) -> Option<&[Part]> {
        self.of(contestant, phase).next().map(|report| report.parts.as_slice()).filter(|parts| !parts.is_empty())
    }

    /// A figure of the last part of a long run.
    pub(crate) fn last_part(&self, contestant: &str, phase: Phase, of: impl Fn(&Part) -> f64) -> Option<f64> {
        self.median(contestant, phase, |report| report.parts.last().map(&of))
    }

    /// Memory at the end in MiB.
    pub(crate) fn resident(&self, contestant: &str, phase: Phase) -> Option<f64> {
        self.median(contestant, phase, |report| report.resident_kib.map(mebibytes))
    }

    /// Whether any round was cut off.
    pub(crate) fn cut_off(&self, contestant: &str, phase: Phase) -> bool {
        self.of(contestant, phase).any(|report| report.cut_off)
    }

    /// The time of a step, in seconds.
    pub(crate) fn seconds(&self, contestant: &str, phase: Phase) -> Option<f64> {
        self.median(contestant, phase, |report| Some(report.seconds))
    }

    /// The time of a step, divided by the ideal time.
    pub(crate) fn over_ideal(&self, contestant: &str, phase: Phase) -> Option<f64> {
        self.median(contestant, phase, |report| report.ideal_seconds.map(|ideal| report.seconds / ideal))
    }

    /// By how many percent of 200 jobs in a row a queue missed its weight at most.
    pub(crate) fn deviation(&self, contestant: &str, phase: Phase) -> Option<f64> {
        self.median(contestant, phase, |report| report.deviation_percent)
    }

    /// The largest number of jobs of one queue in a row.
    #[expect(clippy::cast_precision_loss, reason = "a number of jobs is far below 2⁵²")]
    pub(crate) fn longest_row(&self, contestant: &str, phase: Phase) -> Option<f64> {
        self.median(contestant, phase, |report| report.longest_row.map(|jobs| jobs as f64))
    }

    /// Processor time of the server while nothing is to be done, in percent of one processor.
    pub(crate) fn idle_server(&self, contestant: &str, phase: Phase) -> Option<f64> {
        self.median(contestant, phase, |report| report.idle?.server)
    }

    /// The same of the program.
    pub(crate) fn idle_own(&self, contestant: &str, phase: Phase) -> Option<f64> {
        self.median(contestant, phase, |report| report.idle.map(|idle| idle.own))
    }

    /// The ratio of two rates: the median of the ratios within each round, because both ran soon after each other
    /// there.
    pub(crate) fn ratio(&self, one: &str, other: &str, phase: Phase) -> Option<f64> {
        self.ratio_of((one, phase), (other, phase))
    }

    /// The same for two phases of a group, which are interleaved like contestants.
    pub(crate) fn ratio_of(&self, one: (&str, Phase), other: (&str, Phase)) -> Option<f64> {
        let pairs = self.of(one.0, one.1).zip(self.of(other.0, other.1));
        median(pairs.map(|(one, other)| rate(one) / rate(other)))
    }

    /// How much faster `jobs` is than the fastest peer that is tuned only by its own settings.
    pub(crate) fn over_peers(&self, phase: Phase) -> Option<f64> {
        self.over_some(phase, |peer| peer.is_peer() && !peer.is_altered())
    }

    /// How much faster `jobs` is than the fastest of all peers, including the one whose file was changed beforehand.
    pub(crate) fn over_altered_peers(&self, phase: Phase) -> Option<f64> {
        self.over_some(phase, Contestant::is_peer)
    }

    /// How much faster `jobs` is than the fastest of these.
    pub(crate) fn over_some(&self, phase: Phase, which: impl Fn(Contestant) -> bool) -> Option<f64> {
        let peers = contestant::all(self.store).iter().copied().filter(|one| which(*one));
        peers.filter_map(|peer| self.ratio("jobs", peer.name, phase)).min_by(f64::total_cmp)
    }

    fn of(&self, contestant: &str, phase: Phase) -> impl Iterator<Item = &Report> {
        self.reports.iter().filter(move |(who, what, _)| who.name == contestant && *what == phase).map(|(_, _, it)| it)
    }

    fn median(&self, who: &str, phase: Phase, value: impl Fn(&Report) -> Option<f64>) -> Option<f64> {
        median(self.of(who, phase).filter_map(value))
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.get(values.len().saturating_sub(1) / 2)?, values.get(values.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}

#[expect(clippy::cast_precision_loss, reason = "a time of seconds is far below 2⁵² microseconds")]
fn millis(micros: u64) -> f64 {
    micros as f64 / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "memory is far below 2⁵² KiB")]
fn mebibytes(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn a_median_is_the_middle_or_between_the_two_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), Some(2.5));
        assert_eq!(median(std::iter::empty()), None);
    }
}
