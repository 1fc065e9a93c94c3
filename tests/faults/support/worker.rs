//! The process under test: it works on a file as its orders say, and logs what it does.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jobs::prelude::*;
use jobs::recurring::RecurringTask;
use jobs::{Event, RuntimeBuilder};
use serde::{Deserialize, Serialize};

use crate::completion::Book;

/// The environment variable with the orders.
pub(crate) const ORDERS: &str = "JOBS_FAULTS_ORDERS";

/// What a worker process is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is one order, and all combinations are possible")]
pub(crate) struct Orders {
    pub(crate) folder: PathBuf,
    /// How many jobs it enqueues itself, one by one.
    pub(crate) enqueue: u64,
    /// How many callers at once enqueue all of the unique jobs.
    pub(crate) callers: u64,
    pub(crate) threads: usize,
    /// After which silence it recovers others; a sixth of it is its own heartbeat interval.
    pub(crate) silence: Duration,
    pub(crate) crash_limit: u32,
    pub(crate) shutdown: Duration,
    /// The URL of a server's store; without one the store is a file in the folder.
    pub(crate) server: Option<String>,
    /// Options of the URL of the file.
    pub(crate) options: String,
    /// Whether it knows the job `rest`.
    pub(crate) knows_rest: bool,
    /// Whether a job recurs each second.
    pub(crate) pulse: bool,
    /// How many threads tokio has, if not one for each processor.
    pub(crate) tokio_threads: Option<u8>,
    /// Whether a signal ends it even if its jobs never yield.
    pub(crate) exits: bool,
    /// Whether it ends when nothing is left; else when a signal asks for it.
    pub(crate) until_drained: bool,
}

impl Orders {
    /// Work in this folder until nothing is left.
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            enqueue: 0,
            callers: 0,
            threads: 4,
            silence: Duration::from_millis(300),
            crash_limit: 100,
            shutdown: Duration::from_secs(20),
            server: None,
            options: String::new(),
            knows_rest: true,
            pulse: false,
            tokio_threads: None,
            exits: false,
            until_drained: true,
        }
    }

    fn url(&self) -> String {
        let file = || format!("sqlite:{}{}", self.folder.join("jobs.db").display(), self.options);
        self.server.clone().unwrap_or_else(file)
    }
}

/// Where side effects are written, a line each. It outlives every process.
pub(crate) struct Ledger {
    pub(crate) folder: PathBuf,
}

impl Ledger {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn write(&self, number: u64) -> io::Result<()> {
        append(&self.folder.join("ledger"), &format!("{number}\n"))
    }

    /// How many lines a file of the folder has.
    fn lines(&self, file: &str) -> usize {
        std::fs::read_to_string(self.folder.join(file)).map_or(0, |text| text.lines().count())
    }

    fn may_go(&self) -> bool {
        self.folder.join("go").exists()
    }
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    // One write of a short line to a file opened to append is not torn.
    OpenOptions::new().append(true).create(true).open(path)?.write_all(line.as_bytes())
}

/// Takes some milliseconds and leaves a line.
#[job]
pub(crate) async fn work(number: u64, ledger: &Ledger) -> Result<(), io::Error> {
    let mut ticks = tokio::time::interval(Duration::from_millis(4));
    ticks.tick().await;
    ticks.tick().await;
    ledger.write(number)
}

/// Kills its process in so many attempts.
#[job]
pub(crate) async fn kill(number: u64, times: u32, ctx: &Context, ledger: &Ledger) -> Result<(), io::Error> {
    ledger.write(number)?;
    if ctx.attempt() <= times {
        std::process::abort();
    }
    Ok(())
}

/// The first attempt lasts until a file says go; later ones pass at once.
#[job]
pub(crate) async fn linger(number: u64, ctx: &Context, ledger: &Ledger) -> Result<(), io::Error> {
    let mut ticks = tokio::time::interval(Duration::from_millis(2));
    while ctx.attempt() == 1 && !ledger.may_go() {
        ticks.tick().await;
    }
    ledger.write(number)
}

/// The first attempt never ends. Later ones end when so many have begun, in all processes together.
#[job]
pub(crate) async fn gather(number: u64, together: usize, ctx: &Context, ledger: &Ledger) -> Result<(), io::Error> {
    if ctx.attempt() == 1 {
        return std::future::pending().await;
    }
    append(&ledger.folder.join("gathered"), &format!("{number}\n"))?;
    let mut ticks = tokio::time::interval(Duration::from_millis(5));
    while ledger.lines("gathered") < together {
        ticks.tick().await;
    }
    Ok(())
}

/// Ends when the shutdown of the process begins.
#[job]
pub(crate) async fn listen(ctx: &Context) -> Result<(), io::Error> {
    ctx.cancelled().await;
    Ok(())
}

/// Never ends.
#[job]
pub(crate) async fn hang() -> Result<(), io::Error> {
    std::future::pending().await
}

/// Blocks its thread and never ends.
#[job(blocking)]
pub(crate) fn grind(number: u64) -> Result<(), io::Error> {
    println!("\n@grinding {number}");
    loop {
        std::thread::park();
    }
}

