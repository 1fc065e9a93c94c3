//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

fn check(_: &Context, _: &Deliver, _: u8) {}

#[job(before_perform(check))]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
