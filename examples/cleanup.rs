//! The nightly clean-up: one job finds what is too old and fans out in batches; each batch may run twice.
//!
//! Each process with these jobs has a scheduler, and each night has one clean-up, however many processes there are.
//!
//! `cargo run --example cleanup` leaves `cleanup.db` and the folder `uploads` in the current folder.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jobs::prelude::*;

/// How many files a batch removes.
const BATCH: usize = 50;

/// Finds the uploads that are too old, and enqueues a job for each fifty of them: in one statement, however many.
#[job(cron = "0 2 * * *", zone = "Europe/Berlin", missed = once, queue = "nightly", priority = -10)]
async fn clean_up(
    #[default = 25] before_day: u32,
    uploads: &Uploads,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let old = uploads.older_than(before_day)?;
    let batches: Vec<_> = old.chunks(BATCH).map(|names| RemoveUploads::new(names.to_vec())).collect();
    println!("  {} uploads are older than day {before_day}: {} batches", old.len(), batches.len());
    Jobs::current()?.perform_all_later(batches).await?;
    Ok(())
}

/// Removes some uploads. One that is gone already was removed by an earlier run, and that is as good.
#[job(queue = "nightly", priority = -10, retry_on(io::Error, wait = exponentially_longer, attempts = 8))]
async fn remove_uploads(names: Vec<String>, uploads: &Uploads) -> Result<(), io::Error> {
    for name in &names {
        uploads.remove(name)?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let uploads = Uploads::fill("uploads", 30, 20)?;
    let runtime = Runtime::builder().connect("sqlite:cleanup.db").provide(uploads.clone()).build().await?;
    runtime.jobs().install();

    // By hand, and twice, as when an operator is not sure.
    CleanUp::perform_later().await?;
    CleanUp::perform_later().await?;
    let running = runtime.start().await?;
    running.drained().await?;
    assert_eq!(uploads.days()?, [25, 26, 27, 28, 29], "the young ones stay");
    assert_eq!(uploads.removed(), 25 * 20, "each file was removed once, whoever came first");

    // And once more on the next day.
    CleanUp::new().before_day(26).enqueue().await?;
    running.drained().await?;
    running.stop().await;
    assert_eq!(uploads.days()?, [26, 27, 28, 29]);
    assert_eq!(uploads.removed(), 26 * 20);
    println!("{} uploads are removed, {} are kept", uploads.removed(), uploads.names()?.len());
    Ok(())
}

/// Files of which the name says on which day they came: `day_number.txt`.
#[derive(Clone)]
struct Uploads {
    folder: PathBuf,
    removed: Arc<AtomicUsize>,
}

impl Uploads {
    /// A folder with so many files for each of so many days.
    fn fill(folder: &str, days: u32, files: u32) -> io::Result<Self> {
        let uploads = Self { folder: PathBuf::from(folder), removed: Arc::default() };
        fs::create_dir_all(folder)?;
        for (day, number) in (0..days).flat_map(|day| (0..files).map(move |number| (day, number))) {
            fs::write(uploads.folder.join(format!("{day}_{number}.txt")), "an upload")?;
        }
        Ok(uploads)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        fs::read_dir(&self.folder)?.map(|file| Ok(file?.file_name().to_string_lossy().into_owned())).collect()
    }

    fn older_than(&self, day: u32) -> io::Result<Vec<String>> {
        let mut names = self.names()?;
        names.retain(|name| day_of(name).is_some_and(|of| of < day));
        Ok(names)
    }

    fn days(&self) -> io::Result<Vec<u32>> {
        let mut days: Vec<_> = self.names()?.iter().filter_map(|name| day_of(name)).collect();
        days.sort_unstable();
        days.dedup();
        Ok(days)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.folder.join(name)) {
            Ok(()) => self.removed.fetch_add(1, Ordering::Relaxed),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        Ok(())
    }

    fn removed(&self) -> usize {
        self.removed.load(Ordering::Relaxed)
    }
}

fn day_of(name: &str) -> Option<u32> {
    name.split('_').next()?.parse().ok()
}
