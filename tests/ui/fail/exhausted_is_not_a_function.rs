//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

struct Told;

#[allow(non_upper_case_globals)]
const told: Told = Told;

#[job(retry_on(std::io::Error, exhausted = told))]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
