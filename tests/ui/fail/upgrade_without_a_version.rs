//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

fn newer(value: serde_json::Value, _: u32) -> Result<serde_json::Value, std::io::Error> {
    Ok(value)
}

#[job(upgrade = newer)]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
