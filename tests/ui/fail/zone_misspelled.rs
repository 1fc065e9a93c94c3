//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job(cron = "0 2 * * *", zone = "Europe/Berln")]
async fn deliver() -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later();
    let _ = Deliver::new();
}
