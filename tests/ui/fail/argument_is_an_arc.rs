//! errors: 5
#![allow(unused)]

use std::sync::Arc;

use jobs::prelude::*;

struct Shop;

#[job]
async fn deliver(to: Arc<Shop>) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(Arc::new(Shop));
    let _ = Deliver::new(Arc::new(Shop));
}
