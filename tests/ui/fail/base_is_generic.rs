//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[jobs::base(queue = "mail")]
struct ApplicationJob<T>(T);

#[job(base = ApplicationJob<u8>)]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
}
