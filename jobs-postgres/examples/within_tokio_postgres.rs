//! An order and the job that ships it are committed together, and so are the shipping and the job's end:
//! tokio-postgres.

use jobs::prelude::*;
use tokio_postgres::{Client, NoTls};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The program's own connections.
struct Shop {
    url: String,
}

impl Shop {
    async fn connect(&self) -> Result<Client, Error> {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }
}

async fn place_order(client: &mut Client, number: i64) -> Result<(), Error> {
    let mut transaction = client.transaction().await?;
    transaction.execute("INSERT INTO shop.orders (number) VALUES ($1)", &[&number]).await?;
    Ship::perform_later(number).within(&mut transaction).await?;
    transaction.commit().await?;
    Ok(())
}

#[job]
async fn ship(order: i64, ctx: &Context, shop: &Shop) -> Result<(), Error> {
    let mut client = shop.connect().await?;
    let mut transaction = client.transaction().await?;
    transaction.execute("UPDATE shop.orders SET shipped = shipped + 1 WHERE number = $1", &[&order]).await?;
    // From here on the job ends if and only if the transaction commits.
    ctx.complete_within(&mut transaction).await?;
    transaction.commit().await?;
    println!("Shipped order {order}");
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::var("DATABASE_URL")?;
    let shop = Shop { url: url.clone() };
    let mut client = shop.connect().await?;
    let tables = "CREATE SCHEMA IF NOT EXISTS shop;
                  CREATE TABLE IF NOT EXISTS shop.orders (number bigint NOT NULL, shipped integer NOT NULL DEFAULT 0)";
    client.batch_execute(tables).await?;
    let running = Runtime::builder().connect(&url).provide(shop).build().await?.start().await?;
    running.client().install();
    place_order(&mut client, 42).await?;
    running.drained().await?;
    running.stop().await;
    Ok(())
}
