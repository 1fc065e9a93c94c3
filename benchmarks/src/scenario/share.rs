//! The shares of queues in a sequence of jobs.

/// The number of jobs in a row in which each queue should have its share.
const WINDOW: u8 = 200;

/// By how many percent of any 200 jobs in a row a queue missed its weight at most; `None` if there are fewer jobs.
/// `starts` are the queues of the jobs, by their places in `weights`.
pub(super) fn worst_deviation(starts: &[u8], weights: &[u32]) -> Option<f64> {
    let all: f64 = weights.iter().copied().map(f64::from).sum();
    let of = |window: &[u8]| {
        let deviations = (0_u8..).zip(weights).map(|(queue, weight)| {
            let count: u32 = window.iter().map(|start| u32::from(*start == queue)).sum();
            (f64::from(count) / f64::from(WINDOW) - f64::from(*weight) / all).abs() * 100.0
        });
        deviations.fold(0.0, f64::max)
    };
    starts.windows(WINDOW.into()).map(of).max_by(f64::total_cmp)
}

/// The largest number of jobs of one queue in a row.
pub(super) fn longest_row(starts: &[u8]) -> u64 {
    starts.chunk_by(|one, next| one == next).map(|row| row.len() as u64).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{longest_row, worst_deviation};

    #[test]
    fn an_even_sequence_deviates_by_nothing_and_a_clustered_one_by_all() {
        let even: Vec<u8> = (0..1_000).map(|place| u8::from(place % 10 == 9)).collect();
        assert!(worst_deviation(&even, &[9, 1, 0]).unwrap() < 1e-9);
        assert_eq!(longest_row(&even), 9);
        let clustered: Vec<u8> = (0..1_000).map(|place| u8::from(place >= 900)).collect();
        assert!((worst_deviation(&clustered, &[9, 1, 0]).unwrap() - 40.0).abs() < 1e-9);
        assert_eq!(longest_row(&clustered), 900);
        assert_eq!(worst_deviation(&even[..199], &[9, 1, 0]), None);
    }
}
