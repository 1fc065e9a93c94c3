//! Transactions in one SQLite file with `rusqlite`: an order is committed together with the job that ships it, and the
//! shipping together with the completion of the job.
//!
//! `cargo run --example transactions` leaves `shop.db` in the current folder.

use jobs::prelude::*;
use rusqlite::{Connection, TransactionBehavior};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The file with the data of the program and its jobs.
const FILE: &str = "shop.db";

fn place_order(connection: &mut Connection, number: i64) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("INSERT INTO orders (number) VALUES (?1)", [number])?;
    Ship::perform_later(number).within_blocking(&transaction)?;
    transaction.commit()?;
    Ok(())
}

#[job]
async fn ship(order: i64, ctx: &Context) -> Result<(), Error> {
    let mut connection = Connection::open(FILE)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("UPDATE orders SET shipped = shipped + 1 WHERE number = ?1", [order])?;
    // The job is completed if and only if the transaction commits.
    ctx.complete_within_blocking(&transaction)?;
    transaction.commit()?;
    println!("Shipped order {order}");
    Ok(())
}

/// A transaction that is rolled back leaves no job.
fn roll_back_order(connection: &mut Connection) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    Ship::perform_later(13).within_blocking(&transaction)?;
    transaction.rollback()?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    // The runtime comes first, since it creates its tables only in an empty file.
    let running = Runtime::builder().connect(format!("sqlite:{FILE}")).build().await?.start().await?;
    running.client().install();
    let mut connection = Connection::open(FILE)?;
    connection.execute_batch("CREATE TABLE IF NOT EXISTS orders (number INTEGER, shipped INTEGER DEFAULT 0)")?;
    let number = connection.query_row("SELECT coalesce(max(number), 41) + 1 FROM orders", [], |row| row.get(0))?;
    place_order(&mut connection, number)?;
    roll_back_order(&mut connection)?;
    running.drained().await?;
    running.stop().await;
    let others = "SELECT count(*) FROM orders WHERE shipped <> 1";
    assert_eq!(connection.query_row(others, [], |row| row.get::<_, i64>(0))?, 0, "each order is shipped once");
    Ok(())
}
