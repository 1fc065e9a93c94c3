//! The jobs of the shop.

use std::fmt;
use std::time::Duration;

use jobs::prelude::*;
use jobs::recurring::RecurringTask;

/// A payment gateway, which sometimes fails.
pub(crate) struct Gateway;

/// Why an order was not paid.
#[derive(Debug)]
pub(crate) enum Unpaid {
    /// A later attempt may succeed.
    Busy,
    /// No attempt will succeed.
    Refused,
}

impl fmt::Display for Unpaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => "the gateway is busy",
            Self::Refused => "the card was refused",
        })
    }
}

impl std::error::Error for Unpaid {}

impl Gateway {
    async fn charge(&self, order: u64, attempt: u32) -> Result<(), Unpaid> {
        tokio::time::sleep(Duration::from_millis(order % 7 * 30)).await;
        match order {
            order if order % 50 == 7 => Err(Unpaid::Refused),
            order if order % 9 == 4 && attempt < 3 => Err(Unpaid::Busy),
            _ => Ok(()),
        }
    }
}

#[job(queue = "payments", retry_on(Unpaid::Busy, wait = 20s, attempts = 5), redact(card))]
pub(crate) async fn charge(order: u64, card: String, ctx: &Context, gateway: &Gateway) -> Result<(), Unpaid> {
    drop(card);
    gateway.charge(order, ctx.attempt()).await
}

#[job(queue = "mail")]
pub(crate) async fn greet(name: String) -> Result<(), std::io::Error> {
    println!("Hello, {name}!");
    Ok(())
}

#[job(queue = "reports", priority = -10)]
pub(crate) async fn export(month: String) -> Result<(), std::io::Error> {
    println!("exported {month}");
    Ok(())
}

/// Exports the accounts of the month, each night.
pub(crate) fn nightly() -> RecurringTask {
    let task = RecurringTask::new("accounts", "export", "0 2 * * *").zone("Europe/Berlin");
    task.arguments(r#"{"month":"2026-01"}"#).description("The accounts of the month")
}

/// Enqueues orders for as long as the program runs.
pub(crate) async fn take_orders() -> jobs::Result<()> {
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    for order in 1.. {
        ticks.tick().await;
        let burst = if order % 400 < 60 { 12 } else { 1 };
        let orders = (0..burst).map(|part| Charge::new(order * 20 + part, "4111-1111-1111-1111".to_owned()));
        let _stored = Client::current()?.perform_all_later(orders).await?;
    }
    Ok(())
}
