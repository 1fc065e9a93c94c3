//! Whose turn it is: the starts of a worker are shared between its queues by weight, one after the other.

/// The shares of some queues in the starts of a worker.
///
/// With each start every queue is owed its weight's part of one start, and the queue that is owed most has the turn (smooth
/// weighted round-robin). So of any jobs in a row each queue has its part but for a few, and the turns of the queues alternate.
/// Queues that have no jobs do not count: their parts go to the others.
#[derive(Clone, Debug)]
pub(crate) struct Rotation {
    shares: Vec<Share>,
}

#[derive(Clone, Debug)]
struct Share {
    weight: f64,
    /// How many starts the queue is behind its part; negative if it is ahead.
    owed: f64,
    /// Whether the store may have more jobs of it.
    is_open: bool,
}

/// How far a queue may be behind or ahead. What is beyond is forgotten, or many of its jobs would follow in a row.
const MOST_OWED: f64 = 3.0;

/// How far a queue without jobs may be behind: by the one turn in which it is asked again.
const MOST_OWED_CLOSED: f64 = 1.0;

impl Rotation {
    /// Queues of these weights, all of them open.
    pub(crate) fn new(weights: impl Iterator<Item = u32>) -> Self {
        let share = |weight| Share { weight: f64::from(weight), owed: 0.0, is_open: true };
        Self { shares: weights.map(share).collect() }
    }

    /// Passes so many turns, so that processes that start together do not all begin with the same queue.
    pub(crate) fn begin_at(mut self, turn: u64) -> Self {
        for _ in 0..turn {
            let _passed = self.turn(|_| true);
        }
        self
    }

    /// Whether the store may have more jobs of this queue.
    pub(crate) fn is_open(&self, index: usize) -> bool {
        self.shares.get(index).is_some_and(|share| share.is_open)
    }

    /// Records whether the store may have more jobs of this queue.
    pub(crate) fn set_open(&mut self, index: usize, is_open: bool) {
        if let Some(share) = self.shares.get_mut(index) {
            share.is_open = is_open;
        }
    }

    /// The queue was asked for its turn and had no job: the turn is over.
    pub(crate) fn pass(&mut self, index: usize) {
        if let Some(share) = self.shares.get_mut(index) {
            share.owed = share.owed.min(0.0);
        }
    }

    /// Tells of each queue that is not open how many of the next `starts` are due to it, should it have jobs again.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=starts")]
    pub(crate) fn due_if_open(&self, starts: usize) -> impl Fn(usize) -> usize {
        let total: f64 = self.shares.iter().filter(|share| share.is_open).map(|share| share.weight).sum();
        let most = f64::from(u32::try_from(starts).unwrap_or(u32::MAX));
        let due = move |share: &Share| share.owed + most * share.weight / (total + share.weight);
        move |index| self.shares.get(index).map_or(0, |share| due(share).clamp(0.0, most) as usize)
    }

    /// The same with all queues open.
    pub(crate) fn all_open(&self) -> Self {
        let mut all = self.clone();
        all.shares.iter_mut().for_each(|share| share.is_open = true);
        all
    }

    /// How many of the next `starts` each queue has, if each has at most so many jobs.
    pub(crate) fn next(&self, starts: usize, jobs: impl Fn(usize) -> usize) -> Vec<usize> {
        let mut later = self.clone();
        let mut turns = vec![0; self.shares.len()];
        for _ in 0..starts {
            let has_job = |index: usize| turns.get(index).is_some_and(|turns| *turns < jobs(index));
            // A queue that has no more jobs than these takes no part in what follows.
            (0..self.shares.len()).filter(|index| !has_job(*index)).for_each(|index| later.set_open(index, false));
            let Some(turns) = later.turn(has_job).and_then(|index| turns.get_mut(index)) else { break };
            *turns += 1;
        }
        turns
    }

