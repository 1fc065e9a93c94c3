//! An order and the job that ships it are committed together: sqlx.

use jobs::prelude::*;
use sqlx::{Connection, PgConnection};

type Error = Box<dyn std::error::Error + Send + Sync>;

#[job]
async fn ship(order: i64) -> Result<(), std::io::Error> {
    println!("Shipping order {order}");
    Ok(())
}

async fn place_order(connection: &mut PgConnection, number: i64) -> Result<(), Error> {
    let mut transaction = connection.begin().await?;
    sqlx::query("INSERT INTO orders (number) VALUES ($1)").bind(number).execute(&mut *transaction).await?;
    Ship::perform_later(number).within(&mut transaction).await?;
    transaction.commit().await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::var("DATABASE_URL")?;
    let running = Runtime::builder().connect(&url).build().await?.start().await?;
    running.client().install();
    let mut connection = PgConnection::connect(&url).await?;
    sqlx::query("CREATE TEMPORARY TABLE orders (number bigint)").execute(&mut connection).await?;
    place_order(&mut connection, 42).await?;
    running.drained().await?;
    running.stop().await;
    Ok(())
}
