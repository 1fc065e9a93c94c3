//! The program of the README.

use jobs::prelude::*;

#[derive(Debug)]
struct Declined;

impl std::fmt::Display for Declined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the card was declined")
    }
}

impl std::error::Error for Declined {}

/// What the jobs need besides their arguments.
struct Shop {
    name: String,
}

#[job(queue = "payments", retry_on(Declined, wait = 30s, attempts = 3), discard_on(DeserializeError))]
async fn process_payment(order_id: u64, method: String, ctx: &Context, shop: &Shop) -> Result<(), Declined> {
    println!("{}: order {order_id} is paid by {method}, attempt {}", shop.name, ctx.attempt());
    Ok(())
}

#[tokio::main]
async fn main() -> jobs::Result<()> {
    let shop = Shop { name: "Books".to_owned() };
    let runtime = Runtime::builder().connect("sqlite:hello.db").provide(shop).build().await?;
    runtime.client().install();

    let enqueued = ProcessPayment::perform_later(42, "card").await?;
    println!("enqueued {}", enqueued.id().expect("no callback halts it"));

    let running = runtime.start().await?;
    running.drained().await?; // a server would call `runtime.run()` instead
    running.stop().await;
    Ok(())
}
