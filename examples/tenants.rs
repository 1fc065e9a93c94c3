//! One program for many tenants: their jobs share settings and callbacks through two levels of bases.
//!
//! `cargo run --example tenants` leaves `tenants.db` and the empty folder `scratch` in the current folder.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jobs::callback::Next;
use jobs::prelude::*;
use jobs::propagation::Propagated;
use jobs::propagation::{propagated, with_propagated};
use jobs::{Failure, JobId, State};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

type Failed = Box<dyn Error + Send + Sync>;

/// The tenant whose data is processed. It is propagated to each job, and is not an argument.
#[derive(Serialize, Deserialize)]
struct Tenant(String);

impl Propagated for Tenant {
    const KEY: &'static str = "tenant";
}

/// The settings of all jobs: their duration is printed.
#[jobs::base(around_perform(timed), retry_on(io::Error, wait = 10ms, attempts = 3))]
struct ApplicationJob;

/// The settings of jobs for a tenant: a tenant must be set, and the temporary file is removed.
#[jobs::base(
    base = ApplicationJob,
    queue = "tenants",
    before_perform(require_tenant),
    after_perform(remove_file),
    after_discard(remove_file_after_failure),
)]
struct TenantJob;

/// Counts the tenant's orders, which takes long, and then sends the number, which may fail.
#[job(base = TenantJob)]
async fn export_orders(year: u32, ctx: &Context, shop: &Shop) -> Result<(), Failed> {
    let file = scratch(ctx);
    if !file.exists() {
        shop.note(format!("counted the orders of {}", tenant()));
        fs::write(&file, format!("{year}: {} orders", tenant().len()))?;
    }
    shop.send(&fs::read_to_string(&file)?, ctx.attempt())?;
    // The tenant is propagated from this job to the one that it enqueues.
    SendLetter::perform_later("your orders are exported").await?;
    Ok(())
}

/// This job is short and frequent, so its duration is not printed.
#[job(base = TenantJob, skip(around_perform(timed)))]
async fn send_letter(text: String, shop: &Shop) -> Result<(), io::Error> {
    shop.note(format!("letter to {}: {text}", tenant()));
    Ok(())
}

/// Declared by the outermost base, so it stands around all else and sees how it ended.
async fn timed(ctx: &Context, next: Next<'_>) -> Result<(), Failure> {
    let began = Instant::now();
    let result = next.run().await;
    let end = if result.is_ok() { "succeeded" } else { "failed" };
    println!("  {}, attempt {}, {end} after {:.1?}", ctx.name(), ctx.attempt(), began.elapsed());
    // Return the error, so that the rules for retries see it.
    result
}

/// Fails the job if no tenant is set.
fn require_tenant(ctx: &Context) -> Result<(), NoTenant> {
    let Tenant(name) = ctx.propagated().ok_or(NoTenant)?;
    println!("  {} for {name}", ctx.name());
    Ok(())
}

/// Runs only after a success: the next attempt uses the file of a failed one.
fn remove_file(ctx: &Context) {
    let _gone_already = fs::remove_file(scratch(ctx));
}

/// Runs if there is no next attempt.
fn remove_file_after_failure(ctx: &Context, _: &Failure) {
    remove_file(ctx);
}

/// The temporary file of this job. The id of the job is the same in every attempt.
fn scratch(ctx: &Context) -> PathBuf {
    PathBuf::from("scratch").join(ctx.id().to_string())
}

/// The tenant of the current job; any code that a job calls can read it.
fn tenant() -> String {
    propagated().map_or_else(|| "no tenant".to_owned(), |Tenant(name)| name)
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    fs::create_dir_all("scratch")?;
    let shop = Shop::default();
    let runtime = Runtime::builder()
        .connect("sqlite:tenants.db")
        .provide(shop.clone())
        // One job at a time, so that the output is easy to read.
        .worker(Worker::default().concurrency(1))
        .build()
        .await?;
    runtime.client().install();

    // A web server does this for each request.
    let north = with_propagated(Tenant("north".to_owned()), async { ExportOrders::perform_later(2025).await }).await?;
    let south = with_propagated(Tenant("south".to_owned()), async { ExportOrders::perform_later(2025).await }).await?;
    let without_tenant = ExportOrders::perform_later(2025).await?;

    let running = runtime.start().await?;
    running.drained().await?;
    running.stop().await;

    let notes = shop.notes();
    println!("{notes:#?}");
    let count = |text: &str| notes.iter().filter(|note| note.contains(text)).count();
    assert_eq!(count("counted the orders of north"), 1, "the second attempt used the file of the first");
    assert_eq!(count("letter to north"), 1);
    assert_eq!((count("counted the orders of south"), count("letter to south")), (1, 0), "the south is unreachable");
    assert_eq!(count("no tenant"), 0, "no job ran without a tenant");
    assert_eq!(fs::read_dir("scratch")?.count(), 0, "the files are removed after success and failure");
    let client = running.client();
    assert_eq!(outcome(&client, north.id()).await?, (State::Finished, 2));
    assert_eq!(outcome(&client, south.id()).await?, (State::Failed, 3));
    assert_eq!(outcome(&client, without_tenant.id()).await?, (State::Failed, 1));
    Ok(())
}

/// The state of a job, and the number of its attempts.
async fn outcome(client: &Client, id: Option<JobId>) -> Result<(State, u32), Failed> {
    let id = id.ok_or("no callback halts an enqueue")?;
    let job = client.find(id).await?.ok_or("finished jobs are kept for a day")?;
    Ok((job.state, job.attempts))
}

#[derive(Debug)]
struct NoTenant;

impl fmt::Display for NoTenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the job was enqueued without a tenant")
    }
}

impl Error for NoTenant {}

/// A fake external service, which records what happened.
#[derive(Clone, Default)]
struct Shop {
    notes: Arc<Mutex<Vec<String>>>,
}

impl Shop {
    /// Sending to the north fails once, sending to the south always.
    fn send(&self, text: &str, attempt: u32) -> io::Result<()> {
        if tenant() == "south" || attempt == 1 {
            return Err(io::Error::other("connection refused"));
        }
        self.note(format!("sent for {}: {text}", tenant()));
        Ok(())
    }

    fn note(&self, what: String) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
