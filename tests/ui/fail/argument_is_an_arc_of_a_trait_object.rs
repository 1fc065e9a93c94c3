//! errors: 5
#![allow(unused)]

use std::sync::Arc;

use jobs::prelude::*;

trait Mailer: Send + Sync {}

struct Shop;

impl Mailer for Shop {}

#[job]
async fn deliver(to: Arc<dyn Mailer>) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(Arc::new(Shop));
    let _ = Deliver::new(Arc::new(Shop));
}
