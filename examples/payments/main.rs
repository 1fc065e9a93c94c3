//! Pays a list of orders through a gateway that fails in many ways, and checks that each order is accounted for.
//!
//! `cargo run --example payments` works in one process and leaves `payments.db`, with which a second run
//! continues. `-- --kill` begins anew in the folder `payments-kill`, runs the worker as a child process and kills it with
//! SIGKILL several times. `-- --dir FOLDER` puts the files into another folder.

mod gateway;
mod kill;
mod orders;
mod payment;
mod report;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jobs::prelude::*;
use jobs::{AnyJob, State};

use crate::gateway::Gateway;
use crate::orders::{Order, When};
use crate::payment::ProcessPayment;

#[tokio::main]
async fn main() -> jobs::Result<()> {
    // A panic is one of the ways in which a payment may fail, and the runtime handles it, so one line is enough.
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload().downcast_ref::<String>().map_or("without a message", String::as_str);
        println!("  a panic: {message}");
    }));
    let options = Options::from_arguments(std::env::args().skip(1))?;
    match options.mode {
        Mode::Work => work(&options.dir).await,
        Mode::Run => {
            let runtime = runtime(&options.dir).await?;
            enqueue_new_orders(&runtime.client()).await?;
            let handle = runtime.start().await?;
            report::show_progress(&handle).await?;
            handle.stop().await;
            report::account(&handle.client(), &options.dir).await
        }
        Mode::Kill => {
            // With payments of an earlier run there would be nothing left to kill.
            kill::begin_anew(&options.dir)?;
            let runtime = runtime(&options.dir).await?;
            enqueue_new_orders(&runtime.client()).await?;
            kill::work_and_kill(&options.dir, &runtime.client()).await?;
            report::account(&runtime.client(), &options.dir).await
        }
    }
}

/// The runtime of all modes: two workers on one file, and the gateway provided to the jobs.
async fn runtime(dir: &Path) -> jobs::Result<Runtime> {
    let database = dir.join("payments.db");
    Runtime::builder()
        .connect(format!("sqlite:{}", database.display()))
        .provide(Gateway::open(&dir.join("payments.ledger"))?)
        .worker(Worker::new(["urgent", "payments"]).concurrency(8))
        .worker(Worker::new(["urgent"]).concurrency(2))
        // A killed worker is detected after one second, to keep the example short; the default is one minute.
        .heartbeat_interval(Duration::from_millis(200))
        .dead_after(Duration::from_secs(1))
        // With `--kill`, the same payment may run during several crashes without being the cause.
        .crash_limit(20)
        .build()
        .await
}

/// A separate worker process, which ends when no jobs are left.
async fn work(dir: &Path) -> jobs::Result<()> {
    let handle = runtime(dir).await?.start().await?;
    handle.drained().await?;
    handle.stop().await;
    Ok(())
}

/// Reads the orders and enqueues those that the store does not know yet.
async fn enqueue_new_orders(client: &Client) -> jobs::Result<()> {
    let (orders, problems) = orders::read(include_str!("../data/orders.csv"));
    println!("reading the orders; {} lines have mistakes and are skipped:", problems.len());
    for problem in &problems {
        println!("  {problem}");
    }
    let known: HashSet<u64> = report::payments(client).await?.iter().map(|payment| payment.order_id).collect();
    let (old, new): (Vec<_>, Vec<_>) = orders.into_iter().partition(|order| known.contains(&order.id));
    println!("{} orders are new, {} are in the store already", new.len(), old.len());
    enqueue(client, new).await
}

async fn enqueue(client: &Client, orders: Vec<Order>) -> jobs::Result<()> {
    let (plain, special): (Vec<_>, Vec<_>) = orders.into_iter().partition(|order| order.when == When::Now);
    // Most orders are enqueued in one call; large amounts have a higher priority.
    let bulk = plain.into_iter().map(|order| {
        let priority = i32::from(order.cents >= 50_000);
        AnyJob::from(payment_of(order).enqueue().priority(priority))
    });
    let enqueued = client.perform_all_later(bulk).await?;
    println!("{} payments enqueued in bulk, {} one by one", enqueued.len(), special.len());
    for order in special {
        let later = PaymentLater::from(order);
        let _enqueued = later.send(client).await?;
    }
    Ok(())
}

/// A payment that is enqueued on its own: with a delay of one second, or on the urgent queue.
struct PaymentLater {
    job: ProcessPayment,
    when: When,
}

impl From<Order> for PaymentLater {
    fn from(order: Order) -> Self {
        Self { when: order.when, job: payment_of(order) }
    }
}

impl PaymentLater {
    async fn send(self, client: &Client) -> jobs::Result<Enqueued> {
        let later = self.job.enqueue().on(client);
        match self.when {
            When::Now => later.await,
            When::Later => later.wait(Duration::from_secs(1)).await,
            When::Urgent => later.queue("urgent").priority(10).await,
        }
    }
}

fn payment_of(order: Order) -> ProcessPayment {
    ProcessPayment::new(order.id, order.method, order.cents)
}

struct Options {
    mode: Mode,
    dir: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Run,
    Kill,
    Work,
}

impl Options {
    fn from_arguments(mut arguments: impl Iterator<Item = String>) -> jobs::Result<Self> {
        let (mut mode, mut dir) = (Mode::Run, None);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--kill" => mode = Mode::Kill,
                "--work" => mode = Mode::Work,
                "--dir" => {
                    dir = Some(arguments.next().map(PathBuf::from).ok_or_else(|| usage("--dir needs a folder"))?);
                }
                other => return Err(usage(&format!("unknown argument `{other}`"))),
            }
        }
        let own = if mode == Mode::Kill { "payments-kill" } else { "." };
        Ok(Self { mode, dir: dir.unwrap_or_else(|| PathBuf::from(own)) })
    }
}

fn usage(problem: &str) -> jobs::Error {
    jobs::Error::invalid(format!("{problem}; usage: payments [--kill] [--dir FOLDER]"))
}

/// The states in which an order is accounted for.
const ENDS: [State; 3] = [State::Finished, State::Discarded, State::Failed];
