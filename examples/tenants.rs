//! One program for many tenants: what their jobs have in common stands on bases, two levels of them.
//!
//! `cargo run --example tenants` leaves `tenants.db` and the empty folder `scratch` in the current folder.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jobs::prelude::*;
use jobs::{Carried, Failure, JobId, Next, State, carried, carry};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

type Failed = Box<dyn Error + Send + Sync>;

/// Whose data some work is about. It travels with each job, and is no argument of any.
#[derive(Serialize, Deserialize)]
struct Tenant(String);

impl Carried for Tenant {
    const KEY: &'static str = "tenant";
}

/// What all jobs of the program have in common: it is noted how long they took.
#[jobs::base(around_perform(timed), retry_on(io::Error, wait = 10ms, attempts = 3))]
struct ApplicationJob;

/// And those of tenants: somebody must be meant, and nothing is left lying around.
#[jobs::base(
    base = ApplicationJob,
    queue = "tenants",
    before_perform(know_the_tenant),
    after_perform(sweep),
    after_discard(sweep_after_a_failure),
)]
struct TenantJob;

/// Counts the tenant's orders, which takes long, and then sends the number away, which may fail.
#[job(base = TenantJob)]
async fn export_orders(year: u32, ctx: &Context, shop: &Shop) -> Result<(), Failed> {
    let file = scratch(ctx);
    if !file.exists() {
        shop.note(format!("counted the orders of {}", tenant()));
        fs::write(&file, format!("{year}: {} orders", tenant().len()))?;
    }
    shop.send(&fs::read_to_string(&file)?, ctx.attempt())?;
    // For the same tenant: what is in force where a job is enqueued is in force where it runs.
    SendLetter::perform_later("your orders are exported").await?;
    Ok(())
}

/// Short and frequent, so it is not timed.
#[job(base = TenantJob, skip(around_perform(timed)))]
async fn send_letter(words: String, shop: &Shop) -> Result<(), io::Error> {
    shop.note(format!("letter to {}: {words}", tenant()));
    Ok(())
}

/// Declared by the outermost base, so it stands around all else and sees how it ended.
async fn timed(ctx: &Context, next: Next<'_>) -> Result<(), Failure> {
    let began = Instant::now();
    let result = next.run().await;
    let end = if result.is_ok() { "succeeded" } else { "failed" };
    println!("  {}, attempt {}, {end} after {:.1?}", ctx.name(), ctx.attempt(), began.elapsed());
    // Handed on: a failure that is kept here is one that no rule ever sees.
    result
}

/// Nothing is begun for nobody. This fails the job, as its body might.
fn know_the_tenant(ctx: &Context) -> Result<(), NoTenant> {
    let Tenant(name) = ctx.carried().ok_or(NoTenant)?;
    println!("  {} for {name}", ctx.name());
    Ok(())
}

/// After a success only: an attempt that failed leaves its file to the next one.
fn sweep(ctx: &Context) {
    let _gone_already = fs::remove_file(scratch(ctx));
}

/// When there is no next one.
fn sweep_after_a_failure(ctx: &Context, _: &Failure) {
    sweep(ctx);
}

/// A file of this job: its id is the same in every attempt.
fn scratch(ctx: &Context) -> PathBuf {
    PathBuf::from("scratch").join(ctx.id().to_string())
}

/// Any code below a job may ask whom it works for.
fn tenant() -> String {
    carried().map_or_else(|| "nobody".to_owned(), |Tenant(name)| name)
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    fs::create_dir_all("scratch")?;
    let shop = Shop::default();
    let runtime = Runtime::builder()
        .connect("sqlite:tenants.db")
        .provide(shop.clone())
        // One after the other, so that what is printed can be read.
        .worker(Worker::default().threads(1))
        .build()
        .await?;
    runtime.jobs().install();

    // What a web server does around each request.
    let north = carry(Tenant("north".to_owned()), async { ExportOrders::perform_later(2025).await }).await?;
    let south = carry(Tenant("south".to_owned()), async { ExportOrders::perform_later(2025).await }).await?;
    let nobody = ExportOrders::perform_later(2025).await?;

    let running = runtime.start().await?;
    running.drained().await?;
    running.stop().await;

    let notes = shop.notes();
    println!("{notes:#?}");
    let of = |words: &str| notes.iter().filter(|note| note.contains(words)).count();
    assert_eq!(of("counted the orders of north"), 1, "the second attempt went on with the file of the first");
    assert_eq!(of("letter to north"), 1);
    assert_eq!((of("counted the orders of south"), of("letter to south")), (1, 0), "south cannot be reached");
    assert_eq!(of("nobody"), 0, "nothing was begun for nobody");
    assert_eq!(fs::read_dir("scratch")?.count(), 0, "swept after success and failure alike");
    let jobs = running.jobs();
    assert_eq!(ended(&jobs, north.id()).await?, (State::Finished, 2));
    assert_eq!(ended(&jobs, south.id()).await?, (State::Failed, 3));
    assert_eq!(ended(&jobs, nobody.id()).await?, (State::Failed, 1));
    Ok(())
}

/// The state of a job, and how many attempts it took.
async fn ended(jobs: &Jobs, id: Option<JobId>) -> Result<(State, u32), Failed> {
    let id = id.ok_or("no callback halts an enqueue")?;
    let job = jobs.find(id).await?.ok_or("finished jobs are kept for a day")?;
    Ok((job.state, job.attempts))
}

#[derive(Debug)]
struct NoTenant;

impl fmt::Display for NoTenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a job of a tenant was enqueued for nobody")
    }
}

impl Error for NoTenant {}

/// Stands for the outside world, and remembers what happened.
#[derive(Clone, Default)]
struct Shop {
    notes: Arc<Mutex<Vec<String>>>,
}

impl Shop {
    /// The line to the north is bad at first, the one to the south always.
    fn send(&self, what: &str, attempt: u32) -> io::Result<()> {
        if tenant() == "south" || attempt == 1 {
            return Err(io::Error::other("the line is bad"));
        }
        self.note(format!("sent for {}: {what}", tenant()));
        Ok(())
    }

    fn note(&self, what: String) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
