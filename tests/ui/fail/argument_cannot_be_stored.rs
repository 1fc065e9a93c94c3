//! errors: 5
#![allow(unused)]

use jobs::prelude::*;

struct Card;

#[job]
async fn deliver(to: Card) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(Card);
    let _ = Deliver::new(Card);
}
