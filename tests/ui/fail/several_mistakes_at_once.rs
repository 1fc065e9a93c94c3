//! errors: 7
#![allow(unused)]

use jobs::prelude::*;

#[derive(Debug)]
enum PaymentError {
    Gateway(u16),
    Declined,
}

impl std::fmt::Display for PaymentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no money")
    }
}

impl std::error::Error for PaymentError {}

#[job(
    quue = "mail",
    priority = "high",
    timeout = 30,
    retry_on(PaymentError::Declined, wiat = 30s, attempts = 0),
    discard_on(),
)]
async fn deliver(to: u64, name: &str) -> Result<(), PaymentError> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1, "Ada");
}
