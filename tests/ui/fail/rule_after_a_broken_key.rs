//! errors: 2
#![allow(unused)]

use jobs::prelude::*;

#[job(quue = "mail", discard_on(Other), retry_on(std::io::Error, wait = 3))]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
