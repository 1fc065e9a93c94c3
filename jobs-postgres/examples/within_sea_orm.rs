//! An order and the job that ships it are committed together: sea-orm.

use jobs::prelude::*;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait};

type Error = Box<dyn std::error::Error + Send + Sync>;

#[job]
async fn ship(order: i64) -> Result<(), std::io::Error> {
    println!("Shipping order {order}");
    Ok(())
}

async fn place_order(database: &DatabaseConnection, number: i64) -> Result<(), Error> {
    let mut transaction = database.begin().await?;
    let insert = "INSERT INTO orders (number) VALUES ($1)";
    transaction.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, insert, [number.into()])).await?;
    Ship::perform_later(number).within(&mut transaction).await?;
    transaction.commit().await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::var("DATABASE_URL")?;
    let running = Runtime::builder().connect(&url).build().await?.start().await?;
    running.client().install();
    // One connection, for the temporary table is seen by no other.
    let database = Database::connect(ConnectOptions::new(&url).max_connections(1).to_owned()).await?;
    database.execute_unprepared("CREATE TEMPORARY TABLE orders (number bigint)").await?;
    place_order(&database, 42).await?;
    running.drained().await?;
    running.stop().await;
    Ok(())
}
