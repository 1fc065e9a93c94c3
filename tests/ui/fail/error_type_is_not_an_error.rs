//! errors: 3
#![allow(unused)]

use jobs::prelude::*;

struct Oops;

#[job]
async fn deliver(to: u64) -> Result<(), Oops> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
