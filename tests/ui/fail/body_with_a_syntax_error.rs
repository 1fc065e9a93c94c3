//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    let to = = to;
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
}
