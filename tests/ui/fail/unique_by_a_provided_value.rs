//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job(unique(by = (order_id, shop), until = done))]
async fn deliver(order_id: u64, shop: &u32) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
