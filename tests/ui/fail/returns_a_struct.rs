//! errors: 3
#![allow(unused)]

use jobs::prelude::*;

struct Receipt;

#[job]
async fn deliver(to: u64) -> Receipt {
    Receipt
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
