//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job(retry_on(std::fmt::Error))]
async fn deliver(to: u64) -> std::io::Result<()> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
