//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

trait Mailer: Send {}

#[job]
async fn deliver(to: u64, mailer: &mut (dyn Mailer + Sync)) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
