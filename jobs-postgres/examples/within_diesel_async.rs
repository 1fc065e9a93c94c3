//! An order and the job that ships it are committed together: diesel-async.

use diesel::sql_types::BigInt;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use jobs::prelude::*;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[job]
async fn ship(order: i64) -> Result<(), std::io::Error> {
    println!("Shipping order {order}");
    Ok(())
}

async fn place_order(connection: &mut AsyncPgConnection, number: i64) -> Result<(), Error> {
    connection
        .transaction(async |connection| {
            let insert = diesel::sql_query("INSERT INTO orders (number) VALUES ($1)").bind::<BigInt, _>(number);
            insert.execute(connection).await?;
            Ship::perform_later(number).within(connection).await?;
            Ok(())
        })
        .await
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::var("DATABASE_URL")?;
    let running = Runtime::builder().connect(&url).build().await?.start().await?;
    running.client().install();
    let mut connection = AsyncPgConnection::establish(&url).await?;
    connection.batch_execute("CREATE TEMPORARY TABLE orders (number bigint)").await?;
    place_order(&mut connection, 42).await?;
    running.drained().await?;
    running.stop().await;
    Ok(())
}
