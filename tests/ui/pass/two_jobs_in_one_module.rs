//! Jobs beside one another, one with another name for its struct.
#![deny(warnings)]

use jobs::prelude::*;

#[job]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    assert!(to > 0);
    Ok(())
}

#[job(struct = SecondTry)]
async fn deliver_again(to: u64) -> Result<(), std::io::Error> {
    deliver(to).await
}

#[job]
async fn camel_2_case_(to: u64) -> Result<(), std::io::Error> {
    deliver_again(to).await
}

fn main() {
    let _ = (Deliver::perform_later(1), SecondTry::perform_now(2), Camel2Case::new(3));
    assert_eq!(SecondTry::SETTINGS.name, "deliver_again");
}
