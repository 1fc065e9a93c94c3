use jobs::prelude::*;

/// Ruby enqueues it, Rust performs it.
#[job(name = "ReportJob", queue = "reports")]
async fn report(order_id: u64, title: String) -> jobs::Result<()> {
    let text = format!("{title}: order {order_id} is paid");
    Mail::perform_later(order_id, text).await?;
    Ok(())
}

/// Rust enqueues it, Ruby performs it.
#[jobs::remote(name = "MailJob", queue = "mailers")]
fn mail(order_id: u64, text: String);

#[tokio::main]
async fn main() -> jobs::Result<()> {
    // As postgres://shop:secret@127.0.0.1/shop_production or mysql://..
    let database = std::env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:storage/production.sqlite3".to_owned());
    let runtime = Runtime::builder()
        .connect(format!("delayed_job+{database}"))
        .worker(Worker::new(["reports"]).concurrency(10))
        .build()
        .await?;
    runtime.run().await
}
