//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[jobs::base(cron = "@daily")]
struct ApplicationJob;

#[job(base = ApplicationJob)]
async fn deliver() -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later();
    let _ = Deliver::new();
}
