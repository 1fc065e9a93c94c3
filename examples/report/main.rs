//! A report that takes some time. Any process that knows its id can read its status: queued, running with its progress,
//! done with its file, or failed with its error.
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
/// The name of the file contains the id of the job, which is the same in every attempt, so a second attempt replaces the
/// file.
#[job(queue = "reports", timeout = 10m, retry_on(csv::Error, wait = 30s, attempts = 3))]
async fn build_report(year: u32, ctx: &Context, orders: &Orders, progress: &Progress) -> Result<(), Failed> {
    if year < FIRST_YEAR {
        return Err(format!("there are no orders of the year {year}").into());
    }
    let incomplete = file_of(ctx.id()).with_extension("incomplete");
    let mut csv = csv::Writer::from_path(&incomplete)?;
    csv.write_record(["order", "cents"])?;
    for page in 0..PAGES {
        for (order, cents) in orders.page(page).await? {
            csv.write_record([order.to_string(), cents.to_string()])?;
        }
        progress.record(ctx.id(), page + 1, PAGES)?;
    }
    csv.flush()?;
    // The final file appears only when it is complete.
    fs::rename(incomplete, file_of(ctx.id()))?;
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
    let client = runtime.client();
    let status_of = async |id| status(&client, &progress, id).await;

    let id = BuildReport::perform_later(2025).on(&client).await?.id().ok_or("no callback halts it")?;
    println!("report {id} is {:?}", status_of(id).await?);
    assert_eq!(status_of(id).await?, Some(Status::Queued));

    let running = runtime.start().await?;
    for page in 0..PAGES {
        // A web page would poll once a second. Here each page is released when the page before it is written.
        let wanted = Some(Status::Running { done: page, of: PAGES });
        while status_of(id).await? != wanted {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        println!("  {page} of {PAGES} pages are written");
        orders.release(page);
    }
    running.drained().await?;
    let Some(Status::Done(file)) = status_of(id).await? else { return Err("the report is not done".into()) };
    println!("  done: {}", file.display());
    let written: Vec<(u32, u64)> = csv::Reader::from_path(&file)?.deserialize().collect::<Result<_, _>>()?;
    assert_eq!(written, Orders::all(), "the file has all orders in their order");

    let id = BuildReport::perform_later(1925).on(&client).await?.id().ok_or("no callback halts it")?;
    running.drained().await?;
    running.stop().await;
    println!("report {id} is {:?}", status_of(id).await?);
    assert_eq!(status_of(id).await?, Some(Status::Failed("there are no orders of the year 1925".to_owned())));
    assert_eq!(status_of("0192f0c1-2b7a-7000-8000-000000000000".parse()?).await?, None, "no job has this id");
    Ok(())
}
