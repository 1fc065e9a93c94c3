//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

const CHECK: u8 = 1;

#[job(before_perform(CHECK))]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
