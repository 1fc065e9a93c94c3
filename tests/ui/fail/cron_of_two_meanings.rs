//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job(cron = "every 90 minutes")]
async fn deliver() -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later();
    let _ = Deliver::new();
}
