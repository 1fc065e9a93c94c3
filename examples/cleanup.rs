//! A nightly clean-up: one job finds the old files and enqueues a job for each batch; a batch may run twice.
//!
//! Each process with these jobs has a scheduler, but there is only one clean-up per night.
//!
//! `cargo run --example cleanup` leaves `cleanup.db` and the folder `uploads` in the current folder.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jobs::prelude::*;

/// The number of files in a batch.
const BATCH: usize = 50;

/// Finds the old uploads, and enqueues a job for each batch of fifty, all in one statement.
#[job(cron = "0 2 * * *", zone = "Europe/Berlin", missed = once, queue = "nightly", priority = -10)]
async fn clean_up(
    #[default = 25] before_day: u32,
    uploads: &Uploads,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let old = uploads.older_than(before_day)?;
    let batches = old.chunks(BATCH).map(|names| RemoveUploads::new(names.to_vec()));
    println!("  {} uploads are older than day {before_day}: {} batches", old.len(), batches.len());
    Client::current()?.perform_all_later(batches).await?;
    Ok(())
}

/// Removes a batch of uploads. A file that does not exist was removed by an earlier run, so it is not an error.
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
    runtime.client().install();

    // Enqueued manually, and twice, as an operator might do.
    CleanUp::perform_later().await?;
    CleanUp::perform_later().await?;
    let running = runtime.start().await?;
    running.drained().await?;
    assert_eq!(uploads.days()?, [25, 26, 27, 28, 29], "the newer uploads are kept");
    assert_eq!(uploads.removed(), 25 * 20, "each file was removed once");

    // Again on the next day.
    CleanUp::new().before_day(26).enqueue().await?;
    running.drained().await?;
    running.stop().await;
    assert_eq!(uploads.days()?, [26, 27, 28, 29]);
    assert_eq!(uploads.removed(), 26 * 20);
    println!("{} uploads are removed, {} are kept", uploads.removed(), uploads.names()?.len());
    Ok(())
}

/// Files whose name begins with the day of the upload: `day_number.txt`.
#[derive(Clone)]
struct Uploads {
    folder: PathBuf,
    removed: Arc<AtomicUsize>,
}

impl Uploads {
    /// Creates the folder with this number of files for each day.
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
