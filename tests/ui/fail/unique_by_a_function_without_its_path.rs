//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

fn key(job: &Deliver) -> u64 {
    job.order_id
}

#[job(unique(by = key, until = done))]
async fn deliver(order_id: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
