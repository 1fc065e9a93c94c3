//! errors: 1
#![deny(unused_must_use)]
#![allow(unused_variables)]

use jobs::prelude::*;

#[job]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

async fn order() {
    Deliver::perform_later(1).await;
}

fn main() {
    drop(order());
}
