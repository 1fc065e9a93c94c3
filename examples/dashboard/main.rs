//! A web application with the dashboard at `/jobs`, beside its own pages.
//!
//! It requests a few of its own pages, checks them and ends. With `--serve` it keeps running and takes new orders all the
//! time: open <http://127.0.0.1:4000/jobs>.

mod browser;
mod shop;

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use jobs::prelude::*;
use jobs_dashboard::Dashboard;
use tokio::net::TcpListener;

use crate::browser::Browser;
use crate::shop::{Charge, Export, Gateway, Greet, nightly, take_orders};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let serves = std::env::args().any(|argument| argument == "--serve");
    let builder = Runtime::builder().connect("sqlite:dashboard.db").provide(Gateway).recurring(nightly());
    let running = builder.build().await?.start().await?;
    running.client().install();

    // In production, set a password: `.password("ops", std::env::var("DASHBOARD_PASSWORD")?)`.
    let dashboard = Dashboard::new(&running.client()).title("Shop").only_local();
    let app = Router::new().route("/", get(|| async { "Welcome" })).nest_service("/jobs", dashboard.router()?);
    let listener = TcpListener::bind(if serves { "127.0.0.1:4000" } else { "127.0.0.1:0" }).await?;
    let browser = Browser::new(listener.local_addr()?);
    let site = tokio::spawn(axum::serve(listener, app).into_future());

    Export::perform_later("2026-01").wait(Duration::from_secs(3600)).await?;
    Greet::perform_later("Ada").await?;
    Charge::perform_later(7, "4111-1111-1111-1111").await?;
    if serves {
        println!("http://{}/jobs", browser.address());
        take_orders().await?;
    }
    use_dashboard(&browser).await?;
    site.abort();
    running.stop().await;
    Ok(())
}

/// Views the pages, and discards the order whose card was refused.
async fn use_dashboard(browser: &Browser) -> Result<(), Box<dyn std::error::Error>> {
    assert!(browser.page("/").await?.contains("Welcome"));
    let failed = browser.until("/jobs/jobs?state=failed", "charge").await?;
    println!("an order failed and is on the page of failed jobs");
    assert!(failed.contains("the card was refused"));

    let path = failed.split('"').find(|text| text.starts_with("/jobs/jobs/0")).ok_or("the list links to the job")?;
    let job = browser.page(path).await?;
    assert!(job.contains("order") && !job.contains("4111"), "the number of the card is redacted");

    let response = browser.submit(&job, &format!("{path}/discard")).await?;
    assert!(response.starts_with("HTTP/1.1 303"), "{response}");
    let discarded = browser.until("/jobs/jobs?state=discarded", "charge").await?;
    assert!(discarded.contains(path));
    println!("the job was discarded manually");
    assert!(browser.page("/jobs/recurring").await?.contains("The accounts of the month"));
    Ok(())
}
