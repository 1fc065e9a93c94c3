//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

fn longer(count: u64) -> std::time::Duration {
    std::time::Duration::from_secs(count)
}

#[job(retry_on(std::io::Error, wait = longer))]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
