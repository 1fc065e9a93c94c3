//! errors: 3
#![allow(unused)]

use jobs::prelude::*;

#[job]
async unsafe extern "C" fn deliver(to: u64, mut others: ...) -> Result<(), std::io::Error> {
    drop(others);
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
