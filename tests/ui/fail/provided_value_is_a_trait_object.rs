//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

trait Mailer: Send + Sync {}

#[job]
async fn deliver(to: u64, mailer: &dyn Mailer) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
