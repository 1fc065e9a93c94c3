//! All forms of `unique`.
#![deny(warnings)]

use std::time::Duration;

use jobs::prelude::*;
use jobs::unique::{Unique, UniqueBy, UniqueUntil};

const A_WHILE: Duration = Duration::from_secs(600);

#[job(unique(until = done))]
async fn by_all(order_id: u64, card: String) {
    drop((order_id, card));
}

#[job(unique(by = order_id, until = start))]
async fn by_one(order_id: u64, card: String) {
    drop((order_id, card));
}

#[job(unique(by = (r#type, order_id), for = 1h30m,), queue = "orders")]
async fn by_two(order_id: u64, r#type: String) {
    drop((order_id, r#type));
}

#[job(unique(for = A_WHILE, until = done, by = keys::of_card))]
async fn by_a_function(order_id: u64, card: String) {
    drop((order_id, card));
}

#[job(unique(by = r#type, until = start))]
async fn by_a_raw_name(r#type: String) {
    drop(r#type);
}

mod keys {
    pub(crate) fn of_card(job: &super::ByAFunction) -> (u64, &str) {
        (job.order_id, &job.card)
    }
}

fn main() {
    assert_eq!(ByAll::SETTINGS.unique, Some(Unique::until(UniqueUntil::Done)));
    assert_eq!(ByOne::SETTINGS.unique, Some(Unique::until(UniqueUntil::Start).by(&["order_id"])));
    let long = Duration::from_secs(5400);
    assert_eq!(ByTwo::SETTINGS.unique, Some(Unique::lasting(long).by(&["type", "order_id"])));
    assert_eq!(ByTwo::SETTINGS.queue, Some("orders"));
    assert_eq!(ByAFunction::SETTINGS.unique, Some(Unique::until(UniqueUntil::Done).for_at_most(A_WHILE)));
    let job = ByAFunction::new(7, "visa");
    assert_eq!(job.unique_by(), Some(UniqueBy::value(&(7, "visa"))));
    assert_eq!(ByAll::new(7, "visa").unique_by(), None);
    assert_eq!(ByARawName::SETTINGS.unique.map(|unique| unique.arguments()), Some(&["type"][..]));
}
