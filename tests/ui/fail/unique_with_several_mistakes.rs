//! errors: 2
#![allow(unused)]

use jobs::prelude::*;

#[job(unique(by = oder_id, until = nevr, for = 60))]
async fn deliver(order_id: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
