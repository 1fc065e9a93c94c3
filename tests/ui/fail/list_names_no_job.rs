//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = jobs::jobs![Deliver, String];
}
