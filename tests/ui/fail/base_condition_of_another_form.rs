//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

fn check(_: &Context) {}

fn is_live(_: &Context, _: &Deliver) -> bool {
    true
}

#[jobs::base(before_perform(check, if = is_live))]
struct ApplicationJob;

#[job(base = ApplicationJob)]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
}
