//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

fn check(_: &Context, _: &Deliver) {}

#[jobs::base(before_perform(check))]
struct ApplicationJob;

#[job(base = ApplicationJob)]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
}
