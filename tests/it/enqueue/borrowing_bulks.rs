//! Bulks over iterators that borrow, where a future must be `Send`: in jobs, handlers, tasks and transactions.

use std::collections::{BTreeMap, HashMap};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use jobs::prelude::*;
use jobs::transaction::Transaction;
use jobs::{AnyJob, BoxError, PartialEnqueue};

use crate::fixture::Fixture;

#[job(queue = "ships")]
async fn ship(order: u64) {
    let _ = order;
}

#[job(queue = "ships")]
async fn ship_parts(orders: Vec<u64>, to: String) {
    drop((orders, to));
}

struct Order {
    id: u64,
    parts: Vec<u64>,
    to: String,
}

fn orders() -> Vec<Order> {
    let order = |id, parts: &[u64], to: &str| Order { id, parts: parts.to_vec(), to: to.to_owned() };
    vec![order(1, &[2, 3], "Rome"), order(4, &[], "Oslo")]
}

#[job]
async fn ship_all(orders: Vec<u64>) -> Result<usize, BoxError> {
    let mapped = Client::current()?.perform_all_later(orders.iter().map(|order| Ship::new(*order))).await?;
    let to = String::from("Berlin");
    let chunks = orders.chunks(2).map(|some| ShipParts::new(some.to_vec(), to.as_str()));
    let chunked = Client::current()?.perform_all_later(chunks).await?;
    let later = orders.iter().filter(|order| **order > 1).map(|order| Ship::perform_later(*order).priority(1));
    let filtered = Client::current()?.perform_all_later(later).await?;
    Ok(mapped.len() + chunked.len() + filtered.len())
}

#[job]
async fn ship_from_a_map(loads: HashMap<String, Vec<u64>>) -> Result<usize, BoxError> {
    let flat = loads.values().flat_map(|orders| orders.iter().map(|order| AnyJob::new(Ship::new(*order))));
    Ok(Client::current()?.perform_all_later(flat).await?.len())
}

#[job]
async fn ship_what_is_provided(stock: &BTreeMap<String, u64>) -> Result<usize, BoxError> {
    Ok(Client::current()?.perform_all_later(stock.values().map(|order| Ship::new(*order))).await?.len())
}

async fn handle(State(client): State<Client>) -> String {
    let orders = orders();
    let parts = orders.iter().filter(|order| !order.parts.is_empty());
    let parts = parts.map(|order| ShipParts::new(order.parts.clone(), order.to.clone()));
    let own = client.perform_all_later(orders.iter().map(|order| Ship::new(order.id))).await;
    let more = client.perform_all_later(parts).await;
    format!("{} {}", own.map_or(0, |answers| answers.len()), more.map_or(0, |answers| answers.len()))
}

async fn commit<D>(client: &Client, transaction: &mut impl Transaction<D>) -> Result<usize, PartialEnqueue> {
    let orders = orders();
    let answers = client.perform_all_later(orders.iter().map(|order| Ship::new(order.id))).within(transaction).await?;
    Ok(answers.len())
}

fn is_send<T: Send>(value: T) -> T {
    value
}

/// Compiles; a memory store takes part in no transaction.
#[expect(dead_code, reason = "that it compiles is the promise")]
fn a_bulk_within_a_transaction_is_send<'a>(
    client: &'a Client,
    transaction: &'a mut tokio_postgres::Transaction<'_>,
) -> impl Future<Output = Result<usize, PartialEnqueue>> + Send {
    is_send(commit(client, transaction))
}

#[tokio::test]
async fn a_job_enqueues_a_bulk_over_its_arguments_and_over_what_it_borrows() {
    let fixture = Fixture::new();
    let stock = BTreeMap::from([("a".to_owned(), 1_u64), ("b".to_owned(), 2)]);
    let jobs = jobs::jobs![Ship, ShipParts, ShipAll, ShipFromAMap, ShipWhatIsProvided];
    let client = fixture.builder(jobs).provide(stock).build().await.unwrap().client();
    client
        .scope(async {
            assert_eq!(ShipAll::perform_now(vec![1, 2, 3]).await.unwrap(), 3 + 2 + 2);
            let loads = HashMap::from([("a".to_owned(), vec![1, 2]), ("b".to_owned(), vec![3])]);
            assert_eq!(ShipFromAMap::perform_now(loads).await.unwrap(), 3);
            assert_eq!(ShipWhatIsProvided::perform_now().await.unwrap(), 2);
        })
        .await;
}

#[tokio::test]
async fn a_handler_and_a_spawned_task_enqueue_a_bulk_over_what_they_borrow() {
    let fixture = Fixture::new();
    let client = fixture.builder(jobs::jobs![Ship, ShipParts]).build().await.unwrap().client();
    let _routes: Router = Router::new().route("/", post(handle)).with_state(client.clone());
    assert_eq!(handle(State(client.clone())).await, "2 1");
    let spawned = tokio::spawn(async move {
        let orders = orders();
        client.perform_all_later(orders.iter().map(|order| Ship::new(order.id))).await.unwrap().len()
    });
    assert_eq!(spawned.await.unwrap(), 2);
}
