//! Progress during the run, a table at the end, and a comparison with the gateway's ledger.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::time::Duration;

use jobs::store::{Counts, Filter, JobRecord};
use jobs::{Client, Error, RuntimeHandle, State};
use tokio::time::Instant;

use crate::ENDS;
use crate::payment::{ProcessPayment, pickups};

/// A payment as it is stored.
pub(crate) struct Payment {
    pub(crate) order_id: u64,
    pub(crate) record: JobRecord,
}

/// All payments in the store.
pub(crate) async fn payments(client: &Client) -> jobs::Result<Vec<Payment>> {
    let inspect = client.inspect()?;
    let mut filter = Filter { name: Some("process_payment".to_owned()), limit: 500, ..Filter::default() };
    let mut payments = Vec::new();
    loop {
        let page = inspect.list(&filter).await?;
        let Some(last) = page.last() else { return Ok(payments) };
        filter.after = Some(inspect.cursor_at(last));
        for record in page {
            let job: ProcessPayment = serde_json::from_str(&record.arguments)
                .map_err(|cause| Error::corrupt("a stored payment cannot be read").with_source(cause))?;
            payments.push(Payment { order_id: job.order_id, record });
        }
    }
}

/// The number of jobs in each state.
pub(crate) async fn counts(client: &Client) -> jobs::Result<Counts> {
    client.inspect()?.counts().await
}

/// Prints the counts four times a second until no jobs are left to run.
pub(crate) async fn show_progress(handle: &RuntimeHandle) -> jobs::Result<()> {
    let client = handle.client();
    let started = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(250));
    let mut drained = std::pin::pin!(handle.drained());
    loop {
        tokio::select! {
            done = &mut drained => break done?,
            _ = ticks.tick() => print_counts(&counts(&client).await?),
        }
    }
    print_counts(&counts(&client).await?);
    let (picked, took) = (pickups(), started.elapsed());
    if !picked.is_empty() {
        println!("pickup time p50 {:.1?}, p99 {:.1?}", at(&picked, 50), at(&picked, 99));
        println!("{:.0} orders/s in {took:.1?}, including waits and retries", rate(picked.len(), took));
    }
    Ok(())
}

fn print_counts(counts: &Counts) {
    let line: Vec<_> = State::ALL.iter().map(|state| format!("{state} {:>3}", counts.of(*state))).collect();
    println!("  {}", line.join("  "));
}

fn at(sorted: &[Duration], percent: usize) -> Duration {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}

fn rate(count: usize, duration: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / duration.as_secs_f64()
}

/// Prints the table and checks that every order is accounted for exactly once.
pub(crate) async fn account(client: &Client, dir: &Path) -> jobs::Result<()> {
    let payments = payments(client).await?;
    print_table(&payments);
    let (orders, _) = crate::orders::read(include_str!("../data/orders.csv"));
    let charges = charges(dir)?;
    let mut of_order: HashMap<u64, Vec<&Payment>> = HashMap::new();
    for payment in &payments {
        of_order.entry(payment.order_id).or_default().push(payment);
    }
    for order in &orders {
        let found = of_order.get(&order.id).map_or(&[][..], Vec::as_slice);
        let [payment] = found else {
            return Err(Error::other(format!("order {} has {} payments instead of one", order.id, found.len())));
        };
        check(payment, charges.get(&order.id).copied().unwrap_or(0))?;
    }
    println!("all {} orders are accounted for exactly once", orders.len());
    Ok(())
}

fn check(payment: &Payment, charges: usize) -> jobs::Result<()> {
    let state = payment.record.state;
    let expected = usize::from(state == State::Finished);
    if ENDS.contains(&state) && charges == expected {
        return Ok(());
    }
    Err(Error::other(format!("order {} is {state} and was charged {charges} times", payment.order_id)))
}

/// How often each order was charged, according to the gateway's ledger.
fn charges(dir: &Path) -> jobs::Result<HashMap<u64, usize>> {
    let text = std::fs::read_to_string(dir.join("payments.ledger"))
        .map_err(|cause| Error::other("the gateway's ledger cannot be read").with_source(cause))?;
    let mut charges = HashMap::new();
    for order in text.lines().filter_map(|line| line.split(',').nth(1)).filter_map(|order| order.parse().ok()) {
        *charges.entry(order).or_default() += 1;
    }
    Ok(charges)
}

fn print_table(payments: &[Payment]) {
    let of = |state| payments.iter().filter(move |payment| payment.record.state == state);
    let retried = payments.iter().filter(|payment| payment.record.attempts > 1).count();
    println!("\n  {:<34}{:>6}", "payments", payments.len());
    println!("  {:<34}{:>6}", "paid", of(State::Finished).count());
    for state in [State::Discarded, State::Failed] {
        println!("  {:<34}{:>6}", state.to_string(), of(state).count());
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for payment in of(state) {
            let reason = payment.record.errors.last().map_or("no error", |error| error.message.as_str());
            *reasons.entry(reason).or_default() += 1;
        }
        for (reason, count) in reasons {
            println!("    {reason:<32}{count:>6}");
        }
    }
    println!("  {:<34}{:>6}", "of all, tried more than once", retried);
    println!();
}
