//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

trait Shop {
    #[job]
    async fn deliver(to: u64) -> Result<(), std::io::Error>;
}

fn main() {}
