//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

struct Shop(std::cell::Cell<u8>);

#[job]
async fn deliver(to: u64, shop: &Shop) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