/// Blocks its thread of tokio until a file says go.
#[job]
pub(crate) async fn occupy(number: u64, ledger: &Ledger) -> Result<(), io::Error> {
    ledger.write(number)?;
    while !ledger.may_go() {
        std::thread::park_timeout(Duration::from_millis(2));
    }
    Ok(())
}

/// Blocks its thread of tokio and never ends.
#[job]
pub(crate) async fn seize() -> Result<(), io::Error> {
    println!("\n@seized");
    loop {
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

/// Computes on its thread of tokio and never ends.
#[job]
pub(crate) async fn spin() -> Result<(), io::Error> {
    println!("\n@seized");
    loop {
        std::hint::spin_loop();
    }
}

/// Blocks its thread of tokio until the shutdown of the process begins.
#[job]
pub(crate) async fn heed(number: u64, ctx: &Context, ledger: &Ledger) -> Result<(), io::Error> {
    ledger.write(number)?;
    println!("\n@seized");
    while !ctx.is_cancelled() {
        std::thread::park_timeout(Duration::from_millis(2));
    }
    Ok(())
}

/// How many unique jobs each caller enqueues.
pub(crate) const SINGLES: u64 = 20;

/// A unique job.
#[job(unique(until = done))]
pub(crate) async fn single(number: u64, ledger: &Ledger) -> Result<(), io::Error> {
    ledger.write(number)
}

/// Enqueues all unique jobs, and logs each answer: the number, and the job that exists.
async fn call(jobs: Client, folder: PathBuf) {
    for number in 0..SINGLES {
        let answer = Single::perform_later(number).on(&jobs).await.unwrap();
        let (what, id) = (if matches!(answer, Enqueued::New(_)) { "new" } else { "there" }, answer.id().unwrap());
        append(&folder.join("calls"), &format!("{number} {what} {id}\n")).unwrap();
    }
}

/// Leaves no trace on the disk.
#[job]
pub(crate) async fn rest() -> Result<(), io::Error> {
    Ok(())
}

/// What recurs each second.
pub(crate) fn pulse() -> RecurringTask {
    RecurringTask::of("pulse", &Rest {}, "* * * * * *").unwrap()
}

/// A runtime over the file of these orders.
pub(crate) fn builder(orders: &Orders) -> RuntimeBuilder {
    let mut definitions = jobs::jobs![Work, Kill, Linger, Listen, Hang, Grind, Single, Book].to_vec();
    definitions.extend(jobs::jobs![Occupy, Seize, Spin, Heed, Gather]);
    if orders.knows_rest {
        definitions.extend(jobs::jobs![Rest]);
    }
    let builder = Runtime::builder().scheduler(orders.pulse);
    let builder = if orders.pulse { builder.recurring(pulse()) } else { builder };
    builder
        .connect(orders.url())
        .exit_after_signal(orders.exits)
        .register(definitions)
        .provide(Ledger::new(orders.folder.clone()))
        .worker(Worker::new(["*"]).concurrency(orders.threads))
        .heartbeat_interval(orders.silence / 6)
        .dead_after(orders.silence)
        .crash_limit(orders.crash_limit)
        .shutdown_timeout(orders.shutdown)
        .poll_interval(Duration::from_millis(50))
        .dispatch_interval(Duration::from_millis(20))
        .dispatch_batch(100)
}

/// Not a test of its own: the process under test.
#[tokio::test(flavor = "multi_thread")]
async fn child() {
    let Ok(orders) = std::env::var(ORDERS) else { return };
    let orders: Orders = serde_json::from_str(&orders).unwrap();
    let runtime = builder(&orders).watch(say).build().await.unwrap();
    for number in 0..orders.enqueue {
        let _stored = Work::perform_later(number).on(&runtime.client()).await.unwrap();
        append(&orders.folder.join("answers"), &format!("{number}\n")).unwrap();
    }
    let calls = (0..orders.callers).map(|_| tokio::spawn(call(runtime.client(), orders.folder.clone())));
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
    if orders.callers > 0 {
        return;
    }
    if orders.until_drained {
        let running = runtime.start().await.unwrap();
        running.drained().await.unwrap();
        running.stop().await;
    } else {
        runtime.run().await.unwrap();
        println!("\n@ended");
    }
}

/// Prints what happens in the process for the test that started it. The first line follows the name of the test.
fn say(event: &Event) {
    let words = match event {
        Event::StoreFailed(event) => format!("{}: {}", event.operation, event.message),
        Event::RecurringEnqueued(event) => event.at.to_string(),
        Event::RuntimeStalled(event) => {
            event.jobs.iter().map(|job| format!("{} {}", job.name, job.id)).collect::<Vec<_>>().join(" ")
        }
        Event::RuntimeStopped(event) => format!("{} given back", event.returned),
        other => other.job().map_or_else(String::new, |job| format!("{} {}", job.name, job.id)),
    };
    let mut out = io::stdout().lock();
    // If the test has gone, there is no reader.
    let _unheard = writeln!(out, "\n@{} {words}", event.name()).and_then(|()| out.flush());
}
