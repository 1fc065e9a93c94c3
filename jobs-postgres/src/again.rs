//! Calls that another transaction stood in the way of.

use std::future::Future;

use crate::error::Result;

/// How often such a call is tried again before it is an error.
const TRIES: usize = 5;

/// Runs it once more if the server took it back for another one's sake: it was taken back as a whole.
pub(crate) async fn again<T, F>(mut run: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut left = TRIES;
    loop {
        match run().await {
            Err(trouble) if trouble.is_clash() && left > 0 => left -= 1,
            answer => return answer,
        }
    }
}
