//! Transactions on another database than the store's are refused.

use std::any::Any;
use std::sync::Arc;

use jobs_core::{BlockingTransaction, Error, Store, StoreFuture, Transaction};
use jobs_memory::MemoryStore;
use jobs_postgres::PostgresOptions;
use jobs_runtime::JobExt;
use jobs_testing::Recorder;

use crate::bank::{Bank, Ship, Work, builder};
use crate::common::stranger;

/// A driver on another product, implemented by the program.
struct Elsewhere;

impl Transaction for Elsewhere {
    fn product(&self) -> &'static str {
        "MySQL"
    }

    fn run<'a>(&'a mut self, _statement: &'a str, _parameters: &'a [Option<String>]) -> StoreFuture<'a, Vec<String>> {
        Box::pin(std::future::ready(Err(Error::other("it is not to be asked"))))
    }
}

impl BlockingTransaction for Elsewhere {
    fn connection(&self) -> &dyn Any {
        self
    }
}

fn says(error: &Error, words: &[&str]) {
    let text = error.to_string();
    let lacks_capability = text.contains("are not kept in the database");
    assert_eq!((error.is_unsupported(), error.is_invalid()), (lacks_capability, !lacks_capability), "{error:?}");
    assert!(words.iter().all(|word| text.contains(word)), "{text}");
}

#[tokio::test]
async fn a_transaction_on_another_product_is_refused() {
    let Some(bank) = Bank::open().await else { return };
    let error = bank.work(&mut Elsewhere, Work::One(None)).await.unwrap_err();
    says(&error, &["on MySQL", "on PostgreSQL", "client.after_commit()"]);
    let error = Ship { order: 1 }.enqueue().on(&bank.jobs).within_blocking(&Elsewhere).unwrap_err();
    says(&error, &["PostgresStore", "`.within(..)`", "client.after_commit()"]);
}

#[tokio::test]
async fn a_store_in_memory_is_refused_with_what_to_do() {
    let Some(bank) = Bank::open().await else { return };
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let jobs = builder(store, &Recorder::new()).build().await.unwrap().client();
    let mut client = bank.db.stranger().await;
    let mut transaction = client.transaction().await.unwrap();
    let error = Ship { order: 1 }.enqueue().on(&jobs).within(&mut transaction).await.unwrap_err();
    says(&error, &["MemoryStore", "postgres://", "client.after_commit()"]);
    // No statement was sent to the database, so the transaction is still usable.
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_transaction_on_another_database_is_refused_whether_it_has_such_tables_or_not() {
    let Some(bank) = Bank::open().await else { return };
    let name = format!("other_{}", std::process::id());
    bank.db.run(&format!("CREATE DATABASE {name}")).await;
    let url = bank.db.url.replace("/postgres", &format!("/{name}"));
    let mut client = stranger(&url).await;
    let mut transaction = client.transaction().await.unwrap();
    let error = bank.work(&mut transaction, Work::One(None)).await.unwrap_err();
    says(&error, &["no tables of this client's store", "client.after_commit()"]);
    drop(transaction);
    drop(PostgresOptions::from_url(&url).unwrap().schema(&bank.db.schema).connect().await.unwrap());
    let mut transaction = client.transaction().await.unwrap();
    let error = bank.work(&mut transaction, Work::One(None)).await.unwrap_err();
    says(&error, &[&format!("on the database `{name}`"), "in `postgres`"]);
    drop(transaction);
    drop(client);
    bank.db.run(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

#[tokio::test]
async fn a_transaction_that_has_failed_already_says_so() {
    let Some(bank) = Bank::open().await else { return };
    let mut client = bank.db.stranger().await;
    let mut transaction = client.transaction().await.unwrap();
    transaction.batch_execute("SELECT 1 / 0").await.unwrap_err();
    let error = bank.work(&mut transaction, Work::One(None)).await.unwrap_err();
    assert!(error.to_string().contains("current transaction is aborted"), "{error}");
    drop(transaction);
    assert_eq!(bank.ready().await, 0);
}
