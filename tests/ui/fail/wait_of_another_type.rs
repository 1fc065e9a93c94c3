//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

const WAIT: u64 = 30;

#[job(retry_on(std::io::Error, wait = WAIT))]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
