//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

struct Shop;

impl Shop {
    #[job]
    async fn deliver(&self, to: u64) -> Result<(), std::io::Error> {
        drop(to);
        Ok(())
    }
}

fn main() {
    let _ = Shop.deliver(1);
}
