//! Runs a job of a library by its stored name alone.

use shop_jobs as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> jobs::Result<()> {
    let runtime = jobs::Runtime::builder().connect("memory:").build().await?;
    let store = runtime.client().store().clone();
    for (last, name) in [(1, "ship"), (2, "bill")] {
        let id = format!("0192f0c1-2b7a-7000-8000-00000000000{last}").parse()?;
        let _ = store.enqueue(&[jobs::store::NewJob::new(id, name, "[42]")]).await?;
    }
    let running = runtime.start().await?;
    running.drained().await?;
    running.stop().await;
    Ok(())
}
