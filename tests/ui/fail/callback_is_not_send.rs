//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

async fn check(_: &Context, _: &Deliver) {
    let kept = std::rc::Rc::new(1);
    std::future::ready(()).await;
    drop(kept);
}

#[job(before_perform(check))]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {
    let _ = Deliver::perform_later(1);
    let _ = Deliver::new(1);
}
