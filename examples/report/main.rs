//! A report that takes a while: whoever knows its id may ask, from any process, whether it waits, how far it is, where
//! its file is, or why it failed.
//!
//! `cargo run --example report` leaves `report.db`, `progress.db` and the reports as CSV files in the current folder.

mod orders;
mod progress;
mod status;

use std::error::Error;
use std::fs;

use jobs::prelude::*;

use crate::orders::{FIRST_YEAR, Orders, PAGES};
use crate::progress::Progress;
use crate::status::{Status, file_of, status};

type Failed = Box<dyn Error + Send + Sync>;

/// Writes all orders of a year into a CSV file, page by page.
///
/// The file bears the id of the job, which is the same in every attempt: a second one writes the same file anew.
#[job(queue = "reports", timeout = 10m, retry_on(csv::Error, wait = 30s, attempts = 3))]
async fn build_report(year: u32, ctx: &Context, orders: &Orders, progress: &Progress) -> Result<(), Failed> {
    if year < FIRST_YEAR {
        return Err(format!("nobody kept the orders of {year}").into());
    }
    let half = file_of(ctx.id()).with_extension("half");
    let mut csv = csv::Writer::from_path(&half)?;
    csv.write_record(["order", "cents"])?;
    for page in 0..PAGES {
        for (order, cents) in orders.page(page).await? {
            csv.write_record([order.to_string(), cents.to_string()])?;
        }
        progress.note(ctx.id(), page + 1, PAGES)?;
    }
    csv.flush()?;
    // From here on the file is there, and whole.
    fs::rename(half, file_of(ctx.id()))?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let (orders, progress) = (Orders::default(), Progress::open("progress.db")?);
    let runtime = Runtime::builder()
        .connect("sqlite:report.db")
        .provide(orders.clone())
        .provide(progress.clone())
        .build()
        .await?;
    let jobs = runtime.jobs();
    let ask = async |id| status(&jobs, &progress, id).await;

    let id = BuildReport::perform_later(2025).on(&jobs).await?.id().ok_or("no callback halts it")?;
    println!("report {id} is {:?}", ask(id).await?);
    assert_eq!(ask(id).await?, Some(Status::Queued));

    let running = runtime.start().await?;
    for page in 0..PAGES {
        // A web page would ask once a second; the orders of a page arrive when the last one is seen to be written.
        let wanted = Some(Status::Running { done: page, of: PAGES });
        while ask(id).await? != wanted {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        println!("  {page} of {PAGES} pages are written");
        orders.release(page);
    }
    running.drained().await?;
    let Some(Status::Done(file)) = ask(id).await? else { return Err("the report is not done".into()) };
    println!("  done: {}", file.display());
    let written: Vec<(u32, u64)> = csv::Reader::from_path(&file)?.deserialize().collect::<Result<_, _>>()?;
    assert_eq!(written, Orders::all(), "every order is in the file, in its place");

    let id = BuildReport::perform_later(1925).on(&jobs).await?.id().ok_or("no callback halts it")?;
    running.drained().await?;
    running.stop().await;
    println!("report {id} is {:?}", ask(id).await?);
    assert_eq!(ask(id).await?, Some(Status::Failed("nobody kept the orders of 1925".to_owned())));
    assert_eq!(ask("0192f0c1-2b7a-7000-8000-000000000000".parse()?).await?, None, "nobody asked for this one");
    Ok(())
}
