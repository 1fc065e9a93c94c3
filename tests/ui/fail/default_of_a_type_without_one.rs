//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[derive(serde::Serialize, serde::Deserialize)]
struct Copies(u32);

#[job]
async fn deliver(to: u64, #[default] copies: Copies) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
