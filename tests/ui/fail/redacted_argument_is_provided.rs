//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

struct Shop;

#[job(redact(shop))]
async fn deliver(card: u64, shop: &Shop) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
