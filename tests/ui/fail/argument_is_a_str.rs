//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job]
async fn deliver(to: &str) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later("Ada");
    let _ = Deliver::new("Ada");
}
