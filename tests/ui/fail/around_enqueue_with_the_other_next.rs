//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

async fn timed(_: &mut jobs::callback::JobDraft, _: &Deliver, _: jobs::callback::Next<'_>) -> Result<(), Failure> {
    Ok(())
}

#[job(around_enqueue(timed))]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
