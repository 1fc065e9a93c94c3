//! Numbers of jobs that are taken of the server in blocks: one number of the sequence, which steps by a thousand, is the first
//! of a thousand that no other job gets.

/// How many numbers a block has: the increment of the sequence.
const BLOCK: usize = 1000;

/// The blocks of some jobs, in the order in which they were taken.
pub(crate) struct NumberBlocks(Vec<i64>);

impl NumberBlocks {
    /// Blocks that begin with these numbers.
    pub(crate) const fn new(first_numbers: Vec<i64>) -> Self {
        Self(first_numbers)
    }

    /// How many blocks so many jobs need.
    pub(crate) fn needed(jobs: usize) -> i64 {
        i64::try_from(jobs.div_ceil(BLOCK)).unwrap_or(i64::MAX)
    }

    /// The number of a job by its row; `None` if the blocks do not reach so far.
    pub(crate) fn number(&self, row: usize) -> Option<i64> {
        let first = self.0.get(row / BLOCK)?;
        Some(first + i64::try_from(row % BLOCK).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::NumberBlocks;

    #[test]
    fn jobs_are_numbered_block_by_block() {
        let needed = [0, 1, 1000, 1001, 4000].map(NumberBlocks::needed);
        assert_eq!(needed, [0, 1, 1, 2, 4]);
        let blocks = NumberBlocks::new(vec![5, 7005]);
        let numbers = [0, 1, 999, 1000, 1999, 2000].map(|row| blocks.number(row));
        assert_eq!(numbers, [Some(5), Some(6), Some(1004), Some(7005), Some(8004), None]);
    }
}
