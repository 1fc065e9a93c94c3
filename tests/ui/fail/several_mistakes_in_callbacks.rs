//! errors: 5
#![allow(unused)]

use jobs::prelude::*;

#[job(before_perform("check", iff = is_live), skip(before_performs(check), after_enqueue), around_enqueue(if = is_live))]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
