//! errors: 5
#![allow(unused)]

use jobs::prelude::*;

struct Card;

#[job]
async fn deliver(to: Vec<Option<Card>>) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(vec![Some(Card)]);
    let _ = Deliver::new(vec![Some(Card)]);
}
