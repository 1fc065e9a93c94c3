//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job(every = 1500ms)]
async fn deliver() -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later();
    let _ = Deliver::new();
}
