//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job(expires_in = 0s)]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
