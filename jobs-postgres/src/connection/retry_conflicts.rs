//! Retries calls that conflicted with another transaction.

use std::future::Future;

use crate::error::Result;

/// How often such a call is retried before it fails.
const RETRIES: usize = 5;

/// Runs the call again if the server rolled it back because of a deadlock or a serialization failure. This is safe
/// because such a call was rolled back as a whole.
pub(crate) async fn retry_conflicts<T, F>(mut run: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut left = RETRIES;
    loop {
        match run().await {
            Err(error) if error.is_transaction_conflict() && left > 0 => left -= 1,
            result => return result,
        }
    }
}
