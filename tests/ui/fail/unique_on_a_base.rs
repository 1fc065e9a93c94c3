//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[jobs::base(unique(until = done))]
struct ApplicationJob;

#[job(base = ApplicationJob)]
async fn deliver(order_id: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
}
