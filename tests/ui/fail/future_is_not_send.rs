//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    let kept = std::rc::Rc::new(1);
    std::future::ready(()).await;
    drop(kept);
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
