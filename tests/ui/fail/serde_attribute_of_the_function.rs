//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job(redact(credit_card))]
#[serde(rename_all = "camelCase")]
async fn deliver(credit_card: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
