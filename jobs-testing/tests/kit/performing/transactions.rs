//! Code under test that enqueues and completes jobs in transactions of its own.

use std::any::Any;

use jobs::Error;
use jobs::prelude::*;
use jobs::store::StoreFuture;
use jobs::transaction::{BlockingTransaction, Transaction};
use jobs_testing::TestJobs;

use crate::fixture::SendMail;

/// The code's own database.
struct Own;

impl Transaction for Own {
    fn product(&self) -> &'static str {
        "Own"
    }

    fn run<'a>(&'a mut self, _statement: &'a str, _parameters: &'a [Option<String>]) -> StoreFuture<'a, Vec<String>> {
        Box::pin(std::future::ready(Err(Error::other("no job of a test is kept here"))))
    }
}

impl BlockingTransaction for Own {
    fn connection(&self) -> &dyn Any {
        self
    }
}

#[job]
async fn complete(fails: bool, ctx: &Context) -> Result<(), Error> {
    ctx.complete_within(&mut Own).await?;
    ctx.complete_within_blocking(&Own)?;
    if fails { Err(Error::other("the commit failed")) } else { Ok(()) }
}

fn test() -> TestJobs {
    TestJobs::builder().provide(crate::fixture::CallLog::default()).build()
}

#[tokio::test]
async fn a_job_that_is_enqueued_within_a_transaction_is_seen_at_once() {
    let test = test();
    test.scope(async {
        SendMail::perform_later(1).within(&mut Own).await.unwrap();
        SendMail::perform_later(2).within_blocking(&Own).unwrap();
        Client::current().unwrap().perform_all_later([SendMail::new(3)]).within(&mut Own).await.unwrap();
    })
    .await;
    test.assert_enqueued_with(SendMail::new(2));
    test.only::<SendMail>().assert_enqueued_jobs(3);
}

#[tokio::test]
async fn in_a_block_a_job_is_performed_after_its_transaction() {
    let test = test();
    let view = test.only::<SendMail>();
    let enqueue = async {
        SendMail::perform_later(1).within(&mut Own).await.unwrap();
        view.assert_performed_jobs(0);
    };
    test.perform_enqueued_jobs().during(enqueue).await.unwrap();
    view.assert_performed_jobs(1);
}

#[tokio::test]
async fn a_job_that_completes_itself_counts_as_committed_unless_it_fails() {
    let test = test();
    test.scope(async { Complete::perform_later(false).await.unwrap() }).await;
    test.perform_enqueued_jobs().await.unwrap();
    test.assert_no_enqueued_jobs();
    test.scope(async { Complete::perform_later(true).await.unwrap() }).await;
    let error = test.perform_enqueued_jobs().await.unwrap_err();
    assert!(error.to_string().contains("the commit failed"), "{error}");
}
