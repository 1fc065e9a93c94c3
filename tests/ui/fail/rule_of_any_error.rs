//! errors: 4
#![allow(unused)]

use jobs::prelude::*;

#[job(retry_on(anyhow::Error, wait = 5s), discard_on(cause Box<dyn std::error::Error + Send + Sync>))]
async fn deliver(to: u64) -> anyhow::Result<()> {
    Ok(())
}

#[job(retry_on(jobs::BoxError | std::io::Error))]
async fn collect(to: u64) -> Result<(), jobs::BoxError> {
    Ok(())
}

#[jobs::base(discard_on(anyhow::Error))]
struct ApplicationJob;

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
