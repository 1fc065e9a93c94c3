//! The numbers of claims: of a batch, and of a job in it.

/// How many jobs one claim takes at most.
pub(crate) const BATCH_MAX: usize = 1 << BITS;

const BITS: u32 = 20;

/// The batches of a process are numbered from a random one on, below this.
pub(crate) const BATCHES: u64 = 1 << (i64::BITS - 1 - BITS);

/// The number of a claim, from the number of its batch and its place in it.
pub(crate) fn number(batch: u64, place: usize) -> i64 {
    let place = u64::try_from(place).unwrap_or(0);
    ((batch % BATCHES) << BITS | place).cast_signed()
}

/// The field that holds the claimed text: `batch:place`.
pub(crate) fn field(claim: i64) -> String {
    let number = claim.cast_unsigned();
    format!("{}:{}", number >> BITS, number & ((1 << BITS) - 1))
}

/// A field in the order of claims; `None` if it is not one.
pub(crate) fn order(field: &str) -> Option<(u64, u64)> {
    let (batch, place) = field.split_once(':')?;
    Some((batch.parse().ok()?, place.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_number_is_a_batch_and_a_place() {
        assert_eq!(field(number(7, 41)), "7:41");
        assert_eq!(field(number(BATCHES - 1, BATCH_MAX - 1)), format!("{}:{}", BATCHES - 1, BATCH_MAX - 1));
        assert!(number(BATCHES - 1, BATCH_MAX - 1) > 0);
        assert_eq!(order("7:41"), Some((7, 41)));
        assert_eq!(order("7"), None);
    }
}
