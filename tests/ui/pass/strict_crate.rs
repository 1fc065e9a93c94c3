//! A crate that denies as many lints as it can.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused, rust_2018_idioms, unused_qualifications)]

/// The orders.
pub(crate) mod orders {
    use jobs::prelude::*;

    /// Ships an order.
    #[job(queue = "orders", retry_on(std::io::Error, wait = 1m), before_perform(check))]
    pub(crate) async fn ship(order: u64, address: String, #[default] notes: Vec<String>) -> Result<(), std::io::Error> {
        drop((order, address, notes));
        Ok(())
    }

    async fn check(_: &Context, job: &Ship) -> Result<(), Halt> {
        if job.order == 0 { Err(Halt) } else { Ok(()) }
    }
}

fn main() {
    let _ = orders::Ship::perform_later(1, "here");
}
