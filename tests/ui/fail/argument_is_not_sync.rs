//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job]
async fn deliver(to: std::cell::Cell<u8>) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(std::cell::Cell::new(1));
    let _ = Deliver::new(std::cell::Cell::new(1));
}
