//! The names that claims write into `locked_by`, and the numbers in the tokens of claims.

use jobs_core::{ClaimToken, ProcessId};

/// The bits of a claim number that tell the batch; the others tell the row.
const BATCH_BITS: u32 = 23;

/// The batches of a process are numbered from a random one on, below this.
pub(crate) const BATCHES: u64 = 1 << BATCH_BITS;

/// The first number of a row that has no place in a claim number: 10¹².
const ROWS: i64 = 1 << (63 - BATCH_BITS);

/// What stands before the process in a name.
const MARK: &str = " jobs_rs:";

/// The longest name: the column has 191 characters on old MySQL.
const NAME_MAX: usize = 191;

/// The longest part of a name without the host.
const REST_MAX: usize = 61;

/// The number of a claim of this row in this batch; `None` if the number of the row is too large.
pub(crate) fn number(row: i64, batch: u64) -> Option<i64> {
    let batch = i64::try_from(batch % BATCHES).ok()?;
    (0..ROWS).contains(&row).then_some(row << BATCH_BITS | batch)
}

/// The row and the batch of a claim number.
pub(crate) fn row_and_batch(number: i64) -> (i64, u64) {
    let batch = number.cast_unsigned() % BATCHES;
    (number >> BATCH_BITS, batch)
}

/// The name of a batch of claims: `host:worker-1 pid:4242 jobs_rs:00c0ffee00c0ffee:17`. Host and process are for people.
pub(crate) fn name(host: &str, process: ProcessId, batch: u64) -> String {
    let host: String = host.chars().filter(char::is_ascii_graphic).take(NAME_MAX - REST_MAX).collect();
    format!("host:{host} pid:{}{}", std::process::id(), ending(process, batch))
}

/// The end of the name, which tells the claim.
pub(crate) fn ending(process: ProcessId, batch: u64) -> String {
    format!("{MARK}{process}:{batch}")
}

/// The row of a claim, and how the name in `locked_by` ends while it holds.
pub(crate) fn claim_of(token: &ClaimToken) -> (i64, String) {
    let (row, batch) = row_and_batch(token.claim);
    (row, ending(token.process, batch))
}

/// What matches the names of all claims of a process in SQL.
pub(crate) fn pattern(process: ProcessId) -> String {
    format!("%{MARK}{process}:%")
}

/// The process in a name; `None` if it is the name of a Ruby worker.
pub(crate) fn process_of(name: &str) -> Option<ProcessId> {
    let (process, batch) = name.rsplit_once(MARK)?.1.split_once(':')?;
    batch.parse::<u64>().ok()?;
    ProcessId::try_from(process.to_owned()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_number_is_a_row_and_a_batch() {
        for (row, batch) in [(0, 0), (1, BATCHES - 1), (ROWS - 1, 7)] {
            assert_eq!(row_and_batch(number(row, batch).unwrap()), (row, batch));
        }
        assert_eq!((number(ROWS, 0), number(-1, 0)), (None, None));
    }

    #[test]
    fn a_name_tells_host_and_process_in_191_characters() {
        let process = ProcessId::new(-2);
        let name = name(&"h".repeat(300), process, BATCHES - 1);
        assert!(name.len() <= NAME_MAX && name.starts_with("host:hhh"), "{name}");
        assert!(name.ends_with(&ending(process, BATCHES - 1)));
        assert_eq!(process_of(&name), Some(process));
        assert_eq!(process_of("delayed_job.0 host:worker-1 pid:4242"), None);
    }
}
