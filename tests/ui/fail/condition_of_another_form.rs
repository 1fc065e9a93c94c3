//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

fn check(_: &Context, _: &Deliver) {}

fn is_live(_: &jobs::callback::JobDraft, _: &Deliver) -> bool {
    true
}

#[job(before_perform(check, if = is_live))]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