    /// Which of the queues that have a job has the turn. `None` if none has a job.
    pub(crate) fn turn(&mut self, has_job: impl Fn(usize) -> bool) -> Option<usize> {
        let takes_part = |(index, share): &(usize, &Share)| share.is_open || has_job(*index);
        let total: f64 = self.shares.iter().enumerate().filter(takes_part).map(|(_, share)| share.weight).sum();
        let mut next: Option<(usize, f64)> = None;
        for (index, share) in self.shares.iter_mut().enumerate() {
            let most = if share.is_open { MOST_OWED } else { MOST_OWED_CLOSED };
            share.owed = (share.owed + share.weight / total.max(1.0)).min(most);
            if next.is_none_or(|(_, owed)| share.owed > owed) && has_job(index) {
                next = Some((index, share.owed));
            }
        }
        let (index, owed) = next?;
        self.shares.get_mut(index)?.owed = (owed - 1.0).max(-MOST_OWED);
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The turns of queues that all have jobs.
    fn turns(rotation: &mut Rotation, count: usize) -> Vec<usize> {
        (0..count).filter_map(|_| rotation.turn(|_| true)).collect()
    }

    fn least_and_most(turns: &[usize], index: usize, window: usize) -> (usize, usize) {
        let counts = turns.windows(window).map(|window| window.iter().filter(|turn| **turn == index).count());
        counts.fold((usize::MAX, 0), |(least, most), count| (least.min(count), most.max(count)))
    }

    #[test]
    fn the_turns_of_queues_alternate_by_weight() {
        let mut rotation = Rotation::new([5, 1, 1].into_iter());
        assert_eq!(turns(&mut rotation, 14), [0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0]);
    }

    #[test]
    fn each_queue_has_its_part_of_any_turns_in_a_row() {
        for weights in [vec![9, 1], vec![6, 3, 1], vec![1, 1], vec![100, 1], vec![3, 2, 2, 1, 1, 1], vec![7; 40]] {
            let total: u32 = weights.iter().sum();
            let turns = turns(&mut Rotation::new(weights.iter().copied()).begin_at(u64::from(total / 3)), 5000);
            for (index, weight) in weights.iter().enumerate() {
                let part = f64::from(*weight) * 200.0 / f64::from(total);
                let (least, most) = least_and_most(&turns, index, 200);
                let (least, most) = (u32::try_from(least).unwrap(), u32::try_from(most).unwrap());
                assert!(
                    f64::from(least) > part - 3.0 && f64::from(most) < part + 3.0,
                    "{weights:?}: {least} to {most} of queue {index} instead of {part}"
                );
            }
        }
    }

    #[test]
    fn the_part_of_an_empty_queue_goes_to_the_others_by_their_weights() {
        let mut rotation = Rotation::new([6, 3, 1].into_iter());
        rotation.set_open(0, false);
        let turns: Vec<_> = (0..400).filter_map(|_| rotation.turn(|index| index > 0)).collect();
        assert_eq!(turns.iter().filter(|turn| **turn == 1).count(), 300);
    }

    #[test]
    fn an_empty_queue_is_owed_one_turn_at_most_when_it_has_jobs_again() {
        let mut rotation = Rotation::new([1, 1].into_iter());
        rotation.set_open(1, false);
        for _ in 0..1000 {
            assert_eq!(rotation.turn(|index| index == 0), Some(0));
        }
        assert_eq!(rotation.due_if_open(1)(1), 1, "it is asked again");
        rotation.pass(1);
        assert_eq!((rotation.due_if_open(1)(1), rotation.due_if_open(10)(1)), (0, 5), "that was its turn");
        rotation.set_open(1, true);
        assert_eq!(turns(&mut rotation, 100).iter().filter(|turn| **turn == 1).count(), 50);
    }

    #[test]
    fn the_next_turns_are_known_before_and_stop_at_the_jobs_there_are() {
        let mut rotation = Rotation::new([6, 3, 1].into_iter()).begin_at(3);
        let planned = rotation.next(50, |_| usize::MAX);
        let turns = turns(&mut rotation, 50);
        assert_eq!(planned, [0, 1, 2].map(|index| turns.iter().filter(|turn| **turn == index).count()));
        assert_eq!(rotation.next(50, |index| [usize::MAX, 2, 0][index])[1..], [2, 0]);
        assert_eq!(rotation.next(50, |_| 4), [4, 4, 4]);
    }

    #[test]
    fn the_weights_hold_after_queues_have_opened_and_closed_many_times() {
        let mut rotation = Rotation::new([4, 2, 1].into_iter());
        for round in 0..1000 {
            rotation.set_open(round % 3, round % 2 == 0);
            let _turns = turns(&mut rotation, round % 7);
        }
        (0..3).for_each(|index| rotation.set_open(index, true));
        let turns = turns(&mut rotation, 707);
        let counts = [0, 1, 2].map(|index| turns[7..].iter().filter(|turn| **turn == index).count());
        assert_eq!(counts, [400, 200, 100], "{rotation:?}");
    }
}
