//! errors: 1
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

#[job(discard_on(PaymentError::Gateway(code) if code + 1))]
async fn deliver(to: u64) -> Result<(), PaymentError> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
